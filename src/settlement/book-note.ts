import { type Refusal, refuse } from '../kernel/refusal.ts'
import {
  addDocument,
  addMessage,
  addressOf,
  type Batch,
  billOf,
  keepAnswer,
  keyReused,
  ownKey,
  refuseJob,
} from './batch.ts'
import type { BookingResult, NoteJob } from './booking.ts'
import {
  callsOfVisit,
  callUnder,
  documentOf,
  documentOfBill,
  documentUnder,
  liveOfVisit,
  numberTaken,
  sayDocument,
  settlementDocument,
} from './document.ts'
import type { CallDraft, Guard, UndecidedDraft } from './exchange.ts'
import { learn, learnFault } from './learn.ts'

/** What is told to whoever only began something: there is nothing to be answered yet. */
const BEGUN = { status: 202, body: '', problem: false, location: null, replayed: false } as const

/** Keeps what is not a booking: the beginning and the end of a call, a message of a visit, a number learned. */
export function bookNote(batch: Batch, job: NoteJob): BookingResult {
  const { hospital } = job.terminal
  const open = callUnder(batch, hospital, job.key)
  if (open && open.fingerprint !== job.fingerprint) return keyReused()
  if (open && job.call) return { ...BEGUN, resume: open }
  const refusal =
    guardFault(batch, job) ?? (job.learn ? learnFault(batch, job.learn) : null) ?? undecidedFault(batch, job)
  if (refusal) {
    const settled = refusal.refusal === 'bill_already_settled' ? liveBill(batch, hospital, job.call) : null
    return refuseJob(batch, job, refusal, settled)
  }
  if (job.learn) learn(batch, job.learn, job.at)
  if (job.document) addUndecided(batch, job, job.document)
  if (job.message) addMessage(batch, job.key, { ...job.message, hospital_code: hospital, at: job.at })
  for (const begun of [job.call, job.next]) {
    if (!begun) continue
    const { key, fingerprint, at } = job
    const call = { key, fingerprint, ...begun, hospital_code: hospital, at }
    batch.loaded.calls.set(ownKey(hospital, call.key), call)
    batch.writes.calls.push(call)
  }
  return job.answer === undefined ? BEGUN : keepAnswer(batch, job, job.status ?? 200, job.answer, job.tells)
}

const undecidedFault = (batch: Batch, { terminal, document }: NoteJob): Refusal | null =>
  document && documentOf(batch, terminal.hospital, document.setl_id) ? numberTaken(document) : null

function addUndecided(batch: Batch, job: NoteJob, { bill_no, missed, ...draft }: UndecidedDraft): void {
  addDocument(batch, settlementDocument(job, draft, { bill_no, settlement_no: null, assistance: 0, missed }))
}

function liveBill(batch: Batch, hospital: string, call: CallDraft | undefined): string | null {
  const standing = call?.bill_no ? billOf(batch, hospital, call.bill_no) : null
  return standing?.kind === 'settlement' ? standing.settlement_no : null
}

function guardFault(batch: Batch, { guard, call, key, terminal: { hospital } }: NoteJob): Refusal | null {
  if (!guard) return null
  const known = [...liveOfVisit(batch, hospital, guard.mdtrt_id), ...callsOfVisit(batch, hospital, guard.mdtrt_id)]
  if (guard.psn_blind !== null && known.some((k) => k.psn_blind !== guard.psn_blind)) {
    return refuse('record_mismatch', `就诊 ${guard.mdtrt_id} 不是此人员编号的就诊`)
  }
  const applied = guard.undoes === undefined ? null : appliedFault(batch, hospital, guard.undoes)
  if (applied) return applied
  if (guard.rule === 'begin') return call ? beginFault(batch, hospital, call, key) : null
  return visitFault(batch, hospital, guard)
}

/** A bill is settled by one call at a time, and only while it is free; a call that settles none wants the visit for itself. */
function beginFault(batch: Batch, hospital: string, call: CallDraft, key: string): Refusal | null {
  const { bill_no, mdtrt_id } = call
  const other = callsOfVisit(batch, hospital, mdtrt_id).find(
    (c) => c.key !== key && (bill_no === null || c.bill_no === bill_no),
  )
  if (other) return refuse('already_settling', `就诊 ${mdtrt_id} 的报文 ${other.key} 正在办理`)
  if (bill_no === null) return null
  const document = documentOfBill(batch, hospital, bill_no)
  const standing = liveBill(batch, hospital, call)
  if (!document && standing === null) return null
  const by = document ? sayDocument(document) : standing
  return refuse(
    'bill_already_settled',
    `账单 ${bill_no} 已由 ${by} 结算`,
    standing === null ? {} : { location: addressOf(standing) },
  )
}

/** What a 2601 takes back has never been: an application for clearing that counts it would stand for money nobody is owed. */
export function appliedFault(batch: Batch, hospital: string, key: string): Refusal | null {
  const application = batch.loaded.applied.get(ownKey(hospital, key))
  const document = documentUnder(batch, hospital, key)
  if (application === undefined || document?.kind !== 'settlement' || document.reversed_by !== null) return null
  const said = `${document.setl_day} 已申请清算（${application}）：请用2208、2305撤销，或先撤销申请（3204）再冲正`
  return refuse('already_done', said)
}

/** Nothing of a visit is taken away under a settlement, nor under one that may be coming about. */
export function visitFault(
  batch: Batch,
  hospital: string,
  { mdtrt_id, bill_no }: Pick<Guard, 'mdtrt_id' | 'bill_no'>,
): Refusal | null {
  const counts = (of: { readonly bill_no: string | null }) => bill_no === undefined || of.bill_no === bill_no
  const live = liveOfVisit(batch, hospital, mdtrt_id).find(counts)
  if (live) return refuse('settlement_in_the_way', `就诊 ${mdtrt_id} 有未撤销的结算 ${sayDocument(live)}`)
  const call = callsOfVisit(batch, hospital, mdtrt_id).find((c) => c.bill_no !== null && counts(c))
  return call ? refuse('already_settling', `就诊 ${mdtrt_id} 的报文 ${call.key} 正在办理`) : null
}
