import { documentDigest, linkHash, settlementDigest } from '../audit/chain.ts'
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
  ReverseJob,
  SettleJob,
  SettlementRow,
  Writes,
} from './booking.ts'
import type { DocumentRow, MessageRow } from './exchange.ts'

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
    documents: [],
    calls: [],
    messages: [],
    psns: [],
    ledger: { ...loaded.ledger },
  },
})

/** Nothing loaded yet but how far ledger and office have come. */
export const emptyLoaded = (ledger: Loaded['ledger'], officeSeq: number): Loaded => ({
  ledger,
  officeSeq,
  requests: new Map(),
  persons: new Map(),
  bills: new Map(),
  originals: new Map(),
  counters: new Map(),
  documents: new Map(),
  calls: new Map(),
  messages: new Map(),
  applied: new Map(),
  psns: new Map(),
})

export const addressOf = (no: string): string => `/v1/settlements/${no}`
export const requestKey = (scope: string, key: string): string => `${scope}|${key}`
/** Of what is a hospital's own: its documents by `setl_id`, its calls and messages by the key of their request. */
export const ownKey = (hospital: string, name: string): string => `${hospital}|${name}`
export const billKey = (hospital: string, billNo: string): string => `${hospital}|${billNo}`

/** Fingerprint of a request that was taken back before it came. */
const TOMBSTONE = 'tombstone'

export const requestOf = (batch: Batch, scope: string, key: string): Remembered | null =>
  batch.loaded.requests.get(requestKey(scope, key)) ?? null
export const isTombstone = (request: Remembered): boolean => request.fingerprint === TOMBSTONE
export const keyReused = (): Refusal => refuse('idempotency_key_reused', '此幂等键已用于内容不同的请求')

/** The same key was used before: the same answer for the same request, a refusal for another. */
export function replay(batch: Batch, job: Job): Booked | Refusal | null {
  const before = requestOf(batch, job.scope, job.key)
  if (!before) return null
  // Whoever took a request back before it came knew its key and nothing of what it says.
  if (before.fingerprint !== job.fingerprint && !isTombstone(before)) return keyReused()
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
  return keepAnswer(batch, job, statusOf(refusal), problemText(refusal), standsInTheWay)
}

/** Keeps an answer that the ledger has no row for. */
export function keepAnswer(
  batch: Batch,
  job: Job,
  status: number,
  body: string,
  settlement_no: string | null = null,
): Booked {
  remember(batch, job, { status, settlement_no, body, answer: body })
  const location = settlement_no === null ? null : addressOf(settlement_no)
  return { status, body, problem: status >= 400, location, replayed: false }
}

const BURIED = refuse('reversed_before_arrival', '该报文已被冲正，请换新的msgid重新办理')
/** What a note says under the key of a request that has not come yet, so that it is refused when it does. */
export const TOMBSTONE_NOTE = {
  kind: 'note',
  fingerprint: TOMBSTONE,
  status: statusOf(BURIED),
  answer: problemText(BURIED),
} as const

/** Refuses a request that has not come yet. */
export function bury(batch: Batch, job: Job, key: string): void {
  const { fingerprint, status, answer } = TOMBSTONE_NOTE
  keepAnswer(batch, { ...job, key, fingerprint }, status, answer)
}

function remember(
  batch: Batch,
  job: Job,
  told: Pick<Remembered, 'status' | 'settlement_no' | 'body' | 'answer'>,
): void {
  const row = { terminal_id: job.scope, key: job.key, fingerprint: job.fingerprint, at: job.at, ...told }
  batch.loaded.requests.set(requestKey(job.scope, job.key), row)
  // The answer ends the call that was begun under this key.
  batch.loaded.calls.delete(ownKey(job.terminal.hospital, job.key))
  const { answer: _, ...stored } = row
  batch.writes.requests.push(stored)
}

export const nextSeq = (batch: Batch): number => batch.writes.ledger.seq + 1

/** Adds one row to the ledger with everything that goes with it, and gives the answer it holds. */
export function book(
  batch: Batch,
  job: SettleJob | ReverseJob,
  row: SettlementRow,
  deltas: readonly { readonly owner: string; readonly key: string; readonly delta: number }[],
  document: DocumentRow | null = null,
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
  appendLink(writes, job, row, document)
  if (document) addDocument(batch, document)
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

/** Documents without a row of the ledger (a pass, the end of one) have no link and stand outside the chain, as notes do. */
export function addDocument({ loaded, writes }: Batch, document: DocumentRow): void {
  const { sealed: _, ...known } = document
  writes.documents.push(document)
  loaded.documents.set(ownKey(document.hospital_code, document.setl_id), { ...known, reversed_by: null })
  if (document.reverses === null) return
  const name = ownKey(document.hospital_code, document.reverses)
  const original = loaded.documents.get(name)
  if (original) loaded.documents.set(name, { ...original, reversed_by: document.setl_id })
}

/** A message is found again by the key of the request that said it. */
export function addMessage({ loaded, writes }: Batch, key: string, message: MessageRow): void {
  const { sealed: _, ...known } = message
  writes.messages.push(message)
  loaded.messages.set(ownKey(message.hospital_code, key), known)
}

function appendLink(writes: Writes, job: Job, row: SettlementRow, document: DocumentRow | null): void {
  const link = {
    lane: 'ledger',
    seq: row.ledger_seq,
    at: job.at,
    actor: `terminal:${job.terminal.id}`,
    action: row.kind === 'settlement' ? 'settlement.settle' : 'settlement.reverse',
    subject: row.settlement_no,
    detail: JSON.stringify({
      digest: settlementDigest(row.bill, row.facts, row.answer),
      ...(document ? { document: documentDigest(document) } : {}),
    }),
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
