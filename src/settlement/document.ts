import { dayOf, formatInstant } from '../kernel/day.ts'
import type { Fen } from '../kernel/money.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import { type Batch, ownKey } from './batch.ts'
import type { NoteJob, ReverseJob, SettleJob } from './booking.ts'
import {
  type CallRow,
  type DocumentDraft,
  type DocumentRow,
  type DocumentState,
  type Missed,
  numberTold,
} from './exchange.ts'

/** A document of the insurer's is booked once under its number. */
export const numberTaken = ({ setl_id }: Pick<DocumentDraft, 'setl_id'>): Refusal =>
  refuse('setl_id_taken', `医保结算ID ${numberTold(setl_id)} 已经登记`)

export const documentOf = (batch: Batch, hospital: string, setlId: string): DocumentState | null =>
  batch.loaded.documents.get(ownKey(hospital, setlId)) ?? null

function findDocument(batch: Batch, is: (d: DocumentState) => boolean): DocumentState | null {
  for (const document of batch.loaded.documents.values()) if (is(document)) return document
  return null
}

export const documentOfSettlement = (batch: Batch, no: string): DocumentState | null =>
  findDocument(batch, (d) => d.settlement_no === no)
/** By the key of the request that brought it. */
export const documentUnder = (batch: Batch, hospital: string, key: string): DocumentState | null =>
  findDocument(batch, (d) => d.key === key && d.hospital_code === hospital)
/** The document that hospitals take for the live one: of a settlement by the insurer that nobody has taken back. */
const isLive = (d: DocumentState): boolean => d.kind === 'settlement' && d.reversed_by === null
export const documentOfBill = (batch: Batch, hospital: string, billNo: string): DocumentState | null =>
  findDocument(batch, (d) => d.hospital_code === hospital && d.bill_no === billNo && isLive(d))
export const liveOfVisit = (batch: Batch, hospital: string, visit: string): DocumentState[] =>
  [...batch.loaded.documents.values()].filter((d) => d.hospital_code === hospital && d.mdtrt_id === visit && isLive(d))

/** The insurer settles a bill at one hospital; at two of them it would be assisted twice. */
export const liveElsewhere = (batch: Batch, hospital: string, { setl_id, psn_blind }: DocumentDraft) =>
  findDocument(
    batch,
    (d) =>
      d.hospital_code !== hospital &&
      d.psn_blind === psn_blind &&
      numberTold(d.setl_id) === numberTold(setl_id) &&
      isLive(d),
  )

export const callUnder = (batch: Batch, hospital: string, key: string): CallRow | null =>
  batch.loaded.calls.get(ownKey(hospital, key)) ?? null
/** Calls of a visit that have not ended. */
export const callsOfVisit = (batch: Batch, hospital: string, visit: string): CallRow[] =>
  [...batch.loaded.calls.values()].filter((c) => c.hospital_code === hospital && c.mdtrt_id === visit)

/** A document as the cashier knows it: its number, and when it came about. */
export const sayDocument = ({ setl_id, at }: Pick<DocumentState, 'setl_id' | 'at'>): string =>
  `${numberTold(setl_id)}（${formatInstant(at).slice(0, 19).replace('T', ' ')}）`

/** The document of a settlement: assistance joins the funds and leaves the patient's cash. */
export const settlementDocument = (
  job: SettleJob | NoteJob,
  draft: DocumentDraft,
  booked: {
    readonly bill_no: string
    readonly settlement_no: string | null
    readonly assistance: Fen
    readonly missed: Missed | null
  },
): DocumentRow => ({
  ...draft,
  hospital_code: job.terminal.hospital,
  kind: 'settlement',
  reverses: null,
  settlement_no: booked.settlement_no,
  missed: booked.missed,
  key: job.key,
  bill_no: booked.bill_no,
  fund_fen: draft.fund_fen + booked.assistance,
  cash_fen: draft.cash_fen - booked.assistance,
  assistance_fen: booked.assistance,
  at: job.at,
})

const negative = (amount: Fen): Fen => 0 - amount

/** The mirror image of a document; where nobody told more than that it is taken back, it holds no sealed words. */
export function reversalDocument(
  batch: Batch,
  job: ReverseJob,
  original: DocumentState,
  settlement_no: string | null,
): DocumentRow {
  const { document: draft } = job
  const given = draft?.setl_id ?? null
  // The insurer's number is taken back with it whatever it is called here: one that is in use gives way to ours.
  const free = given !== null && !documentOf(batch, original.hospital_code, given)
  const { reversed_by: _, ...kept } = original
  return {
    ...kept,
    setl_id: free ? given : job.no,
    kind: 'reversal',
    reverses: original.setl_id,
    settlement_no,
    missed: null,
    key: job.key,
    setl_day: draft?.setl_day ?? dayOf(job.at),
    medfee_fen: negative(original.medfee_fen),
    fund_fen: negative(original.fund_fen),
    acct_fen: negative(original.acct_fen),
    cash_fen: negative(original.cash_fen),
    assistance_fen: negative(original.assistance_fen),
    sealed: draft?.sealed ?? '',
    at: job.at,
  }
}
