import { linkHash, settlementDigest } from '../audit/chain.ts'
import type { Fen } from '../kernel/money.ts'
import { problemText, REFUSALS, type Refusal, refuse, statusOf } from '../kernel/refusal.ts'
import type {
  AuditRow,
  BillState,
  Booked,
  BookingResult,
  Job,
  Loaded,
  Original,
  PersonState,
  PostingRow,
  Remembered,
  SettlementRow,
  Writes,
} from './booking.ts'

/**
 * A batch at work: what was loaded, changed by each job in turn, so that the second job of a batch sees what the
 * first one booked, exactly as if each had a transaction of its own. Pure: nothing here touches the store.
 */
export interface Batch {
  readonly loaded: Loaded
  readonly writes: Writes
}

export const startBatch = (loaded: Loaded): Batch => ({
  loaded,
  writes: {
    settlements: [],
    requests: [],
    postings: [],
    audits: [],
    counters: new Map(),
    totals: new Map(),
    ledger: { ...loaded.ledger },
  },
})

export const addressOf = (no: string): string => `/v1/settlements/${no}`
const requestKey = (terminal: string, key: string): string => `${terminal}|${key}`
export const billKey = (hospital: string, billNo: string): string => `${hospital}|${billNo}`

/** The same key was used before: the same answer for the same request, a refusal for another. */
export function replay(batch: Batch, job: Job): BookingResult | null {
  const before = batch.loaded.requests.get(requestKey(job.terminal.id, job.key))
  if (!before) return null
  if (before.fingerprint !== job.fingerprint) {
    return refuse('idempotency_key_reused', '此幂等键已用于内容不同的请求')
  }
  return {
    status: before.status,
    body: before.answer,
    problem: before.status >= 400,
    location: before.settlement_no === null ? null : addressOf(before.settlement_no),
    replayed: true,
  }
}

/** A refusal the caller may mend and ask again is not kept; a business refusal is final for its key. */
export function refuseJob(
  batch: Batch,
  job: Job,
  refusal: Refusal,
  standsInTheWay: string | null = null,
): BookingResult {
  if (!REFUSALS[refusal.refusal].keep) return refusal
  const body = problemText(refusal)
  const status = statusOf(refusal)
  remember(batch, job, { status, settlement_no: standsInTheWay, body, answer: body })
  return {
    status,
    body,
    problem: true,
    location: standsInTheWay === null ? null : addressOf(standsInTheWay),
    replayed: false,
  }
}

function remember(
  batch: Batch,
  job: Job,
  told: Pick<Remembered, 'status' | 'settlement_no' | 'body' | 'answer'>,
): void {
  const row = { terminal_id: job.terminal.id, key: job.key, fingerprint: job.fingerprint, at: job.at, ...told }
  batch.loaded.requests.set(requestKey(job.terminal.id, job.key), row)
  const { answer: _, ...stored } = row
  batch.writes.requests.push(stored)
}

export const nextSeq = (batch: Batch): number => batch.writes.ledger.seq + 1

/** Adds one row to the ledger with everything that goes with it, and gives the answer it holds. */
export function book(
  batch: Batch,
  job: Job,
  row: SettlementRow,
  deltas: readonly { readonly owner: string; readonly key: string; readonly delta: number }[],
): Booked {
  const { loaded, writes } = batch
  if (row.ledger_seq !== nextSeq(batch)) throw new Error('ledger numbers are given in order')
  writes.settlements.push(row)
  loaded.bills.set(billKey(row.hospital_code, row.bill_no), {
    attempt: row.attempt,
    settlement_no: row.settlement_no,
    kind: row.kind,
  })
  loaded.originals.set(row.settlement_no, { row, reversed_by: null })
  for (const { owner, key, delta } of deltas) addToCounter(batch, owner, key, delta)
  for (const posting of postingsOf(row)) addPosting(writes, posting)
  remember(batch, job, { status: 201, settlement_no: row.settlement_no, body: null, answer: row.answer })
  appendLink(writes, job, row)
  return { status: 201, body: row.answer, problem: false, location: addressOf(row.settlement_no), replayed: false }
}

export const readCounter = (batch: Batch, owner: string, key: string): number =>
  batch.loaded.counters.get(owner)?.get(key) ?? 0

function addToCounter(batch: Batch, owner: string, key: string, delta: number): void {
  const value = readCounter(batch, owner, key) + delta
  for (const counters of [batch.loaded.counters, batch.writes.counters]) {
    const own = counters.get(owner) ?? new Map<string, number>()
    counters.set(owner, own.set(key, value))
  }
}

/** Assistance is an expense of the scheme's year and is owed to the hospital that advanced it; a reversal swaps the sides. */
function postingsOf(row: SettlementRow): PostingRow[] {
  const amount = Math.abs(row.assistance_fen)
  if (amount === 0) return []
  const expense = `assistance_expense:${row.scheme}:${row.year}`
  const payable = `hospital_payable:${row.hospital_code}`
  const [debit, credit] = row.kind === 'settlement' ? [expense, payable] : [payable, expense]
  const leg = (n: number, account: string, debit_fen: Fen, credit_fen: Fen) => ({
    ledger_seq: row.ledger_seq,
    leg: n,
    account,
    debit_fen,
    credit_fen,
  })
  return [leg(1, debit, amount, 0), leg(2, credit, 0, amount)]
}

function addPosting(writes: Writes, posting: PostingRow): void {
  writes.postings.push(posting)
  const total = writes.totals.get(posting.account) ?? { debit_fen: 0, credit_fen: 0 }
  writes.totals.set(posting.account, {
    debit_fen: total.debit_fen + posting.debit_fen,
    credit_fen: total.credit_fen + posting.credit_fen,
  })
}

function appendLink(writes: Writes, job: Job, row: SettlementRow): void {
  const link = {
    lane: 'ledger',
    seq: row.ledger_seq,
    at: job.at,
    actor: `terminal:${job.terminal.id}`,
    action: row.kind === 'settlement' ? 'settlement.settle' : 'settlement.reverse',
    subject: row.settlement_no,
    detail: JSON.stringify({ digest: settlementDigest(row.bill, row.facts, row.answer) }),
  } as const
  const hash = linkHash(writes.ledger.head, link)
  writes.audits.push({ ...link, hash } satisfies AuditRow)
  writes.ledger = { seq: row.ledger_seq, head: hash }
}

export const personOf = (batch: Batch, blind: string): PersonState | null => batch.loaded.persons.get(blind) ?? null
export const billOf = (batch: Batch, hospital: string, billNo: string): BillState | null =>
  batch.loaded.bills.get(billKey(hospital, billNo)) ?? null
export const originalOf = (batch: Batch, no: string): Original | null => batch.loaded.originals.get(no) ?? null

/** Marks an original as reversed, so that the next job of the batch finds it so. */
export function markReversed(batch: Batch, original: Original, by: string): void {
  batch.loaded.originals.set(original.row.settlement_no, { ...original, reversed_by: by })
}
