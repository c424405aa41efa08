import { formatInstant } from '../kernel/day.ts'
import { formatYuan, parseYuan } from '../kernel/money.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import { type LimitAnswer, limitAnswer, type ReversalAnswer, type SettlementAnswer } from './answer.ts'
import {
  addDocument,
  addMessage,
  addressOf,
  type Batch,
  book,
  bury,
  isTombstone,
  keepAnswer,
  markReversed,
  nextSeq,
  originalOf,
  ownKey,
  readCounter,
  refuseJob,
  requestOf,
} from './batch.ts'
import { appliedFault, visitFault } from './book-note.ts'
import type { BookingResult, ReverseJob, SettlementRow } from './booking.ts'
import { callUnder, documentOf, documentOfSettlement, documentUnder, reversalDocument } from './document.ts'
import type { DocumentState, MessageRow, Unbooked } from './exchange.ts'
import type { Facts } from './facts.ts'

/** A limit after the reversal: what the original took is given back to the period it came from. */
function restored(batch: Batch, limit: LimitAnswer, facts: Facts): LimitAnswer {
  const key = `${facts.rule.scheme}/${limit.pool}/${limit.period}`
  const taken = facts.deltas.find((d) => d.key === key)
  if (!taken) return limit
  const before = readCounter(batch, taken.owner, key)
  const after = before - taken.delta
  const most = limit.limit === null ? null : limit.unit === 'times' ? Number(limit.limit) : parseYuan(limit.limit)
  const { pool, period, unit } = limit
  return limitAnswer(
    { pool, period, ...(unit ? { unit } : {}), limit: most, used_before: before, used_after: after },
    limit.year,
  )
}

/** Takes back what the job names, as a whole; what the ledger never had is taken back without it. */
export function bookReversal(batch: Batch, job: ReverseJob): BookingResult {
  const { target } = job
  if ('no' in target) return reverseSettlement(batch, job, target.no)
  if ('requestKey' in target) return reverseRequest(batch, job, target.requestKey)
  const { setl_id } = target
  const { hospital } = job.terminal
  const document = documentOf(batch, hospital, setl_id) ?? documentOfSettlement(batch, setl_id)
  if (document?.hospital_code === hospital) return reverseDocument(batch, job, document)
  return reverseSettlement(batch, job, setl_id)
}

const differs = (job: ReverseJob, known: { readonly psn_blind: string } | null): boolean =>
  known !== null && job.psn_blind !== undefined && job.psn_blind !== known.psn_blind
const mismatch = (named: string): Refusal => refuse('record_mismatch', `${named} 不是此人员编号的记录`)

/** Keeps what a reversal came to that books nothing. */
const unbooked = (
  batch: Batch,
  job: ReverseJob,
  outcome: Unbooked['outcome'],
  setl_id: string | null = null,
): BookingResult =>
  keepAnswer(batch, job, 200, JSON.stringify({ outcome, setl_id, answer: job.answer ?? null } satisfies Unbooked))

/** Where the platform has taken it back, or only the key was known, it is enough that it is taken back. */
function alreadyReversed(batch: Batch, job: ReverseJob, named: string, by: string, no: string | null): BookingResult {
  if (job.begun || 'requestKey' in job.target) return unbooked(batch, job, 'already_reversed', by)
  const location = no === null ? {} : { location: addressOf(no) }
  return refuseJob(batch, job, refuse('already_reversed', `${named} 已由 ${by} 冲销`, location), no)
}

/** Books the mirror image of a settlement: negative amounts, swapped postings, every counter given back. */
function reverseSettlement(batch: Batch, job: ReverseJob, no: string, named = no): BookingResult {
  const original = originalOf(batch, no)
  // Another hospital's settlement is answered like one that does not exist.
  if (!original || original.row.hospital_code !== job.terminal.hospital) {
    return job.begun ? unbooked(batch, job, 'nothing') : refuse('settlement_not_found', `本院没有结算 ${named}`)
  }
  const document = documentOfSettlement(batch, no)
  if (differs(job, document)) return mismatch(named)
  if (original.row.kind === 'reversal')
    return refuseJob(batch, job, refuse('reversal_not_reversible', `${named} 本身是冲销记录`))
  if (original.reversed_by !== null) {
    return alreadyReversed(batch, job, named, document?.reversed_by ?? original.reversed_by, original.reversed_by)
  }
  const facts = JSON.parse(original.row.facts) as Facts
  const deltas = facts.deltas.map((d) => ({ ...d, delta: -d.delta }))
  const row = reversalRow(batch, job, original.row, facts, deltas)
  const mirror = document ? reversalDocument(batch, job, document, row.settlement_no) : null
  const booked = book(batch, job, row, deltas, mirror)
  markReversed(batch, original, row.settlement_no)
  return booked
}

function reverseDocument(batch: Batch, job: ReverseJob, document: DocumentState): BookingResult {
  const { setl_id, settlement_no, reversed_by } = document
  if (settlement_no !== null) return reverseSettlement(batch, job, settlement_no, setl_id)
  if (differs(job, document)) return mismatch(setl_id)
  if (document.kind === 'reversal')
    return refuseJob(batch, job, refuse('reversal_not_reversible', `${setl_id} 本身是冲销记录`))
  if (reversed_by !== null) return alreadyReversed(batch, job, setl_id, reversed_by, null)
  const mirror = reversalDocument(batch, job, document, null)
  addDocument(batch, mirror)
  return unbooked(batch, job, 'document', mirror.setl_id)
}

/** Takes back whatever became of a request; one that has not come yet will be refused when it does. */
function reverseRequest(batch: Batch, job: ReverseJob, key: string): BookingResult {
  const { hospital } = job.terminal
  const asked = requestOf(batch, job.scope, key)
  const document = documentUnder(batch, hospital, key)
  const message = batch.loaded.messages.get(ownKey(hospital, key)) ?? null
  if ([callUnder(batch, hospital, key), document, message].some((known) => differs(job, known))) return mismatch(key)
  if (!asked) bury(batch, job, key)
  if (!asked || isTombstone(asked)) return unbooked(batch, job, 'tombstone')
  if (asked.status >= 400) return unbooked(batch, job, 'nothing')
  const applied = job.begun ? null : appliedFault(batch, hospital, key)
  if (applied) return refuseJob(batch, job, applied)
  if (asked.settlement_no !== null) return reverseSettlement(batch, job, asked.settlement_no, key)
  if (document) return reverseDocument(batch, job, document)
  if (message && job.message) return takeBackMessage(batch, job, message, job.message)
  if (job.begun) return unbooked(batch, job, 'nothing')
  return refuseJob(batch, job, refuse('reversal_not_reversible', `报文 ${key} 不是可以冲正的交易`))
}

function takeBackMessage(
  batch: Batch,
  job: ReverseJob,
  original: Omit<MessageRow, 'sealed'>,
  taken: Pick<MessageRow, 'infno' | 'msgid' | 'sealed'>,
): BookingResult {
  const { hospital_code, mdtrt_id, psn_blind } = original
  const refusal = job.begun ? null : visitFault(batch, hospital_code, { mdtrt_id })
  if (refusal) return refuseJob(batch, job, refusal)
  addMessage(batch, job.key, { ...taken, hospital_code, mdtrt_id, psn_blind, at: job.at })
  return unbooked(batch, job, 'message')
}

function reversalRow(
  batch: Batch,
  job: ReverseJob,
  original: SettlementRow,
  facts: Facts,
  deltas: Facts['deltas'],
): SettlementRow {
  const seq = nextSeq(batch)
  const told = JSON.parse(original.answer) as SettlementAnswer
  const answer: ReversalAnswer = {
    settlement_no: job.no,
    ledger_seq: seq,
    status: 'reversal',
    reverses: original.settlement_no,
    bill_no: original.bill_no,
    reason: job.reason,
    assistance_paid: formatYuan(-original.assistance_fen),
    patient_pays: formatYuan(-original.patient_fen),
    limits: told.limits.map((limit) => restored(batch, limit, facts)),
    verify_code: job.verify,
    settled_at: formatInstant(job.at),
  }
  return {
    ...original,
    ledger_seq: seq,
    settlement_no: job.no,
    kind: 'reversal',
    reverses: original.settlement_no,
    terminal_id: job.terminal.id,
    total_fen: -original.total_fen,
    insurance_fen: -original.insurance_fen,
    other_fen: -original.other_fen,
    assistance_fen: -original.assistance_fen,
    patient_fen: -original.patient_fen,
    settled_at: job.at,
    facts: JSON.stringify({ ...facts, deltas }),
    answer: JSON.stringify(answer),
  }
}
