import type { FaultCode, RowFault } from './fault.ts'
import { OUTCOMES, type Outcome, type Plan, type RowOutcome } from './plan.ts'
import { type Roster, TEMPLATE } from './roster.ts'

/** How many rows came to which end; `skipped` rows held nothing to read. */
export type Counts = Readonly<Record<Outcome | 'skipped', number>>

/** What a roster changes, or would change. Rows are numbered as the spreadsheet numbers them. */
export interface ImportReport {
  readonly applied: boolean
  /** Names the batch in the register and in the audit log; null: nothing was written. */
  readonly batch_id: string | null
  readonly file_hash: string
  readonly encoding: string | null
  readonly counts: Counts
  readonly rows: readonly RowOutcome[]
  readonly faults: readonly RowFault[]
  readonly faults_by_code: Readonly<Partial<Record<FaultCode, number>>>
  /** Rejected rows in the layout of the template, with the reason in one more column; null: none. */
  readonly rejects_csv: string | null
}

/** Everything that is wrong with a roster: what reading found and what the register contradicts. */
export function reportOf(
  roster: Roster,
  compared: Pick<Plan, 'rows' | 'faults'>,
  done: Pick<ImportReport, 'applied' | 'batch_id' | 'file_hash'>,
): ImportReport {
  const faults = [...roster.faults, ...compared.faults].sort((a, b) => a.row - b.row)
  const unread = new Set(roster.faults.filter((f) => f.rejects && roster.cells.has(f.row)).map((f) => f.row))
  const rows: RowOutcome[] = [
    ...compared.rows,
    ...[...unread].map((row) => ({ row, outcome: 'rejected' as const, differences: [] })),
  ].sort((a, b) => a.row - b.row)
  return {
    ...done,
    encoding: roster.encoding,
    counts: countsOf(
      rows,
      roster.faults.filter((f) => f.code === 'EMPTY_ROW' || f.code === 'TOTAL_ROW_SKIPPED').length,
    ),
    rows,
    faults,
    faults_by_code: byCode(faults),
    rejects_csv: rejectsCsv(roster, faults),
  }
}

export function countsOf(rows: readonly RowOutcome[], skipped: number): Counts {
  const counts = { ...Object.fromEntries(OUTCOMES.map((o) => [o, 0])), skipped } as Record<Outcome | 'skipped', number>
  for (const { outcome } of rows) counts[outcome]++
  return counts
}

function byCode(faults: readonly RowFault[]): Partial<Record<FaultCode, number>> {
  const counts: Partial<Record<FaultCode, number>> = {}
  for (const { code } of faults) counts[code] = (counts[code] ?? 0) + 1
  return counts
}

/** A cell that a spreadsheet would run as a formula is led by an apostrophe; every cell is quoted. */
const cell = (text: string): string => `"${text.replace(/^(?=[=+\-@\t\r＝＋－＠])/u, "'").replaceAll('"', '""')}"`

function rejectsCsv(roster: Roster, faults: readonly RowFault[]): string | null {
  const reasons = Map.groupBy(
    faults.filter((f) => f.rejects),
    (f) => f.row,
  )
  const lines = [...roster.cells]
    .filter(([row]) => reasons.has(row))
    .map(([row, cells]) => {
      const why = reasons.get(row)?.map((f) => `${f.code} ${f.column ?? '整行'}：${f.reason}。${f.action}`)
      return [...cells, String(row), why?.join('；') ?? ''].map(cell).join(',')
    })
  if (lines.length === 0) return null
  return `\uFEFF${[[...TEMPLATE, '原行号', '错误原因'].map(cell).join(','), ...lines].join('\r\n')}\r\n`
}
