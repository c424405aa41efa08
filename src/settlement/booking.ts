import type { Day, Instant } from '../kernel/day.ts'
import type { Fen } from '../kernel/money.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { Holding } from '../register/holding.ts'
import type { Bill } from './bill.ts'

interface Asked {
  readonly terminal: { readonly id: string; readonly hospital: string }
  readonly key: string
  /** Keyed hash of what was asked; another text under the same key is another request. */
  readonly fingerprint: string
  readonly at: Instant
  /** Number and verify code the booking gets if it is booked. */
  readonly no: string
  readonly verify: string
}
export interface SettleJob extends Asked {
  readonly kind: 'settle'
  readonly bill: Bill
  readonly archived: string
  readonly personBlind: string
  readonly nameBlind: string
  /** The preview the patient agreed to, if the terminal names it. */
  readonly previewId: string | null
}
export interface ReverseJob extends Asked {
  readonly kind: 'reverse'
  readonly target: string
  readonly reason: string
}
export type Job = SettleJob | ReverseJob

export interface RequestRow {
  readonly terminal_id: string
  readonly key: string
  readonly fingerprint: string
  readonly status: number
  readonly settlement_no: string | null
  readonly body: string | null
  readonly at: Instant
}
/** A request asked before, with the answer it got. */
export interface Remembered extends RequestRow {
  readonly answer: string
}
export interface PersonState {
  readonly id: number
  readonly blind: string
  readonly born_on: Day
  readonly record_id: number
  readonly name_blind: string
  readonly household: string | null
  readonly township: string
  readonly died_on: Day | null
  readonly holdings: readonly Holding[]
}
/** The newest row of a bill: live when it is a settlement, free again when it is a reversal. */
export interface BillState {
  readonly attempt: number
  readonly settlement_no: string
  readonly kind: 'settlement' | 'reversal'
}
export interface SettlementRow {
  readonly ledger_seq: number
  readonly settlement_no: string
  readonly kind: 'settlement' | 'reversal'
  readonly reverses: string | null
  readonly hospital_code: string
  readonly terminal_id: string
  readonly bill_no: string
  readonly attempt: number
  readonly person_id: number
  readonly person_record_id: number
  readonly household: string
  readonly township: string
  readonly category: string | null
  readonly care_type: string
  readonly scheme: string
  readonly version: string
  readonly rule_hash: string
  readonly decision: string
  readonly business_day: Day
  readonly year: number
  readonly total_fen: Fen
  readonly insurance_fen: Fen
  readonly other_fen: Fen
  readonly assistance_fen: Fen
  readonly patient_fen: Fen
  readonly settled_at: Instant
  readonly bill: string
  readonly facts: string
  readonly answer: string
}
/** A settlement and, if it has been reversed, by which number. */
export interface Original {
  readonly row: SettlementRow
  readonly reversed_by: string | null
}
export interface PostingRow {
  readonly ledger_seq: number
  readonly leg: number
  readonly account: string
  readonly debit_fen: Fen
  readonly credit_fen: Fen
}
export interface AuditRow {
  readonly lane: 'ledger'
  readonly seq: number
  readonly at: Instant
  readonly actor: string
  readonly action: string
  readonly subject: string
  readonly detail: string
  readonly hash: string
}

/** What the store knows about a batch of jobs, read under the ledger's lock. Maps are keyed as their names say. */
export interface Loaded {
  readonly ledger: { readonly seq: number; readonly head: string }
  readonly officeSeq: number
  /** `terminal|key` */
  readonly requests: Map<string, Remembered>
  /** blind index of the ID number */
  readonly persons: Map<string, PersonState>
  /** `hospital|bill_no` */
  readonly bills: Map<string, BillState>
  /** settlement_no */
  readonly originals: Map<string, Original>
  /** owner (`p:12`, `h:…`) -> key -> value */
  readonly counters: Map<string, Map<string, number>>
}

/** Everything a batch adds to the store, in one transaction. */
export interface Writes {
  readonly settlements: SettlementRow[]
  readonly requests: RequestRow[]
  readonly postings: PostingRow[]
  readonly audits: AuditRow[]
  /** New values of the counters touched. */
  readonly counters: Map<string, Map<string, number>>
  /** Additions to account totals. */
  readonly totals: Map<string, { debit_fen: Fen; credit_fen: Fen }>
  ledger: { seq: number; head: string }
}

/** The answer to a job: what to send, and whether it had been sent before. */
export interface Booked {
  readonly status: number
  readonly body: string
  readonly problem: boolean
  readonly location: string | null
  readonly replayed: boolean
}
export type BookingResult = Booked | Refusal

/** The directory in memory is older than the store: read it again and run the batch once more. */
export interface Stale {
  readonly stale: number
}

/** One adapter an engine; one contract suite for both. */
export interface Booking {
  /**
   * Runs a batch in one durable transaction: load, decide (pure), commit. `decide` may return `Stale`, and then
   * nothing is written. Resolves after COMMIT.
   */
  run(
    jobs: readonly Job[],
    decide: (loaded: Loaded) => { results: readonly BookingResult[]; writes: Writes } | Stale,
  ): Promise<readonly BookingResult[] | Stale>
  /** Loads what a batch would see, without a lock and without writing. */
  peek(jobs: readonly Job[]): Promise<Loaded>
}
