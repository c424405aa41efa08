import { act, type Deps } from '../access/act.ts'
import type { Caller } from '../access/caller.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { terminalOf } from '../settlement/settle.ts'
import { keepReconciliation } from './keep-reconciliation.ts'
import { periodFault } from './period.ts'
import { type Group, groupTotals } from './queries.ts'
import {
  describeTotals,
  type OwnTotals,
  STMT_RSLT_OF_TOTALS,
  type StatedTotals,
  type Statement,
  verdictOf,
} from './totals.ts'

export interface TotalsAsk {
  readonly group: Omit<Group, 'hospital'>
  readonly stated: StatedTotals
}

/** How the totals stand; `ours.assistance` is what an insurer's platform asked the same must be asked less. */
export interface TotalsAnswer extends Statement {
  readonly id: string
  readonly ours: OwnTotals
}

/** A hospital's totals of a period held against ours (3201). */
export async function reconcileTotals(
  deps: Deps,
  caller: Caller,
  { group: asked, stated }: TotalsAsk,
): Promise<TotalsAnswer | Refusal> {
  const terminal = terminalOf(caller, 'clearing.reconcile')
  if (isRefusal(terminal)) return terminal
  const group = { ...asked, hospital: terminal.hospital }
  const fault = periodFault(group.from, group.to)
  if (fault) return fault
  return act(deps, caller, 'clearing.reconcile', async (tx, t, at) => {
    const { visits: _, ...ours } = await groupTotals(tx, t, group)
    const result = STMT_RSLT_OF_TOTALS[verdictOf(stated, ours)]
    const theirs = { ...stated, refunded: group.refunded }
    const kept = await keepReconciliation(tx, t, { infno: '3201', group, theirs, ours, result }, at)
    const detail = { did: 'totals', from: group.from, to: group.to, result, rows: [kept.digest] }
    const answer = { id: kept.id, ours, stmt_rslt: result, stmt_rslt_dscr: describeTotals(stated, ours) }
    return { result: answer, deed: { subject: `reconciliation:${kept.id}`, detail } }
  })
}
