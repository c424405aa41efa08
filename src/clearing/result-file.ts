import { zipSync } from 'fflate'
import type { Instant } from '../kernel/day.ts'
import { formatYuan } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type DetailLine, linesOf, textOfFile } from './detail-file.ts'
import { type Difference, type Field, longCode, type OwnLine, STMT_RSLT } from './reconcile.ts'

/** One of our documents as a result row needs it. */
export interface OwnDetail extends OwnLine {
  /** The insurer's number of the person; null where we never learnt it. */
  readonly psn_no: string | null
  /** The message that made it: what a 2601 names. */
  readonly msgid: string | null
}

/** The columns of a result file, in order, laid out as a detail file. */
export const RESULT_COLUMNS = [
  'psn_no',
  'mdtrt_id',
  'setl_id',
  'msgid',
  'stmt_rslt',
  'refd_setl_flag',
  'memo',
  'medfee_sumamt',
  'fund_pay_sumamt',
  'acct_pay',
  'exp_content',
] as const
export type ResultRow = Readonly<Record<(typeof RESULT_COLUMNS)[number], string | null>>

const LABELS: Record<Field, string> = {
  visit: '就诊ID',
  person: '人员编号',
  medfee: '总费用',
  fund: '基金',
  acct: '个人账户',
  refunded: '退费标志',
}

function sayField(field: Field, theirs: DetailLine, ours: OwnDetail): string {
  if (field === 'visit' || field === 'person') return `${LABELS[field]}不一致`
  if (field === 'refunded') return ours.refunded ? '中心已退费、医院未退费' : '医院已退费、中心未退费'
  return `${LABELS[field]}：医院 ${formatYuan(theirs[field])}、中心 ${formatYuan(ours[field])}`
}

/** What a row says in words; `elsewhere` tells of a document that we know, but not in this group. */
function memoOf(d: Difference<DetailLine, OwnDetail>, elsewhere: ReadonlyMap<string, string>): string {
  if (d.kind === 'duplicate') return `与第 ${d.first.row} 行重复`
  if (d.kind === 'hospital_only') return elsewhere.get(d.theirs.id) ?? '医院有、中心无'
  if (d.kind === 'differs') return d.fields.map((f) => sayField(f, d.theirs, d.ours)).join('；')
  const cancelled = d.ours.reverses === null ? '' : `，为 ${d.ours.reverses} 的撤销`
  return `中心有、医院无${cancelled}`
}

/** A difference as a row: the centre's values where it has any, for the hospital knows its own. */
export function resultRow(
  d: Difference<DetailLine, OwnDetail>,
  elsewhere: ReadonlyMap<string, string> = new Map(),
): ResultRow {
  const line = d.ours ?? d.theirs
  return {
    psn_no: d.ours?.psn_no ?? d.theirs?.psn_no ?? null,
    mdtrt_id: line.visit,
    setl_id: line.id,
    msgid: d.ours?.msgid ?? null,
    stmt_rslt: STMT_RSLT[d.kind],
    refd_setl_flag: line.refunded === null ? null : line.refunded ? '1' : '0',
    memo: memoOf(d, elsewhere),
    medfee_sumamt: formatYuan(line.medfee),
    fund_pay_sumamt: formatYuan(line.fund),
    acct_pay: formatYuan(line.acct),
    exp_content: d.ours && d.ours.assistance !== 0 ? `maf_pay=${formatYuan(d.ours.assistance)}` : null,
  }
}

const cellText = (value: string | null): string => (value === null ? 'null' : value.replace(/[\t\r\n]+/g, ' '))

export const resultText = (rows: readonly ResultRow[]): string =>
  rows.map((row) => `${RESULT_COLUMNS.map((name) => cellText(row[name])).join('\t')}\n`).join('')

/** What another centre found, as it was downloaded there: equal rows are left out, and whose word it is is said. */
export function readResultFile(zip: Uint8Array, whose: string): ResultRow[] | Refusal {
  const text = textOfFile(zip)
  if (isRefusal(text)) return text
  const rows: ResultRow[] = []
  for (const [, line] of linesOf(text)) {
    const cells = line.split('\t').map((cell) => (cell === '' || cell === 'null' ? null : cell))
    const row = Object.fromEntries(RESULT_COLUMNS.map((name, i) => [name, cells[i] ?? null])) as ResultRow
    if (cells.length < 5 || Number(row.stmt_rslt) === 0) continue
    rows.push({ ...row, stmt_rslt: longCode(row.stmt_rslt ?? ''), memo: `${whose}：${row.memo ?? '不一致'}` })
  }
  return rows
}

/** One text in an archive; the time inside is that of the reconciliation, so that the same rows are the same bytes. */
export const zipOfText = (name: string, text: string, at: Instant): Uint8Array<ArrayBuffer> =>
  zipSync({ [name]: new TextEncoder().encode(text) }, { mtime: at })
