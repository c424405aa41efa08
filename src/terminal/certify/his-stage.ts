import { sha256 } from '../../kernel/canonical.ts'
import type { Instant } from '../../kernel/day.ts'
import { randomText } from '../../kernel/ids.ts'
import { envelopeOf, openHis, type SendHis } from '../his.ts'
import { isLost, type Outcome, objectOf, openLine, type Write } from '../line.ts'
import { type Tif, tifHeaders } from '../sign.ts'
import { codeIn } from '../verdict.ts'
import type { Case } from './case.ts'
import { type Dialect, REFERENCE } from './dialects.ts'
import { type HisBill, type Ids, insurersAnswer, requestNode } from './his-bill.ts'
import type { Townsman } from './people.ts'

type Node = Readonly<Record<string, unknown>>

/** A terminal of the national interface of a test service. */
export interface HisReached {
  readonly url: URL
  readonly key: string
  readonly hospital: string
  readonly admdvs: string
  /** Whether its hospital settles with the insurer itself, or through us. */
  readonly mode: 'second_step' | 'in_between'
  readonly tif: Tif | null
  readonly timeoutMs: number
  readonly now: () => Instant
}

/** An answer of the HIS door, read. */
export interface HisSaid {
  readonly status: number
  readonly json: Node
  /** As text: a platform behind us may write it as a number. */
  readonly infcode: string
  /** Whether we wrote it, or may have handed on what a platform wrote. */
  readonly ours: boolean
  readonly errMsg: string
  /** The refusal code at the end of `err_msg`. */
  readonly code: string | null
  readonly output: Node
  readonly text: string
  readonly ms: number
}

export interface Sending {
  readonly msgid?: string
  readonly dialect?: Dialect
  readonly write?: Write
  /** Where the patient is insured; left out: where the hospital is. */
  readonly insuplc?: string
  /** Changes the envelope at the last moment. */
  readonly change?: (envelope: Node) => Node
  /** Sends with other credentials than one's own. */
  readonly by?: SendHis
}

export interface HisStage {
  readonly reached: HisReached
  /** A number no visit or batch of this or an earlier run has. */
  nextIds(patient: Townsman): Promise<Ids>
  nextMsgid(dialect?: Dialect): string
  send(infno: string, input: Node, how?: Sending): Promise<Outcome>
  ask(infno: string, input: Node, how?: Sending): Promise<HisSaid>
  /** The input that settles a bill in this hospital's mode; noted so that it is taken back afterwards. */
  settling(bill: HisBill, ids: Ids, dialect?: Dialect): Node
  as(tif: Tif | null, now?: () => Instant): SendHis
  /** Sends every message under one and the same signature, as whoever has overheard it would. */
  replaying(tif: Tif): SendHis
  /** Takes back every settlement of the last case by its message number. */
  restore(): Promise<readonly string[]>
}

export type HisCase = Case<HisStage>

export function heard(outcome: Outcome, ours = true): HisSaid {
  if (isLost(outcome)) throw new Error(`没有得到答复：${outcome.lost}`)
  const json = objectOf(outcome.text) ?? {}
  const errMsg = typeof json.err_msg === 'string' ? json.err_msg : ''
  const { output } = json
  const infcode = String(json.infcode)
  return {
    ...{
      status: outcome.status,
      json,
      infcode,
      ours,
      errMsg,
      code: codeIn(errMsg),
      text: outcome.text,
      ms: outcome.ms,
    },
    output: typeof output === 'object' && output !== null ? (output as Node) : {},
  }
}

const SETTLES = /^(2207|2304)/
const CANCELS = /^(2208|2305)/

/** A settlement that may stand, by the message it was asked for with. */
interface Tried {
  readonly infno: string
  readonly msgid: string
  readonly psn_no: unknown
  readonly mdtrt_id: unknown
}
const nodeOf = (input: Node): Node => (input.data ?? input.mdtrtinfo ?? {}) as Node

const digitsOf = (id_number: string): string => id_number.slice(6, 17)

type Talk = Pick<HisStage, 'nextMsgid' | 'send' | 'ask' | 'restore'>

/** Says things, and remembers which settlements may stand by what was said. */
function openTalk(reached: HisReached, own: SendHis): Talk {
  const { hospital, admdvs, mode, now } = reached
  const sender = { hospital, hospitalName: '验收', admdvs, opter: '1001', opterName: '验收', window: '99' }
  // Two runs within one second must not number their messages alike.
  let messages = Number.parseInt(sha256(randomText(20)).slice(0, 4), 16)
  let settled: Tried[] = []

  const nextMsgid = (dialect: Dialect = REFERENCE): string => dialect.msgid(hospital, now(), ++messages)
  function written(infno: string, input: Node, msgid: string, how: Sending): string {
    const { dialect = REFERENCE, insuplc = admdvs, change = (e) => e } = how
    const at = now()
    const inside = dialect.inputAsText ? JSON.stringify(input) : input
    const envelope = envelopeOf(sender, infno, msgid, at, { insuplc_admdvs: insuplc, input: inside })
    const whole = change({ ...envelope, ...dialect.envelope(at) })
    return JSON.stringify(whole, null, dialect.indented ? 2 : undefined)
  }
  const numbered = (how: Sending): Sending & { readonly msgid: string } => ({
    ...how,
    msgid: how.msgid ?? nextMsgid(how.dialect),
  })
  const send: Talk['send'] = (infno, input, given = {}) => {
    const how = numbered(given)
    const { psn_no, mdtrt_id } = nodeOf(input)
    if (SETTLES.test(infno)) settled.push({ infno, msgid: how.msgid, psn_no, mdtrt_id })
    const body = written(infno, input, how.msgid, how)
    return (how.by ?? own)((how.dialect ?? REFERENCE).path(infno), body, how.write)
  }
  const ask: Talk['ask'] = async (infno, input, given = {}) => {
    const how = numbered(given)
    const said = heard(await send(infno, input, how), mode === 'second_step')
    const { psn_no, mdtrt_id } = nodeOf(input)
    // What was refused does not stand, and what is cancelled no longer does.
    if (SETTLES.test(infno) && said.infcode === '-1')
      settled = settled.filter((one) => one.msgid !== how.msgid || one.psn_no !== psn_no)
    if (CANCELS.test(infno) && said.infcode === '0') settled = settled.filter((one) => one.mdtrt_id !== mdtrt_id)
    return said
  }
  return {
    nextMsgid,
    send,
    ask,
    async restore() {
      const left: string[] = []
      for (const { infno, msgid, psn_no } of new Map(settled.map((one) => [JSON.stringify(one), one])).values()) {
        const said = await ask('2601', { data: { psn_no, omsgid: msgid, oinfno: infno } })
        if (said.infcode !== '0') left.push(`${infno} ${msgid} ${said.errMsg}`)
      }
      settled = []
      return left
    },
  }
}

export function openHisStage(reached: HisReached): HisStage {
  const { url, key, mode, tif, timeoutMs, now } = reached
  const line = openLine(url, timeoutMs)
  const run = randomText(6)
  const as: HisStage['as'] = (by, clock = now) => openHis(line, { key, tif: by, signer: null }, clock)
  const talk = openTalk(reached, as(tif))
  let visits = 0

  /** The insurer's number: of our making where we play the insurer, else asked for. */
  async function psnNoOf({ id_number, name }: Townsman): Promise<string> {
    if (mode === 'second_step') return `YS${digitsOf(id_number)}`
    const node = { mdtrt_cert_type: '02', mdtrt_cert_no: id_number, psn_cert_type: '01', certno: id_number }
    const said = await talk.ask('1101', { data: { ...node, psn_name: name, begntime: '' } })
    const base = said.output.baseinfo as Node | undefined
    if (typeof base?.psn_no !== 'string') throw new Error(`1101 没有给出人员编号：${said.errMsg}`)
    return base.psn_no
  }

  return {
    reached,
    ...talk,
    async nextIds(patient) {
      const nth = `${run}${String(++visits).padStart(4, '0')}`
      return { psn_no: await psnNoOf(patient), mdtrt_id: `M${nth}`, chrg_bchno: `B${nth}`, setl_id: `S${nth}` }
    },
    settling(bill, ids, dialect = REFERENCE) {
      const numbers = dialect.batch === null ? ids : { ...ids, chrg_bchno: dialect.batch }
      const node = { ...requestNode(bill, numbers, dialect.amount), ...dialect.extra }
      const insurer = mode === 'second_step' ? insurersAnswer(bill, numbers, dialect.amount) : {}
      return { [dialect.node]: node, ...insurer }
    },
    as,
    replaying(by) {
      const headers = { 'content-type': 'application/json', apikey: key, ...tifHeaders(by, now()) }
      return (path, body, how) => line.send({ method: 'POST', path, headers, body }, how)
    },
  }
}
