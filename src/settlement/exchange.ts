import type { Day, Instant } from '../kernel/day.ts'
import type { Fen } from '../kernel/money.ts'
import type { RefusalCode } from '../kernel/refusal.ts'

/** A settlement document of the insurer (its `setl_id`) and what we added to it; amounts as the hospital was told. */
export interface DocumentRow {
  readonly hospital_code: string
  readonly setl_id: string
  readonly kind: 'settlement' | 'reversal'
  readonly reverses: string | null
  readonly settlement_no: string | null
  /** Why assistance that may be due was not decided; null: nothing is outstanding. */
  readonly missed: Missed | null
  readonly key: string
  readonly mdtrt_id: string
  readonly bill_no: string
  readonly psn_blind: string
  readonly insutype: string
  readonly clr_type: string
  readonly setl_optins: string
  readonly setl_day: Day
  readonly medfee_fen: Fen
  readonly fund_fen: Fen
  readonly acct_fen: Fen
  readonly cash_fen: Fen
  readonly assistance_fen: Fen
  readonly sealed: string
  readonly at: Instant
}
/**
 * The insurer's number as it stands in our books: a hospital that has taken a settlement back with us alone may settle
 * upon the same document again, and the second time it is `…~2`.
 */
export const numberAgain = (setl_id: string, nth: number): string => (nth === 1 ? setl_id : `${setl_id}~${nth}`)
/** The number as the insurer and the hospital know it. */
export const numberTold = (setl_id: string): string => setl_id.replace(/~\d+$/, '')

/** A document without its sealed words, and which document has taken it back. */
export interface DocumentState extends Omit<DocumentRow, 'sealed'> {
  readonly reversed_by: string | null
}
/** A call to the platform; it has ended when a request is kept under its key. */
export interface CallRow {
  readonly hospital_code: string
  readonly key: string
  readonly fingerprint: string
  readonly mdtrt_id: string
  /** The bill it settles; null where it settles none. */
  readonly bill_no: string | null
  readonly psn_blind: string
  readonly sealed: string
  readonly at: Instant
}
export interface MessageRow {
  readonly hospital_code: string
  readonly mdtrt_id: string
  readonly infno: string
  readonly msgid: string
  readonly psn_blind: string
  readonly sealed: string
  readonly at: Instant
}
export interface PsnRow {
  readonly psn_blind: string
  readonly person_blind: string
  readonly at: Instant
}

/** The document a settlement brings with it; `fund_fen` and `cash_fen` as they were before assistance. */
export type DocumentDraft = Pick<
  DocumentRow,
  | 'setl_id'
  | 'mdtrt_id'
  | 'psn_blind'
  | 'insutype'
  | 'clr_type'
  | 'setl_optins'
  | 'setl_day'
  | 'medfee_fen'
  | 'fund_fen'
  | 'acct_fen'
  | 'cash_fen'
  | 'sealed'
>
/** The document of a reversal; without a `setl_id` of the insurer's it gets the number of the reversal. */
export interface ReversalDraft extends Pick<DocumentRow, 'setl_day' | 'sealed'> {
  readonly setl_id: string | null
}
/** The document of a settlement the insurer has made and nobody could decide upon. */
export interface UndecidedDraft extends DocumentDraft {
  readonly bill_no: string
  /** Null: nothing is outstanding. */
  readonly missed: RefusalCode | null
}
export type CallDraft = Pick<CallRow, 'mdtrt_id' | 'bill_no' | 'psn_blind' | 'sealed'>
export type MessageDraft = Pick<MessageRow, 'mdtrt_id' | 'infno' | 'msgid' | 'psn_blind' | 'sealed'>
/** Whom a number of the insurer means, as the insurer has just said. */
export type Learn = Pick<PsnRow, 'psn_blind' | 'person_blind'>

/**
 * The insurer has settled already, so that a refusal would leave the patient with half of it: the insurer's own
 * answer goes through unchanged instead, and its document notes what was missed.
 */
export interface Pass {
  readonly sealedAnswer: string
  /** Judged later than this, the answer goes through unchanged as well. */
  readonly decideBy: Instant
}
/** Why a bill went through without a decision on assistance. */
export type Missed = RefusalCode | 'too_late'

/**
 * What must be true of a visit: `no_live_settlement`: nothing of it is settled or being settled; `begin`: no other
 * call of the same bill, or of the visit where the call settles none, is under way, and the bill is not settled.
 */
export interface Guard {
  readonly rule: 'begin' | 'no_live_settlement'
  readonly mdtrt_id: string
  /** Whose visit it must be; null: nobody was named. */
  readonly psn_blind: string | null
  /** For `no_live_settlement`: only this bill of the visit counts. */
  readonly bill_no?: string
  /** The key of the request the call takes back as if it had never been: nothing may be applied for that counts it. */
  readonly undoes?: string
}

/** The settlement to take back: by our number, by the insurer's document (or our number in its place), or by the key it was asked under. */
export type ReverseTarget = { readonly no: string } | { readonly setl_id: string } | { readonly requestKey: string }

/** What a reversal came to where the ledger got no row for it; the body of its answer, as JSON. */
export interface Unbooked {
  /**
   * `tombstone`: the original had not arrived and will be refused; `nothing`: it had been refused, or was never here;
   * `document`: it had passed without assistance, and its document is taken back; `message`: so is what it said of its visit.
   */
  readonly outcome: 'tombstone' | 'nothing' | 'already_reversed' | 'document' | 'message'
  /** The document that has taken it back, where there is one. */
  readonly setl_id: string | null
  /** The job's own `answer`. */
  readonly answer: string | null
}
