import { createHash } from 'node:crypto'
import { stringify } from 'csv-stringify/sync'
import { act, type Deps } from '../access/act.ts'
import { type Caller, may } from '../access/caller.ts'
import { canonical } from '../kernel/canonical.ts'
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'
import { blindIndex } from '../kernel/seal.ts'
import { ledgerEnd, reportPages, reportTotals } from './queries.ts'
import {
  addToTotals,
  type ExportedRow,
  exportedRow,
  HEADINGS,
  noTotals,
  type ReportFilter,
  safeCell,
  type Totals,
  totalsInYuan,
} from './report.ts'

export type ReportFormat = 'csv' | 'jsonl'

export interface Report {
  readonly upto: number
  readonly totals: Totals
  readonly text: AsyncGenerator<string, void, undefined>
}

/** How one format writes head, rows and foot; the foot's digest is over every byte before its line. */
interface Writer {
  readonly head: (head: Head) => string
  readonly rows: (rows: readonly ExportedRow[]) => string
  readonly foot: (totals: Totals) => string
  readonly digest: (sha256: string) => string
}

interface Head {
  readonly filter: Readonly<Record<string, unknown>>
  readonly totals: Totals
}

/**
 * The auditor's export: all rows of the ledger that pass the filter, as it stood when the export began. Count and
 * sums stand in the head, taken by the store, and in the foot, added up while writing. That it was made is on
 * record before its first byte leaves. The same ledger and filter give the same bytes.
 */
export async function settlementsReport(
  deps: Deps,
  caller: Caller,
  filter: ReportFilter,
  format: ReportFormat,
): Promise<Report | Refusal> {
  if (!may(caller, 'reports.export')) return refuse('forbidden', '需要权限 reports.export')
  const end = await ledgerEnd(deps.store)
  const upto = filter.upto ?? end
  if (upto > end) return refuse('record_not_found', `账簿只到 ${end} 号`)
  const totals = await reportTotals(deps.store, filter, upto)
  const stated = { ...filter, upto }
  const recorded = await act(deps, caller, 'reports.export', async () => ({
    result: null,
    deed: {
      subject: `report:settlements.${format}`,
      detail: { filter: stated, rows: totals.rows, assistance_fen: totals.assistance_fen },
    },
  }))
  if (isRefusal(recorded)) return recorded
  return { upto, totals, text: write(deps, stated, totals, format === 'csv' ? csv : jsonl) }
}

async function* write(deps: Deps, filter: ReportFilter & { upto: number }, stated: Totals, writer: Writer) {
  const hash = createHash('sha256')
  const hashed = (text: string): string => {
    hash.update(text, 'utf8')
    return text
  }
  // Bound to filter and end of the ledger: the same export gives the same pseudonyms, two different ones cannot be joined.
  const about = canonical(filter)
  const pseudonym = (person: number): string => blindIndex(deps.keys, `export ${about} person ${person}`).slice(0, 20)
  let added = noTotals
  yield hashed(writer.head({ filter, totals: stated }))
  for await (const page of reportPages(deps.store, filter, filter.upto)) {
    for (const row of page) added = addToTotals(added, row)
    yield hashed(writer.rows(page.map((row) => exportedRow(row, pseudonym(row.person_id)))))
  }
  if (canonical(added) !== canonical(stated)) throw new Error('the rows written do not add up to what the head states')
  yield hashed(writer.foot(added))
  yield writer.digest(hash.digest('hex'))
}

type Cell = string | number

const safe = (cell: Cell): string => (typeof cell === 'number' ? String(cell) : safeCell(cell))

/** Formulas are made harmless by `safeCell`: the option of csv-stringify sees first characters only, and quotes negative amounts. */
const records = (lines: readonly (readonly Cell[])[]): string =>
  stringify(
    lines.map((cells) => cells.map(safe)),
    { record_delimiter: 'windows' },
  )

const TOTAL_LABELS: Readonly<Record<keyof ReturnType<typeof totalsInYuan>, string>> = {
  rows: '行数',
  total_cost: HEADINGS.total_cost,
  insurance_paid: HEADINGS.insurance_paid,
  other_paid: HEADINGS.other_paid,
  assistance_paid: HEADINGS.assistance_paid,
  patient_pays: HEADINGS.patient_pays,
}

function totalCells(totals: Totals): Cell[] {
  const yuan = totalsInYuan(totals)
  return (Object.keys(TOTAL_LABELS) as (keyof typeof yuan)[]).flatMap((key) => [TOTAL_LABELS[key], yuan[key]])
}

const csv: Writer = {
  head: ({ filter, totals }) =>
    `\u{feff}${records([['表头合计', ...totalCells(totals)], ['范围', canonical(filter)], Object.values(HEADINGS)])}`,
  rows: (rows) => records(rows.map((row) => Object.values(row))),
  foot: (totals) => records([['表尾合计', ...totalCells(totals)]]),
  digest: (sha256) => records([['SHA-256', sha256]]),
}

const line = (value: unknown): string => `${JSON.stringify(value)}\n`

const jsonl: Writer = {
  head: ({ filter, totals }) => line({ head: { report: 'settlements', filter, ...totalsInYuan(totals) } }),
  rows: (rows) => rows.map((row) => line(row)).join(''),
  foot: (totals) => line({ foot: totalsInYuan(totals) }),
  digest: (sha256) => line({ sha256 }),
}
