import type { Instant } from '../kernel/day.ts'
import { isRefusal, refuse } from '../kernel/refusal.ts'
import type { ReversalAnswer, SettlementAnswer } from '../settlement/answer.ts'
import { isTombstone } from '../settlement/batch.ts'
import type { BookingResult } from '../settlement/booking.ts'
import type { CallRow, Unbooked } from '../settlement/exchange.ts'
import { answerOf } from './envelope.ts'
import { askedOf, openAnswer, refusalIn, scopeOf, stamped, undoKeyOf } from './kept.ts'
import { callUnderKey, type Document, documentByKey, documentBySetlId, requestByKey } from './queries.ts'
import { plainInfno } from './services.ts'
import { msgidOf, settledText, stampOf, toldOf } from './told.ts'
import type { HisCall, HisDeps, Said } from './transaction.ts'

/** The answer that is kept for a message, whether it was made just now or long ago: always the same text. */
export async function saidOf(deps: HisDeps, call: HisCall, result: BookingResult): Promise<Said> {
  if (isRefusal(result)) return result
  const { hospital } = call.terminal
  const { key } = askedOf(deps.keys, call)
  // When a refusal was kept is known to the store alone.
  const kept = result.problem ? await storedAnswer(deps, hospital, key) : null
  return kept ?? textOf(deps, hospital, key, { status: result.status, body: result.body, at: call.at })
}

interface Kept {
  readonly status: number
  readonly body: string
  readonly at: Instant
}

/** The document that another message has brought and that this one was told again. */
async function documentTold(deps: HisDeps, hospital: string, key: string): Promise<Document | null> {
  const kept = await requestByKey(deps.store, scopeOf(hospital), key)
  return kept?.settlement_no ? documentBySetlId(deps.store, hospital, kept.settlement_no) : null
}

/** The hospital did not know what became of the message and took it back: whoever repeats it now must not hear that it is settled. */
async function isTakenBack(deps: HisDeps, hospital: string, key: string): Promise<boolean> {
  if (!/^(?:2207|2304)/.test(key)) return false
  const document = (await documentByKey(deps.store, hospital, key)) ?? (await documentTold(deps, hospital, key))
  if (!document?.reversed_by) return false
  const by = await documentBySetlId(deps.store, hospital, document.reversed_by)
  return by !== null && plainInfno(by.key) === '2601'
}

async function textOf(deps: HisDeps, hospital: string, key: string, kept: Kept): Promise<Said> {
  const { status, body, at } = kept
  if (status < 400 && (await isTakenBack(deps, hospital, key))) {
    return stamped(refuse('reversed_before_arrival', `报文 ${msgidOf(key)} 已由2601冲正`), hospital, key, at)
  }
  if (!body.startsWith('{')) return { text: openAnswer(deps.keys, hospital, key, body) }
  if (status === 201) {
    const booked = JSON.parse(body) as SettlementAnswer | ReversalAnswer
    // The reversal of a message has no output.
    if (plainInfno(key) === '2601') return { text: answerOf({}, stampOf(hospital, booked)) }
    const document = await documentByKey(deps.store, hospital, key)
    if (!document) throw new Error(`the document of ${key} is missing`)
    return { text: settledText(hospital, await toldOf(deps, document, booked), booked) }
  }
  if (status >= 400) return stamped(refusalIn(body), hospital, key, at)
  const { answer } = JSON.parse(body) as Unbooked
  return answer === null ? { output: null } : { text: openAnswer(deps.keys, hospital, key, answer) }
}

/** The call of a message that has not ended: its own or, once it was given up, the one that takes it back. */
export const openCallOf = async (deps: HisDeps, hospital: string, key: string): Promise<CallRow | null> =>
  (await callUnderKey(deps.store, hospital, key)) ?? callUnderKey(deps.store, hospital, undoKeyOf(key))

/** What was told under a key; null: nothing is kept. */
export async function storedAnswer(deps: HisDeps, hospital: string, key: string): Promise<Said | null> {
  const kept = await requestByKey(deps.store, scopeOf(hospital), key)
  if (kept === null) return null
  if (kept.status >= 400) {
    // Where the platform would not take back what was given up, that is what the hospital must know.
    const undo = await requestByKey(deps.store, scopeOf(hospital), undoKeyOf(key))
    if (undo && undo.status >= 400) return { text: openAnswer(deps.keys, hospital, undo.key, undo.answer) }
  }
  return textOf(deps, hospital, key, { status: kept.status, body: kept.answer, at: kept.at })
}

/** What this very message was told before, or that its number was used for another; null: it is new. */
export async function saidBefore(deps: HisDeps, call: HisCall): Promise<Said | null> {
  const { scope, key, fingerprint } = askedOf(deps.keys, call)
  const kept = await requestByKey(deps.store, scope, key)
  if (kept === null) return null
  if (kept.fingerprint !== fingerprint && !isTombstone(kept))
    return refuse('idempotency_key_reused', '此报文ID已用于内容不同的请求')
  return textOf(deps, call.terminal.hospital, key, { status: kept.status, body: kept.answer, at: kept.at })
}
