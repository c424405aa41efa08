import type { Upstream } from '../hospitals/his.ts'
import { dayOf } from '../kernel/day.ts'
import { newSettlementNo, randomText } from '../kernel/ids.ts'
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'
import type { BookingResult, NoteJob } from '../settlement/booking.ts'
import { type CallRow, numberTold } from '../settlement/exchange.ts'
import { VERIFY_LENGTH } from '../settlement/settle-job.ts'
import { takenBackOf } from './cancelled.ts'
import { answerOf, refusalOf, stampFor } from './envelope.ts'
import { keyOf, psnBlind, scopeOf, sealAnswer, undoKeyOf } from './kept.ts'
import { type CallNotes, openNotes, platformOf, sealNotes, tellPlatform } from './own-call.ts'
import type { PlatformAnswer } from './platform.ts'
import { callUnderKey, documentByKey, documentBySetlId } from './queries.ts'
import { isNode } from './read-node.ts'
import { storedAnswer } from './said.ts'
import type { HisDeps } from './transaction.ts'

/** A call has come to its end (its key now holds an answer), or nobody can say yet. */
export type Resolved = 'ended' | 'open'

/** What is asked of the desk in the name of a call that began before. */
const askedAgain = (deps: HisDeps, row: CallRow, notes: CallNotes) =>
  ({
    terminal: notes.terminal,
    scope: scopeOf(row.hospital_code),
    key: row.key,
    fingerprint: row.fingerprint,
    at: deps.now(),
    begun: true,
  }) as const

/** Ends a call without a booking: the answer is kept for whoever repeats the message. `next` begins with it. */
export async function endCall(
  deps: HisDeps,
  row: CallRow,
  notes: CallNotes,
  said: { readonly text: string } | Refusal,
  next?: NoteJob['next'],
): Promise<Resolved> {
  const asked = askedAgain(deps, row, notes)
  const text = isRefusal(said) ? refusalOf(said, stampNow(deps, row.hospital_code)) : said.text
  const answer = sealAnswer(deps.keys, row.hospital_code, row.key, text)
  const note = { kind: 'note', ...asked, answer, status: 409, ...(next ? { next } : {}) } as const
  return isRefusal(await deps.desk.submit(note)) ? 'open' : 'ended'
}

/** What we refuse to book ends the call too: asking again would be refused again. */
const endedBy = async (deps: HisDeps, row: CallRow, notes: CallNotes, result: BookingResult): Promise<Resolved> =>
  isRefusal(result) ? endCall(deps, row, notes, result) : 'ended'

const stampNow = (deps: HisDeps, hospital: string) => stampFor(hospital, deps.now(), randomText(10))

/**
 * Nobody knows whether the platform has settled. From here on it has not: the message is answered so, and in the same
 * moment its reversal begins, a call of our own that lasts until the platform has answered. Who has booked before that
 * was in time, and then there is nothing to take back.
 */
async function giveUp(deps: HisDeps, row: CallRow, notes: CallNotes): Promise<Resolved> {
  const key = undoKeyOf(row.key)
  const { infno, msgid } = notes
  const { hospital_code, fingerprint, mdtrt_id, bill_no, psn_blind } = row
  const sealed = sealNotes(deps, key, { ...notes, infno: '2601', original: { infno, msgid } })
  const undo = { key, fingerprint, mdtrt_id, bill_no, psn_blind, sealed }
  const refusal = refuse('platform_undone', '医保平台没有及时答复，原结算已冲正，未收取任何费用')
  if ((await endCall(deps, row, notes, refusal, undo)) === 'open') return 'open'
  const open = await callUnderKey(deps.store, hospital_code, key)
  return open ? resolveCall(deps, open) : 'ended'
}

/** The platform has settled what was given up before it did: whatever it was told then, it is told now. */
export async function undoLate(deps: HisDeps, row: CallRow): Promise<void> {
  const upstream = await platformOf(deps, row.hospital_code)
  if (!upstream) return
  const notes = openNotes(deps, row.hospital_code, row.key, row.sealed)
  const { psn_no, infno, msgid } = notes
  await tellPlatform(deps, upstream, notes, '2601', { psn_no, omsgid: msgid, oinfno: infno })
}

/** Whether the platform says that it has taken a document back. */
async function isTakenBack(
  deps: HisDeps,
  upstream: Upstream,
  notes: CallNotes,
  { setl_id, mdtrt_id }: { readonly setl_id: string | null; readonly mdtrt_id: string },
): Promise<boolean> {
  const { psn_no } = notes
  const data = { psn_no, setl_id: numberTold(setl_id ?? ''), mdtrt_id }
  const told = await tellPlatform(deps, upstream, notes, '5203', data)
  const info = told.kind === 'answered' && told.answer.success ? told.answer.output?.setlinfo : null
  return isNode(info) && String(info.refd_setl_flag) === '1'
}

/** A cancellation was asked for, so it is carried through: asked whether it is done, done again if it is not. */
async function finishCancelling(deps: HisDeps, upstream: Upstream, row: CallRow, notes: CallNotes): Promise<Resolved> {
  let answer: PlatformAnswer | null = null
  if (!(await isTakenBack(deps, upstream, notes, notes))) {
    const { psn_no, mdtrt_id } = notes
    const infno = notes.infno.startsWith('2305') ? '2305' : '2208'
    const data = { setl_id: numberTold(notes.setl_id ?? ''), mdtrt_id, psn_no }
    const told = await tellPlatform(deps, upstream, notes, infno, data)
    if (told.kind !== 'answered') return 'open'
    if (!told.answer.success) return cancellationRefused(deps, row, notes, told.answer)
    answer = told.answer
  }
  return bookCancellation(deps, row, notes, answer)
}

/**
 * The platform refuses to take back: where it has done so before, by another message, ours is taken back now; else its
 * refusal ends the call.
 */
export async function cancellationRefused(
  deps: HisDeps,
  row: CallRow,
  notes: CallNotes,
  answer: PlatformAnswer,
): Promise<Resolved> {
  const document = await documentBySetlId(deps.store, row.hospital_code, notes.setl_id ?? '')
  const upstream = await platformOf(deps, row.hospital_code)
  const isLive = document !== null && document.reversed_by === null
  if (isLive && upstream && (await isTakenBack(deps, upstream, notes, document)))
    return bookCancellation(deps, row, notes, null)
  return endCall(deps, row, notes, { text: answer.text })
}

/** Books what the platform has taken back; `answer` is the platform's own, where there is one. */
export async function bookCancellation(
  deps: HisDeps,
  row: CallRow,
  notes: CallNotes,
  answer: PlatformAnswer | null,
): Promise<Resolved> {
  const asked = askedAgain(deps, row, notes)
  const no = newSettlementNo(asked.at)
  const taken = await takenBackOf(deps, notes, { no, at: asked.at, platform: answer })
  return endedBy(
    deps,
    row,
    notes,
    await deps.desk.submit({
      kind: 'reverse',
      ...asked,
      no,
      verify: randomText(VERIFY_LENGTH),
      target: { setl_id: notes.setl_id ?? '' },
      reason: `${notes.infno} ${notes.msgid}`,
      document: { setl_id: taken.setl_id, setl_day: dayOf(asked.at), sealed: taken.sealed },
      answer: taken.answer,
    }),
  )
}

/** The message a 2601 takes back. */
function originalOf({ original }: CallNotes) {
  if (!original) throw new Error('a 2601 takes a message back')
  return { ...original, key: keyOf(original.infno, original.msgid) }
}

/** So long a reversal that the platform refuses is tried again: it may be busy, or the message may still be on its way. */
const PATIENCE_MS = 30_000

/** A 2601 may be sent as often as it takes: the platform takes a message back once. */
async function finishUndoing(deps: HisDeps, upstream: Upstream, row: CallRow, notes: CallNotes): Promise<Resolved> {
  const { infno, msgid, key } = originalOf(notes)
  const { psn_no } = notes
  const told = await tellPlatform(deps, upstream, notes, '2601', { psn_no, omsgid: msgid, oinfno: infno })
  if (told.kind !== 'answered') return 'open'
  if (told.answer.success) return bookUndoing(deps, row, notes, told.answer.text)
  if (row.key !== undoKeyOf(key)) return undoingRefused(deps, row, notes, told.answer)
  if (deps.now() - row.at < PATIENCE_MS) return 'open'
  const words = told.answer.err_msg.slice(0, 60)
  return endCall(deps, row, notes, refuse('platform_unclear', `医保平台没有答复原结算，冲正又被拒绝：${words}`))
}

/** Not every platform takes back twice what it has taken back: then its books tell. */
export async function undoingRefused(
  deps: HisDeps,
  row: CallRow,
  notes: CallNotes,
  answer: PlatformAnswer,
): Promise<Resolved> {
  const { key } = originalOf(notes)
  const document = await documentByKey(deps.store, row.hospital_code, key)
  const upstream = await platformOf(deps, row.hospital_code)
  const isLive = document !== null && document.kind === 'settlement' && document.reversed_by === null
  if (isLive && upstream && (await isTakenBack(deps, upstream, notes, document)))
    return bookUndoing(deps, row, notes, null)
  return endCall(deps, row, notes, { text: answer.text })
}

/** Takes back with us what the platform has taken back by its message. */
export async function bookUndoing(
  deps: HisDeps,
  row: CallRow,
  notes: CallNotes,
  platform: string | null,
): Promise<Resolved> {
  const asked = askedAgain(deps, row, notes)
  const text = platform ?? answerOf({}, stampNow(deps, row.hospital_code))
  const { msgid, key } = originalOf(notes)
  return endedBy(
    deps,
    row,
    notes,
    await deps.desk.submit({
      kind: 'reverse',
      ...asked,
      no: newSettlementNo(asked.at),
      verify: randomText(VERIFY_LENGTH),
      target: { requestKey: key },
      psn_blind: psnBlind(deps.keys, notes.psn_no),
      reason: `2601 ${msgid}`,
      answer: sealAnswer(deps.keys, row.hospital_code, row.key, text),
    }),
  )
}

/**
 * Brings a call of unknown outcome to its end: a settlement is given up and undone, a cancellation and a reversal are carried
 * through. Leaves it open when the platform does not answer; the next round asks again.
 */
export async function resolveCall(deps: HisDeps, row: CallRow): Promise<Resolved> {
  const upstream = await platformOf(deps, row.hospital_code)
  if (!upstream) return 'open'
  const notes = openNotes(deps, row.hospital_code, row.key, row.sealed)
  if (notes.original) return finishUndoing(deps, upstream, row, notes)
  return notes.setl_id === null ? giveUp(deps, row, notes) : finishCancelling(deps, upstream, row, notes)
}

/** The same, unless this process is at it already: then that is waited for. */
export async function resolveOnce(deps: HisDeps, row: CallRow): Promise<Resolved> {
  const { hospital_code: hospital, key, fingerprint } = row
  let resolved: Resolved = 'open'
  await deps.under.once(hospital, key, fingerprint, async () => {
    resolved = await resolveCall(deps, row)
    // Whoever repeats the message meanwhile hears this.
    const said = resolved === 'ended' ? await storedAnswer(deps, hospital, key) : null
    return said ?? refuse('outcome_unknown', `报文 ${key} 的结果仍在核实`)
  })
  return resolved
}
