import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'
import { findPeople } from '../register/queries.ts'
import type { BookingResult, NoteJob, SettleJob } from '../settlement/booking.ts'
import { type DocumentDraft, numberAgain } from '../settlement/exchange.ts'
import { sealAnswer } from './kept.ts'
import { type Document, documentBySetlId, newestBySetlId } from './queries.ts'
import { storedAnswer } from './said.ts'
import type { HisDeps } from './transaction.ts'

/** What the platform has settled, on its way into our books. */
type Finishing = SettleJob | NoteJob

const TRIES = 3
const isTaken = (result: BookingResult): result is Refusal => isRefusal(result) && result.refusal === 'setl_id_taken'

/**
 * Books what the platform has settled, also where its number stands in our books already: it is settled there, so that a
 * refusal would leave the patient with half of it and the hospital with nothing to go by.
 */
export async function bookSettled(deps: HisDeps, job: Finishing): Promise<BookingResult> {
  let result = await deps.desk.submit(job)
  for (let tries = 0; isTaken(result) && tries < TRIES; tries++) {
    const again = await renumbered(deps, job)
    if (again === null) return result
    result = await deps.desk.submit(again)
  }
  return isTaken(result) ? refuse('outcome_unknown', result.detail) : result
}

/** The job under which a document whose number is taken can be booked. */
async function renumbered(deps: HisDeps, job: Finishing): Promise<Finishing | null> {
  const { hospital } = job.terminal
  const { document } = job
  if (!document) return null
  const known = await newestBySetlId(deps.store, hospital, document.setl_id)
  if (known && isSame(known, document)) return repeating(deps, job, known)
  const setl_id = await freeNumber(deps, hospital, document.setl_id)
  if (job.kind === 'note') return job.document ? { ...job, document: { ...job.document, setl_id } } : null
  // Settled upon before and taken back: settled anew. Under a live one it is anybody's guess what the insurer means.
  if (known?.reversed_by != null) return { ...job, document: { ...document, setl_id } }
  return waiting(deps, job, { ...document, setl_id })
}

/** For what the insurer calls by a number that is taken: the first of ours, `…~2` and so on, that no document of the hospital has. */
export async function freeNumber(deps: HisDeps, hospital: string, setl_id: string): Promise<string> {
  for (let nth = 2; ; nth++) {
    const number = numberAgain(setl_id, nth)
    if (!(await documentBySetlId(deps.store, hospital, number))) return number
  }
}

/** The platform has answered with a settlement it had made before, for a bill that came under another name. */
const isSame = (known: Document, draft: DocumentDraft): boolean =>
  known.kind === 'settlement' &&
  known.reversed_by === null &&
  (['mdtrt_id', 'psn_blind', 'setl_day', 'medfee_fen', 'acct_fen'] as const).every((c) => known[c] === draft[c]) &&
  known.fund_fen - known.assistance_fen === draft.fund_fen

const askedOf = ({ terminal, scope, key, fingerprint, at, begun = true }: Finishing) =>
  ({ terminal, scope, key, fingerprint, at, begun }) as const

/** What was told of the document is told again: it is assisted once, and counted once. */
async function repeating(deps: HisDeps, job: Finishing, known: Document): Promise<NoteJob | null> {
  const { hospital } = job.terminal
  const said = await storedAnswer(deps, hospital, known.key)
  if (said === null || isRefusal(said) || !('text' in said)) return null
  const answer = sealAnswer(deps.keys, hospital, job.key, said.text)
  return { kind: 'note', ...askedOf(job), answer, status: 200, tells: known.settlement_no }
}

/** The insurer's answer as it is; where the patient is on the register the office looks after it. */
async function waiting(deps: HisDeps, job: SettleJob, document: DocumentDraft): Promise<NoteJob | null> {
  const { pass, bill, personBlind } = job
  if (!pass) return null
  const known = await findPeople(deps.store.read, deps.store.tables, [personBlind])
  const missed = known.has(personBlind) ? ('setl_id_taken' as const) : null
  const queued = { ...document, bill_no: bill.bill_no, missed }
  return { kind: 'note', ...askedOf(job), document: queued, answer: pass.sealedAnswer, status: 200 }
}
