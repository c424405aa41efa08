import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { SettlementAnswer } from '../settlement/answer.ts'
import type { BookingResult, NoteJob, SettleJob } from '../settlement/booking.ts'
import type { CallRow, DocumentDraft } from '../settlement/exchange.ts'
import { cross, isBetween } from './between.ts'
import { documentOf, jobOf, visitAsked } from './bill-of.ts'
import { undoLate } from './doubt.ts'
import { askedOf, psnBlind, sealAnswer } from './kept.ts'
import { notesOf } from './own-call.ts'
import type { PlatformAnswer } from './platform.ts'
import { newestBySetlId } from './queries.ts'
import type { Node } from './read-node.ts'
import { billNoOf, readSettle, type SettleData } from './requests-settle.ts'
import { saidBefore, saidOf } from './said.ts'
import { type Insured, readInsured } from './setlinfo.ts'
import { bookSettled, freeNumber } from './taken-number.ts'
import { settledOutput, settledText } from './told.ts'
import type { HisCall, HisDeps, Named, Said, Transaction } from './transaction.ts'
import { undecidedDocument } from './undecided.ts'
import type { Visit } from './visit.ts'

const learnOf = ({ psn_blind }: DocumentDraft, personBlind: string) => ({ psn_blind, person_blind: personBlind })

/** The insurer's answer as it is read, the bill our rules judge by it, and the document that is kept of it. */
interface Settled {
  readonly insured: Insured
  readonly job: SettleJob
  readonly document: DocumentDraft
}

async function readSettled(
  deps: HisDeps,
  call: HisCall,
  data: SettleData,
  container: Node,
  visit?: Promise<Visit | null>,
): Promise<Settled | Refusal> {
  const insured = readInsured(container, 'settled', { ...data })
  if (isRefusal(insured)) return insured
  const job = await jobOf(deps, call, data, insured, false, visit)
  if (isRefusal(job)) return job
  const document = documentOf(deps, call, data, insured, container)
  return isRefusal(document) ? document : { insured, job, document }
}

/** The hospital has settled with the insurer and tells us; what we cannot book, it may send again. */
async function settleSecond(deps: HisDeps, call: HisCall, data: SettleData): Promise<Said> {
  const settled = await readSettled(deps, call, data, call.envelope.input)
  // What was settled before stays so, whatever has been said of the visit since.
  if (isRefusal(settled)) return (await saidBefore(deps, call)) ?? settled
  const { insured, job, document } = settled
  const learn = learnOf(document, job.personBlind)
  let result = await deps.desk.submit({ ...job, document, learn })
  if (isRefusal(result) && result.refusal === 'setl_id_taken') {
    const setl_id = await numberOnceMore(deps, call, document.setl_id)
    if (setl_id) result = await deps.desk.submit({ ...job, document: { ...document, setl_id }, learn })
  }
  return saidJustNow(call, insured, result) ?? saidOf(deps, call, result)
}

/** What was booked this moment is told from what is at hand, word for word as the store would tell it later; null: it was not. */
function saidJustNow(call: HisCall, insured: Insured, result: BookingResult): Said | null {
  if (isRefusal(result) || result.status !== 201 || result.replayed) return null
  const booked = JSON.parse(result.body) as SettlementAnswer
  return { text: settledText(call.terminal.hospital, settledOutput(insured, booked, call.envelope.msgid), booked) }
}

/** The insurer's document has been settled upon before and that was taken back: its number in our books for once more. */
async function numberOnceMore(deps: HisDeps, call: HisCall, setl_id: string): Promise<string | null> {
  const { hospital } = call.terminal
  const newest = await newestBySetlId(deps.store, hospital, setl_id)
  if (newest?.kind !== 'settlement' || newest.reversed_by === null) return null
  return freeNumber(deps, hospital, setl_id)
}

/** Time the counter has waited enough for; after it the insurer's answer goes through as it is. */
const DECIDE_MS = 3000

/** The insurer has settled: assistance joins its answer, or the answer goes through unchanged and the office is told why. */
async function finishSettling(
  deps: HisDeps,
  call: HisCall,
  data: SettleData,
  answer: PlatformAnswer,
  row: CallRow,
  visit: Promise<Visit | null> | undefined,
): Promise<Said> {
  const settled = await readSettled(deps, call, data, answer.output ?? {}, visit)
  if (isRefusal(settled)) return passUndecided(deps, call, data, answer, row, settled)
  const { insured, job, document } = settled
  const at = deps.now()
  const pass = { sealedAnswer: sealedAnswer(deps, call, answer), decideBy: at + DECIDE_MS }
  const learn = learnOf(document, job.personBlind)
  const result = await finished(deps, row, { ...job, at, document, learn, pass, begun: true })
  const isPassed = !isRefusal(result) && !result.replayed && result.body === pass.sealedAnswer
  return isPassed ? { text: answer.text } : (saidJustNow(call, insured, result) ?? saidOf(deps, call, result))
}

/** Books what the platform has settled, unless another process has given the message up before. */
async function finished(deps: HisDeps, row: CallRow, job: SettleJob | NoteJob): Promise<BookingResult> {
  const result = await bookSettled(deps, job)
  if (!isRefusal(result) && result.replayed && result.problem) await undoLate(deps, row)
  return result
}

const sealedAnswer = (deps: HisDeps, call: HisCall, answer: PlatformAnswer): string =>
  sealAnswer(deps.keys, call.terminal.hospital, askedOf(deps.keys, call).key, answer.text)

/** The bill cannot be made out: the insurer's answer stands, and where the patient is on the register the office looks after it. */
async function passUndecided(
  deps: HisDeps,
  call: HisCall,
  data: SettleData,
  answer: PlatformAnswer,
  row: CallRow,
  why: Refusal,
): Promise<Said> {
  const document = await undecidedDocument(deps, call, data, answer.output ?? {}, why)
  const asked = { ...askedOf(deps.keys, call), at: deps.now(), begun: true }
  const kept = { answer: sealedAnswer(deps, call, answer), status: 200, ...(document ? { document } : {}) }
  const result = await finished(deps, row, { kind: 'note', ...asked, ...kept })
  return saidOf(deps, call, result)
}

/** One transaction that settles: 2207 for outpatients, 2304 for inpatients. */
export function settling(deps: HisDeps, of: Named): Transaction {
  return {
    ...of,
    async run(call) {
      const { infno, input } = call.envelope
      const data = readSettle(infno, input)
      if (isRefusal(data)) return data
      if (!isBetween(call)) return settleSecond(deps, call, data)
      const { mdtrt_id, psn_no } = data
      const blind = psnBlind(deps.keys, psn_no)
      const bill_no = billNoOf(infno, data)
      const guard = { rule: 'begin', mdtrt_id, psn_blind: blind } as const
      const crossing = { guard, bill_no, psn_blind: blind, notes: notesOf(call, { mdtrt_id, psn_no }) }
      let visit: Promise<Visit | null> | undefined
      return cross(deps, call, crossing, {
        meanwhile() {
          // A read ahead that fails is none: it is asked for again when it is needed.
          visit = visitAsked(deps, call, data).catch(() => null)
        },
        success: (answer, row) => finishSettling(deps, call, data, answer, row, visit),
      })
    },
  }
}
