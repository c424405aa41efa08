import { formatInstant } from '../kernel/day.ts'
import { formatYuan, parseYuan } from '../kernel/money.ts'
import { refuse } from '../kernel/refusal.ts'
import { type LimitAnswer, limitAnswer, type ReversalAnswer, type SettlementAnswer } from './answer.ts'
import { addressOf, type Batch, book, markReversed, nextSeq, originalOf, readCounter, refuseJob } from './batch.ts'
import type { BookingResult, ReverseJob, SettlementRow } from './booking.ts'
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

/** Books the mirror image of a settlement: negative amounts, swapped postings, every counter given back. */
export function bookReversal(batch: Batch, job: ReverseJob): BookingResult {
  const original = originalOf(batch, job.target)
  // Another hospital's settlement is answered like one that does not exist.
  if (!original || original.row.hospital_code !== job.terminal.hospital) {
    return refuse('settlement_not_found', `本院没有结算 ${job.target}`)
  }
  if (original.row.kind === 'reversal')
    return refuseJob(batch, job, refuse('reversal_not_reversible', `${job.target} 本身是冲销记录`))
  if (original.reversed_by !== null) {
    const location = addressOf(original.reversed_by)
    return refuseJob(
      batch,
      job,
      refuse('already_reversed', `${job.target} 已由 ${original.reversed_by} 冲销`, { location }),
      original.reversed_by,
    )
  }
  const facts = JSON.parse(original.row.facts) as Facts
  const deltas = facts.deltas.map((d) => ({ ...d, delta: -d.delta }))
  const row = reversalRow(batch, job, original.row, facts, deltas)
  const booked = book(batch, job, row, deltas)
  markReversed(batch, original, row.settlement_no)
  return booked
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
