import { formatInstant, type Instant } from '../kernel/day.ts'
import { formatYuan, readYuan } from '../kernel/money.ts'
import type { Doorway, Request } from './counter.ts'
import { Misused } from './exit.ts'
import type { Line, Outcome, Write } from './line.ts'
import { objectOf } from './line.ts'
import { type Signer, signMessage, type Tif, tifHeaders } from './sign.ts'
import { judgeHis, type Verdict } from './verdict.ts'

type Node = Readonly<Record<string, unknown>>

/** What stands in the envelope of every message of this window. */
export interface Sender {
  readonly hospital: string
  readonly hospitalName: string
  readonly admdvs: string
  readonly opter: string
  readonly opterName: string
  /** Two digits of every message number, so that two windows never make the same one. */
  readonly window: string
}

/** Who vouches for a message: the terminal's key, and what else the terminal was told to sign with. */
export interface Credentials {
  readonly key: string
  readonly tif: Tif | null
  readonly signer: Signer | null
}

/** Transactions whose outcome must be known: they are noted down before they leave. */
const KEPT = new Set(['2102', '2103', '2207', '2208', '2304', '2305', '2401', '2601'])
export const isKept = (infno: string): boolean => KEPT.has(infno.slice(0, 4))
/** Transactions a 2601 can take back. */
export const isReversible = (infno: string): boolean => isKept(infno) && !infno.startsWith('2601')

const digits = (at: Instant): string => formatInstant(at).slice(0, 19).replace(/\D/g, '')

/**
 * Hospital, second, window and a count: no two windows and no two calls of one ever share a number, which a random
 * tail does not promise and a number without one makes certain to happen.
 */
export function newMsgid({ hospital, window }: Sender, at: Instant, used: ReadonlySet<string>): string {
  if (hospital.length > 12) throw new Misused('--hospital：msgid 只容得下 12 位的机构编号')
  for (let count = 0; count < 100; count++) {
    const msgid = `${hospital}${digits(at)}${window}${String(count).padStart(2, '0')}`
    if (!used.has(msgid)) return msgid
  }
  throw new Misused('同一秒内超过 100 个报文，请稍候')
}

/** A message in the reference form; a file that is an envelope itself keeps what it says, but never its number. */
export function envelopeOf(sender: Sender, infno: string, msgid: string, at: Instant, file: Node): Node {
  const { input, ...own } = 'input' in file ? file : { input: file }
  return {
    mdtrtarea_admvs: sender.admdvs,
    insuplc_admdvs: sender.admdvs,
    recer_sys_code: 'YBXT',
    dev_no: '',
    dev_safe_info: '',
    cainfo: '',
    signtype: '',
    infver: 'V1.0',
    opter_type: '1',
    opter: sender.opter,
    opter_name: sender.opterName,
    fixmedins_code: sender.hospital,
    fixmedins_name: sender.hospitalName,
    sign_no: '',
    ...own,
    infno,
    msgid,
    inf_time: formatInstant(at).slice(0, 19).replace('T', ' '),
    input,
  }
}

/** Sends one message; headers are made anew each time, since a nonce is good once. */
export type SendHis = (path: string, body: string | Uint8Array, write?: Write) => Promise<Outcome>

export function openHis(line: Line, { key, tif, signer }: Credentials, now: () => Instant): SendHis {
  return (path, body, write) => {
    const bytes = Buffer.from(body)
    const headers = { 'content-type': 'application/json' }
    const url = new URL(`${line.url.pathname.replace(/\/$/, '')}${path}`, line.url).href
    const signed = signer ? signMessage({ method: 'POST', url, headers, body: bytes }, signer, now()) : {}
    const all = { ...headers, apikey: key, ...(tif ? tifHeaders(tif, now()) : {}), ...signed }
    return line.send({ method: 'POST', path, headers: all, body: bytes }, write)
  }
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The node of the request, wherever the dialect puts it. */
export function nodeOf(envelope: Node): Node {
  const input = typeof envelope.input === 'string' ? objectOf(envelope.input) : envelope.input
  if (!isNode(input)) return {}
  return [input.data, input.mdtrtinfo].find(isNode) ?? {}
}

export const infoOf = (json: Node): Node => {
  const output = isNode(json.output) ? json.output : {}
  return isNode(output.setlinfo) ? output.setlinfo : {}
}

/** An amount of an answer, number or text, as two decimals. */
export function amountText(value: unknown): string | null {
  const fen = readYuan(String(value ?? ''))
  return typeof fen === 'number' ? formatYuan(fen) : null
}

/** A number of our own making that is not noted down; for questions. */
export type AskHis = (infno: string, input: Node) => Promise<Verdict>

/** The HIS door: the message number is what makes a repetition safe, and what a lost settlement is found by. */
export const hisDoor = (send: SendHis, ask: AskHis): Doorway => ({
  send: ({ path, body }) => send(path, body),
  judge: judgeHis,
  lookUp: async ({ id, body }) => {
    const [infno = '', msgid = ''] = id.split(':')
    if (!/^(2207|2304)/.test(infno)) return null
    return ask('5203', { data: { psn_no: nodeOf(objectOf(body) ?? {}).psn_no, setl_id: '', mdtrt_id: '', msgid } })
  },
  sumUp: (json) => {
    const { setl_id, maf_pay } = infoOf(json)
    return { no: typeof setl_id === 'string' ? setl_id : null, assistance: amountText(maf_pay) }
  },
})

/** A message to be noted down and sent, about a visit or about another message. */
export function hisRequest(envelope: Node): Request {
  const { infno, msgid } = envelope
  const { mdtrt_id, omsgid, oinfno } = nodeOf(envelope)
  return {
    id: `${infno}:${msgid}`,
    door: 'his',
    path: `/his/${infno}`,
    headers: {},
    body: JSON.stringify(envelope),
    about: omsgid === undefined ? `就诊 ${mdtrt_id ?? ''}` : `报文 ${omsgid}`,
    takes_back: omsgid === undefined ? null : `${oinfno}:${omsgid}`,
  }
}
