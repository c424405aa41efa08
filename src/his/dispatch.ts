import type { Caller } from '../access/caller.ts'
import type { Directory } from '../access/directory.ts'
import { upstreamFor } from '../hospitals/his.ts'
import type { Hospital } from '../hospitals/hospital.ts'
import { dayOf, type Instant } from '../kernel/day.ts'
import { randomText } from '../kernel/ids.ts'
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'
import { sm2Verifies } from '../kernel/sm2.ts'
import { codesFor } from '../rules/codes.ts'
import { isUnavailable } from '../store/store.ts'
import { answerOf, type Envelope, readEnvelope, refmsgidOf, type Stamp } from './envelope.ts'
import { credentials } from './own-call.ts'
import { infnoAt, plainInfno } from './services.ts'
import { signedText } from './signed-text.ts'
import type { HisCall, HisDeps, Said, Transaction } from './transaction.ts'

/** A message as it stands at the door. */
export interface Message {
  readonly caller: Caller
  /** The address it came to. */
  readonly path: string
  /** What the address says it is. */
  readonly address: { readonly infno: string } | { readonly service: string } | null
  readonly body: unknown
  readonly raw: Uint8Array
  readonly headers: Readonly<Record<string, string | undefined>>
}

/** What goes back over the wire. */
export type Heard =
  | { readonly text: string }
  | { readonly bytes: Uint8Array<ArrayBuffer>; readonly media: string }
  | Refusal

/** What is done with a transaction that is not in the list; null: it is refused. */
export type Otherwise = (call: HisCall) => Promise<Said | null>

const MAX_SERVICE = /^\w{1,60}\/\w{1,60}$/

/** Headers a platform needs to know the hospital by; a key of our making is nobody else's business. */
function forwarded(headers: Message['headers']): Record<string, string> {
  const out: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || !/^(?:x-tif-|x-ca-|apikey$)/.test(name)) continue
    if (name !== 'apikey' || !value.startsWith('mak_')) out[name] = value
  }
  return out
}

/** A hospital known to us alone goes to the platform under our credential. */
function handedOn(deps: HisDeps, directory: Directory, hospital: Hospital, headers: Message['headers']) {
  const theirs = forwarded(headers)
  if (directory.his.get(hospital.code) !== 'in_between' || Object.keys(theirs).length > 0) return theirs
  const upstream = upstreamFor(directory.upstreams, hospital.admdvs)
  return upstream ? credentials(deps, upstream) : {}
}

function infnoOf({ address }: Message): string | null | Refusal {
  if (address === null) return null
  if ('infno' in address) return address.infno
  if (!MAX_SERVICE.test(address.service)) return refuse('not_found', '没有这个接口地址')
  // Provinces have spellings of their own: the message says itself what it is.
  return infnoAt(address.service)
}

/** A terminal with a key on record must have signed the envelope with it. */
async function signatureFault(directory: Directory, terminal: string, envelope: Envelope): Promise<Refusal | null> {
  const key = directory.sm2ByTerminal.get(terminal)
  if (key === undefined) return null
  if (envelope.signtype.toUpperCase() !== 'SM2' || envelope.cainfo === '')
    return refuse('signature_required', '本终端的报文须带 signtype SM2 和 cainfo')
  const genuine = await sm2Verifies(key, signedText(envelope.parameters), envelope.cainfo)
  return genuine ? null : refuse('signature_invalid', 'cainfo 与报文不符')
}

function ownHospital(directory: Directory, hospital: string, { fixmedins_code }: Envelope): Hospital | Refusal {
  if (fixmedins_code !== null && fixmedins_code !== hospital)
    return refuse('forbidden', `fixmedins_code ${fixmedins_code} 不是本终端所属的定点医药机构`)
  const known = directory.hospitals.get(hospital)
  return known ?? refuse('forbidden', `没有定点医药机构 ${hospital}`)
}

/** Number and times of an answer from a place. */
export const stamper =
  (admdvs: string, received: Instant, now: () => Instant): (() => Stamp) =>
  () => ({ refmsgid: refmsgidOf(admdvs, received, randomText(10)), received, answered: now() })

/**
 * Hears every message of the national interface, whatever address it came to: reads the envelope, makes sure that
 * it is the caller's own, and hands it to the transaction its number names. `named` learns that number.
 */
export function createDispatch(deps: HisDeps, transactions: readonly Transaction[], otherwise: Otherwise) {
  const byInfno = new Map(transactions.map((t) => [t.infno, t]))
  const list = [...byInfno.keys()].sort().join('、')

  async function callOf(message: Message, at: Instant): Promise<HisCall | Refusal> {
    const { caller } = message
    if (caller.kind !== 'terminal') return refuse('forbidden', '只有医院终端可以发送')
    const infno = infnoOf(message)
    if (isRefusal(infno)) return infno
    const envelope = readEnvelope(message.body, infno)
    if (isRefusal(envelope)) return envelope
    const directory = await deps.directory.recent()
    const hospital = ownHospital(directory, caller.hospital, envelope)
    if (isRefusal(hospital)) return hospital
    const fault = await signatureFault(directory, caller.id, envelope)
    if (fault) return fault
    const codes = codesFor(directory.codeDocuments, hospital.admdvs, dayOf(at))
    if (!codes) return refuse('his_codes_missing', `统筹区 ${hospital.admdvs} 没有生效的代码表`)
    return {
      terminal: { id: caller.id, hospital: caller.hospital },
      caller,
      envelope,
      at,
      directory,
      codes,
      forward: handedOn(deps, directory, hospital, message.headers),
      path: message.path,
      raw: message.raw,
      stamp: stamper(hospital.admdvs, at, deps.now),
    }
  }

  async function carriedOut(call: HisCall, transaction: Transaction | undefined): Promise<Said> {
    const { infno } = call.envelope
    try {
      if (transaction) return await transaction.run(call)
      return (await otherwise(call)) ?? refuse('his_unknown_infno', `没有交易 ${infno}；已开通 ${list}`)
    } catch (error) {
      // Between the hospital and a platform nobody can say that nothing was done: the platform may have done it.
      if (isUnavailable(error) && call.directory.his.get(call.terminal.hospital) === 'in_between')
        return refuse('outcome_unknown', '结果未知：数据库暂时不可用')
      throw error
    }
  }

  return async (message: Message, named: (infno: string | null) => void): Promise<Heard> => {
    const call = await callOf(message, deps.now())
    if (isRefusal(call)) return call
    const { infno } = call.envelope
    const transaction = byInfno.get(infno) ?? byInfno.get(plainInfno(infno))
    named(transaction?.infno ?? null)
    const said = await carriedOut(call, transaction)
    return 'output' in said ? { text: answerOf(said.output, call.stamp()) } : said
  }
}
