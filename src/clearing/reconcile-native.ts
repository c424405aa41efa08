import { act, type Deps } from '../access/act.ts'
import type { Caller } from '../access/caller.ts'
import { formatYuan } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { terminalOf } from '../settlement/settle.ts'
import type { NativeAnswer, NativeAsk } from './answer.ts'
import { keepReconciliation } from './keep-reconciliation.ts'
import { periodFault } from './period.ts'
import { nativeBookings } from './queries.ts'
import { type Compared, type Line, type OwnLine, reconcile } from './reconcile.ts'
import { STMT_RSLT_OF_TOTALS, type Totals, type Verdict, verdictOf } from './totals.ts'

const UNSAID = { visit: null, person: null, acct: 0, refunded: null } as const

const ownLine = (row: { id: string; total: number; assistance: number; reverses: string | null }): OwnLine => ({
  ...UNSAID,
  id: row.id,
  alias: null,
  reverses: row.reverses,
  medfee: row.total,
  fund: row.assistance,
  assistance: row.assistance,
  refunded: row.reverses !== null,
})

function sumOf(lines: readonly Pick<Line, 'medfee' | 'fund'>[]): Totals {
  const sums = { count: lines.length, medfee: 0, fund: 0, acct: 0, cash: 0 }
  for (const line of lines) {
    sums.medfee += line.medfee
    sums.fund += line.fund
  }
  return sums
}

const say = ({ medfee, fund }: Pick<Line, 'medfee' | 'fund'>) => ({
  total_cost: formatYuan(medfee),
  assistance_paid: formatYuan(fund),
})
const sayTotals = (totals: Totals) => ({ count: totals.count, ...say(totals) })

/** One kind of difference gives its name to the whole. */
function overall({ differences }: Compared<Line, OwnLine>): Verdict {
  const kinds = new Set(differences.map((d) => (d.kind === 'duplicate' ? 'hospital_only' : d.kind)))
  const [kind] = kinds
  if (kind === undefined) return 'equal'
  if (kinds.size > 1 || kind === 'differs') return 'differs'
  return kind === 'centre_only' ? 'centre_more' : 'hospital_more'
}

const sayRows = ({ differences }: Compared<Line, OwnLine>) =>
  differences.map((d) => ({
    kind: d.kind,
    settlement_no: (d.ours ?? d.theirs).id,
    theirs: d.theirs && say(d.theirs),
    ours: d.ours && say(d.ours),
  }))

/** What a hospital's own terminals have booked by day, held against the hospital's totals or rows. */
export async function reconcileNative(deps: Deps, caller: Caller, ask: NativeAsk): Promise<NativeAnswer | Refusal> {
  const terminal = terminalOf(caller, 'clearing.reconcile')
  if (isRefusal(terminal)) return terminal
  const { from, to = from } = ask
  const fault = periodFault(from, to)
  if (fault) return fault
  const lines = (await nativeBookings(deps.store, terminal.hospital, from, to)).map(ownLine)
  const ours = sumOf(lines)
  const rows = ask.rows?.map((row) => ({
    ...UNSAID,
    id: row.settlement_no,
    medfee: row.total_cost,
    fund: row.assistance_paid,
  }))
  const stated = ask.totals
  const theirs = stated
    ? { ...sumOf([]), count: stated.count, medfee: stated.total_cost, fund: stated.assistance_paid }
    : sumOf(rows ?? [])
  const compared = rows ? reconcile(rows, lines) : null
  const result = compared ? overall(compared) : verdictOf(theirs, ours)
  return act(deps, caller, 'clearing.reconcile', async (tx, t, at) => {
    const group = { hospital: terminal.hospital, from, to, insutype: null, clr_type: null, setl_optins: null }
    const sums = { theirs: sayTotals(theirs), ours: sayTotals(ours) }
    const outcome = { infno: 'native', group, ...sums, result: STMT_RSLT_OF_TOTALS[result] }
    const kept = await keepReconciliation(tx, t, outcome, at)
    const differences = compared ? sayRows(compared) : null
    const detail = { did: 'native', from, to, result, differences: differences?.length ?? null, rows: [kept.digest] }
    const answer = { reconciliation_no: kept.id, from, to, result, ...sums, differences }
    return { result: answer, deed: { subject: `reconciliation:${kept.id}`, detail } }
  })
}
