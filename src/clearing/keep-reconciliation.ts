import { rowDigest } from '../audit/chain.ts'
import type { Instant } from '../kernel/day.ts'
import { newSettlementNo } from '../kernel/ids.ts'
import type { Db } from '../store/store.ts'
import type { Tables } from '../store/tables.ts'
import { type Group, insertReconciliation } from './queries.ts'

/** What is kept of a reconciliation: both sides' sums and how they stood to each other. */
export interface Outcome {
  /** Which question it was: `3201`, `3202`, or `native` for terminals of ours. */
  readonly infno: string
  readonly group: Omit<Group, 'refunded'>
  readonly theirs: Readonly<Record<string, unknown>>
  readonly ours: Readonly<Record<string, unknown>>
  /** A `stmt_rslt`. */
  readonly result: string
}

/** Appends a reconciliation; every run is kept, and the newest of a group and period counts. */
export async function keepReconciliation(tx: Db, t: Tables, outcome: Outcome, at: Instant) {
  const { infno, group, theirs, ours, result } = outcome
  const row = {
    id: `R${newSettlementNo(at)}`,
    hospital_code: group.hospital,
    infno,
    insutype: group.insutype,
    clr_type: group.clr_type,
    setl_optins: group.setl_optins ?? '',
    from_day: group.from,
    to_day: group.to,
    theirs: JSON.stringify(theirs),
    ours: JSON.stringify(ours),
    result,
    at,
  }
  await insertReconciliation(tx, t, row)
  return { id: row.id, digest: rowDigest('reconciliation', row) }
}
