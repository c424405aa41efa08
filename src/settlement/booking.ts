import type { Day, Instant } from '../kernel/day.ts'
import type { Fen } from '../kernel/money.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { Holding } from '../register/holding.ts'
import type { Meaning } from '../register/psn-no.ts'
import type { StoredBill } from './bill.ts'
import type {
  CallDraft,
  CallRow,
  DocumentDraft,
  DocumentRow,
  DocumentState,
  Guard,
  Learn,
  MessageDraft,
  MessageRow,
  Missed,
  Pass,
  PsnRow,
  ReversalDraft,
  ReverseTarget,
  UndecidedDraft,
} from './exchange.ts'

interface Asked {
  readonly terminal: { readonly id: string; readonly hospital: string }
  /** Within which keys are told apart: the terminal's id, or `his:<hospital>` for all of a hospital's HIS. */
  readonly scope: string
  readonly key: string
  /** Keyed hash of what was asked; another text under the same key is another request. */
  readonly fingerprint: string
  readonly at: Instant
  /** The platform has done it already: that is a fact, and is booked whatever has become of the terminal since. */
  readonly begun?: boolean
}
/** Number and verify code the booking gets if it is booked. */
interface Numbered {
  readonly no: string
  readonly verify: string
}
export interface SettleJob extends Asked, Numbered {
  readonly kind: 'settle'
  readonly bill: StoredBill
  readonly archived: string
  readonly personBlind: string
  readonly nameBlind: string
  /** The preview the patient agreed to, if the terminal names it. */
  readonly previewId: string | null
  readonly document?: DocumentDraft
  readonly learn?: Learn
  readonly pass?: Pass
}
export interface ReverseJob extends Asked, Numbered {
  readonly kind: 'reverse'
  readonly target: ReverseTarget
  readonly reason: string
  /** Whose the original must be. */
  readonly psn_blind?: string
  readonly document?: ReversalDraft
  /** Written to the visit of an original that only said something of it; without it such an original stands. */
  readonly message?: Pick<MessageRow, 'infno' | 'msgid' | 'sealed'>
  /** Kept, sealed, where the ledger gets no row. */
  readonly answer?: string
}
/** Something to be kept of a visit that books nothing: a call begins or ends, a message is taken down, a number learned. */
export interface NoteJob extends Asked {
  readonly kind: 'note'
  readonly guard?: Guard
  readonly call?: CallDraft
  readonly message?: MessageDraft
  readonly learn?: Learn
  readonly document?: UndecidedDraft
  /** The sealed answer, which ends the call of the same key and is given again to whoever repeats the key. */
  readonly answer?: string
  /** Of that answer; 200 unless said. */
  readonly status?: number
  /** Our settlement the answer tells of, where another request has made it: what takes back this one takes back that. */
  readonly tells?: string | null
  /** A call of our own that begins where the answer ends one: both or neither. */
  readonly next?: CallDraft & Pick<CallRow, 'key' | 'fingerprint'>
}
export type Job = SettleJob | ReverseJob | NoteJob

export interface RequestRow {
  /** The scope of the key. */
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
  /** `scope|key` */
  readonly requests: Map<string, Remembered>
  /** blind index of the ID number */
  readonly persons: Map<string, PersonState>
  /** `hospital|bill_no` */
  readonly bills: Map<string, BillState>
  /** settlement_no */
  readonly originals: Map<string, Original>
  /** owner (`p:12`, `h:…`) -> key -> value */
  readonly counters: Map<string, Map<string, number>>
  /** `hospital|setl_id` */
  readonly documents: Map<string, DocumentState>
  /** `hospital|key`: calls that have not ended */
  readonly calls: Map<string, CallRow>
  /** `hospital|key` of the request that said it */
  readonly messages: Map<string, Omit<MessageRow, 'sealed'>>
  /** `hospital|key` of a request -> the application for clearing that counts the document it brought */
  readonly applied: Map<string, string>
  /** blind index of the insurer's number -> whom it means */
  readonly psns: Map<string, Meaning>
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
  readonly documents: DocumentRow[]
  readonly calls: CallRow[]
  readonly messages: MessageRow[]
  readonly psns: PsnRow[]
  ledger: { seq: number; head: string }
}

/** The answer to a job: what to send, and whether it had been sent before. */
export interface Booked {
  readonly status: number
  readonly body: string
  readonly problem: boolean
  readonly location: string | null
  readonly replayed: boolean
  /** Went through without a decision, and why; null: repeated, and nothing was outstanding. */
  readonly passed?: Missed | null
  /** The call of this key has begun before and not ended. */
  readonly resume?: CallRow
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
  /** Loads what a batch would see, all of one moment, without a lock and without writing. */
  peek(jobs: readonly Job[]): Promise<Loaded>
}
