import { type Fen, formatYuan, readYuan } from '../kernel/money.ts'
import { type Fault, isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'
import type { Line } from './reconcile.ts'
import { textOfZip } from './zip.ts'

/** A row of a hospital's detail file. */
export interface DetailLine extends Line {
  /** Its place in the file, from 1. */
  readonly row: number
  /** The insurer's number of the person, in the clear; compared as `person`, which the caller may blind. */
  readonly psn_no: string | null
}

/** The columns of a detail file, in order: UTF-8 text, TAB between, `null` where there is no value. */
export const DETAIL_COLUMNS = [
  'setl_id',
  'mdtrt_id',
  'psn_no',
  'medfee_sumamt',
  'fund_pay_sumamt',
  'acct_pay',
  'refd_setl_flag',
  'exp_content',
] as const

export const MAX_ROWS = 100_000
/** A hundred and sixty bytes a row: longer files are somebody's mistake. */
export const MAX_TEXT = MAX_ROWS * 160
const MAX_TOLD = 100

const ID = /^[\x21-\x7e]{1,40}$/

export interface Faults {
  readonly told: Fault[]
  count: number
}

function blame(faults: Faults, row: number, message: string): void {
  faults.count++
  if (faults.told.length < MAX_TOLD) faults.told.push({ path: `line.${row}`, message: `第 ${row} 行${message}` })
}

const isAbsent = (cell: string | undefined): boolean => cell === undefined || cell === '' || cell === 'null'

/** One row from its cells; what is wrong with it is noted, and then nobody looks at the result. */
function readCells(cells: readonly (string | undefined)[], row: number, faults: Faults): DetailLine {
  const text = (column: number, needed: boolean): string | null => {
    const cell = cells[column]
    if (isAbsent(cell)) {
      if (needed) blame(faults, row, `：缺 ${DETAIL_COLUMNS[column]}`)
      return null
    }
    if (!ID.test(cell ?? '')) blame(faults, row, `：${DETAIL_COLUMNS[column]} 应为 1–40 位字母、数字或符号`)
    return cell ?? null
  }
  const amount = (column: number, needed: boolean): Fen => {
    const cell = cells[column]
    if (isAbsent(cell) && !needed) return 0
    const fen = readYuan(cell ?? '')
    if (typeof fen === 'number') return fen
    blame(faults, row, `：${DETAIL_COLUMNS[column]} 应为最多两位小数的金额`)
    return 0
  }
  const flag = cells[6]
  if (!isAbsent(flag) && flag !== '0' && flag !== '1') blame(faults, row, '：refd_setl_flag 应为 0 或 1')
  const psn_no = text(2, false)
  return {
    row,
    id: text(0, true) ?? '',
    visit: text(1, false),
    person: psn_no,
    psn_no,
    medfee: amount(3, true),
    fund: amount(4, true),
    acct: amount(5, false),
    refunded: isAbsent(flag) ? null : flag === '1',
  }
}

const refusalOf = (faults: Faults): Refusal =>
  refuse(
    'file_faulty',
    `共 ${faults.count} 处有误：${faults.told
      .map((f) => f.message)
      .join('；')
      .slice(0, 120)}`,
    {
      errors: faults.told,
    },
  )

/** The lines of a text with their numbers, one at a time: a file of a hundred thousand is never split at once. */
export function* linesOf(text: string): Generator<[row: number, line: string], void, undefined> {
  let row = 0
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start)
    const line = text.slice(start, end < 0 ? undefined : end)
    start = end < 0 ? text.length : end + 1
    yield [++row, line.endsWith('\r') ? line.slice(0, -1) : line]
  }
}

/** Rows of a detail file, or every fault with its line. A heading and empty lines are passed over. */
export function readDetailText(text: string): DetailLine[] | Refusal {
  const faults: Faults = { told: [], count: 0 }
  const rows: DetailLine[] = []
  for (const [row, line] of linesOf(text)) {
    if (line.trim() === '' || (row === 1 && line.startsWith(`${DETAIL_COLUMNS[0]}\t`))) continue
    if (rows.length === MAX_ROWS) return refuse('file_faulty', `超过 ${MAX_ROWS} 行，请分段对账`)
    const cells = line.split('\t')
    // The last column says nothing here, and many leave it out.
    if (cells.length < 7 || cells.length > 8) blame(faults, row, `应有 8 列、以 TAB 分隔，实有 ${cells.length} 列`)
    else rows.push(readCells(cells, row, faults))
  }
  return faults.count > 0 ? refusalOf(faults) : rows
}

/** Rows as a hospital would write them: what the insurer's platform is asked with. */
export const detailText = (rows: readonly DetailLine[]): string =>
  rows
    .map((r) => {
      const flag = r.refunded === null ? null : r.refunded ? '1' : '0'
      const cells = [r.id, r.visit, r.psn_no, ...[r.medfee, r.fund, r.acct].map(formatYuan), flag, null]
      return `${cells.map((cell) => cell ?? 'null').join('\t')}\n`
    })
    .join('')

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** The text of a file of either layout: one TXT in a ZIP; a byte-order mark is passed over. */
export function textOfFile(zip: Uint8Array): string | Refusal {
  const bytes = textOfZip(zip, MAX_TEXT)
  if (isRefusal(bytes)) return bytes
  try {
    return utf8.decode(bytes)
  } catch {
    return refuse('file_faulty', '文本不是 UTF-8 编码，请另存为 UTF-8')
  }
}

/** Rows of a detail file as it was uploaded. */
export function readDetailFile(zip: Uint8Array): DetailLine[] | Refusal {
  const text = textOfFile(zip)
  return isRefusal(text) ? text : readDetailText(text)
}

/** Rows that came inside a message instead of a file; numbers stand for amounts there. */
export function readDetailObjects(objects: readonly Readonly<Record<string, unknown>>[]): DetailLine[] | Refusal {
  if (objects.length > MAX_ROWS) return refuse('file_faulty', `超过 ${MAX_ROWS} 行，请分段对账`)
  const faults: Faults = { told: [], count: 0 }
  const rows = objects.map((object, i) =>
    readCells(
      DETAIL_COLUMNS.map((name) => cellOf(object[name])),
      i + 1,
      faults,
    ),
  )
  return faults.count > 0 ? refusalOf(faults) : rows
}

function cellOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim()
  return typeof value === 'number' ? String(value) : undefined
}
