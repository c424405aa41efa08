import { addDays, type Day } from '../kernel/day.ts'
import { comparableName } from '../kernel/person-name.ts'
import type { CategoryNames } from './category.ts'
import { type Cell, looksCut, periodFault, readAdmdvs, readDay, readEnd, readIdNumber, readName } from './cells.ts'
import { type Encoding, readSheet } from './csv-text.ts'
import { fault, type RowFault } from './fault.ts'
import { placeName } from './place.ts'
import type { Period, Statement } from './statement.ts'

/** The columns of the template, each with the other names under which offices send it. */
const COLUMNS = {
  姓名: ['救助对象姓名', '对象姓名', '人员姓名', '成员姓名', '保障对象姓名'],
  身份证号: ['身份证号码', '身份证件号码', '公民身份号码', '居民身份证号', '身份证', '证件号码', '证件号'],
  救助类别: ['救助对象类别', '社会救助类别', '对象类别', '人员类别', '优先身份', '救助身份', '类别'],
  起始日期: ['开始日期', '起始时间', '救助起始日期', '救助开始日期', '认定日期', '生效日期'],
  截止日期: ['结束日期', '截止时间', '救助截止日期', '救助结束日期', '终止日期', '失效日期'],
  户主身份证号: ['户主身份证号码', '户主身份证', '户主证件号码', '户主公民身份号码'],
  乡镇街道: ['乡镇', '街道', '镇街', '所属乡镇', '所属乡镇街道', '乡镇街道名称'],
  参保地: [
    '参保地编码',
    '参保地代码',
    '参保地区划',
    '参保统筹区',
    '参保统筹区编码',
    '统筹区编码',
    '统筹区',
    '医保区划',
  ],
} as const satisfies Record<string, readonly string[]>
type Column = keyof typeof COLUMNS
const REQUIRED: readonly Column[] = ['姓名', '身份证号', '救助类别', '起始日期', '乡镇街道', '参保地']
export const TEMPLATE = Object.keys(COLUMNS) as Column[]

const HEADER_WITHIN = 10
const BY_NAME = new Map(
  Object.entries(COLUMNS).flatMap(([c, names]) => [c, ...names].map((n) => [n, c as Column] as const)),
)
const headerCell = (text: string): Column | undefined => {
  const tidy = text.normalize('NFKC').replace(/[\s*/、]/gu, '')
  return BY_NAME.get(tidy.replace(/[()]/g, '')) ?? BY_NAME.get(tidy.replace(/\(.*?\)/g, ''))
}

type Header = ReadonlyMap<Column, number>

/** What a roster says, row by row, with every fault; `raw` holds the rejected rows as they came. */
export interface Roster {
  readonly encoding: Encoding | null
  readonly rows: number
  readonly statements: readonly Statement[]
  readonly faults: readonly RowFault[]
  readonly cells: ReadonlyMap<number, readonly string[]>
}

/** Reads a roster; rows are judged one by one, so that one bad row keeps no other person waiting. */
export function readRoster(bytes: Uint8Array, today: Day, categories: CategoryNames): Roster {
  const nothing = { encoding: null, rows: 0, statements: [], cells: new Map() }
  const sheet = readSheet(bytes)
  if ('code' in sheet) return { ...nothing, faults: [sheet] }
  const header = findHeader(sheet.rows)
  if ('code' in header) return { ...nothing, encoding: sheet.encoding, faults: [header] }
  const faults: RowFault[] = []
  const read: Statement[] = []
  const cells = new Map<number, readonly string[]>()
  const lastFilled = sheet.rows.findLastIndex((row) => row.some((c) => c.trim() !== ''))
  for (let i = header.row; i <= lastFilled; i++) {
    const row = sheet.rows[i] ?? []
    const skipped = skipFault(row, header.columns, i + 1)
    if (skipped) {
      faults.push(skipped)
      continue
    }
    cells.set(i + 1, inTemplateOrder(row, header.columns))
    const statement = readRow(row, i + 1, header.columns, today, categories, faults)
    if (statement) read.push(statement)
  }
  const trusted = withoutCutNumbers(read, faults)
  const statements = withoutConflicts(trusted, faults)
  faults.sort((a, b) => a.row - b.row)
  return { encoding: sheet.encoding, rows: cells.size, statements, faults, cells }
}

function findHeader(rows: readonly (readonly string[])[]): { row: number; columns: Header } | RowFault {
  let missing: readonly Column[] = REQUIRED
  for (let i = 0; i < Math.min(rows.length, HEADER_WITHIN); i++) {
    const columns = new Map<Column, number>()
    const twice: Column[] = []
    rows[i]?.forEach((cell, at) => {
      const column = headerCell(cell)
      if (column && columns.has(column)) twice.push(column)
      else if (column) columns.set(column, at)
    })
    const absent = REQUIRED.filter((c) => !columns.has(c))
    if (absent.length === 0 && twice.length > 0) return fault(i + 1, null, 'HEADER_MISSING', `有两列都像“${twice[0]}”`)
    if (absent.length === 0) return { row: i + 1, columns }
    if (absent.length < missing.length) missing = absent
  }
  return fault(0, null, 'HEADER_MISSING', `前 ${HEADER_WITHIN} 行没有完整的表头，缺：${missing.join('、')}`)
}

const cellOf = (row: readonly string[], header: Header, column: Column): string => row[header.get(column) ?? -1] ?? ''
const inTemplateOrder = (row: readonly string[], header: Header) => TEMPLATE.map((c) => cellOf(row, header, c))

function skipFault(row: readonly string[], header: Header, n: number): RowFault | null {
  const filled = row.map((c) => c.trim()).filter((c) => c !== '')
  if (filled.length === 0) return fault(n, null, 'EMPTY_ROW', '空行')
  if (/^(?:本页)?(?:合|总|小|共)\s*计/u.test(filled[0] ?? '') && cellOf(row, header, '身份证号').trim() === '')
    return fault(n, null, 'TOTAL_ROW_SKIPPED', '合计行')
  if (headerCell(cellOf(row, header, '姓名')) === '姓名') return fault(n, null, 'EMPTY_ROW', '重复的表头')
  return null
}

/** One row as a statement; null when a fault rejects it. All faults of the row are told at once. */
function readRow(
  row: readonly string[],
  n: number,
  header: Header,
  today: Day,
  categories: CategoryNames,
  faults: RowFault[],
): Statement | null {
  let sound = true
  const say = (column: Column, code: RowFault['code'], reason: string) => {
    sound = false
    faults.push(fault(n, column, code, reason))
  }
  const take = <T>(column: Column, read: (text: string) => Cell<T>): T | undefined => {
    const cell = read(cellOf(row, header, column))
    if (cell.fault === undefined) return cell.value
    say(column, cell.fault.code, cell.fault.reason)
    return undefined
  }
  const name = take('姓名', readName)
  const id_number = take('身份证号', (text) => readIdNumber(text, today))
  const category = categories.keyOf(cellOf(row, header, '救助类别'))
  if (category === null) say('救助类别', 'CATEGORY_UNKNOWN', '没有这个救助类别')
  const from = take('起始日期', readDay)
  const to = take('截止日期', readEnd)
  const head =
    cellOf(row, header, '户主身份证号').trim() === '' ? undefined : take('户主身份证号', (t) => readIdNumber(t, today))
  const township = placeName(cellOf(row, header, '乡镇街道'))
  if (township === null) say('乡镇街道', 'TOWN_UNKNOWN', '乡镇（街道）为空，或不是地名')
  const admdvs = take('参保地', readAdmdvs)
  const order =
    from !== undefined && to !== undefined && id_number !== undefined ? periodFault(from, to, id_number) : null
  if (order)
    say(
      to !== null && to !== undefined && from !== undefined && to < from ? '截止日期' : '起始日期',
      'DATE_REVERSED',
      order,
    )
  if (!sound || !name || !id_number || !category || !from || to === undefined || !township || !admdvs) return null
  const period: Period = { held: 1, category, from, to, ends: to !== null }
  const household = head === undefined ? {} : { head }
  return { row: n, mode: 'roster', id_type: 'resident_id', id_number, name, ...household, township, admdvs, period }
}

/** Where a spreadsheet has cut one number to 15 digits, a number that ends in 000 and still checks is chance. */
function withoutCutNumbers(statements: readonly Statement[], faults: RowFault[]): Statement[] {
  if (!faults.some((f) => f.code === 'ID_PRECISION_LOST')) return [...statements]
  return statements.filter((s) => {
    if (!looksCut(s.id_number)) return true
    faults.push(
      fault(s.row, '身份证号', 'ID_PRECISION_LOST', '本文件有证件号被截成 15 位，末三位为 000 的号码都不可信'),
    )
    return false
  })
}

/** Rows that contradict an earlier row of the same file are rejected; the rest are ordered by person and day. */
function withoutConflicts(statements: readonly Statement[], faults: RowFault[]): Statement[] {
  const kept: Statement[] = []
  for (const rows of Map.groupBy(statements, (s) => s.id_number).values()) {
    const first = rows[0]
    const same = rows.filter((s) => {
      if (first && comparableName(s.name ?? '') === comparableName(first.name ?? '')) return true
      faults.push(fault(s.row, '姓名', 'ID_DUP_IN_FILE', `与第 ${first?.row} 行证件号相同而姓名不同`))
      return false
    })
    for (const periods of Map.groupBy(same, (s) => s.period?.category).values())
      kept.push(...inSequence(periods, faults))
  }
  return kept
}

/** The periods of one person and category in the order of their days, without overlaps. */
function inSequence(rows: readonly Statement[], faults: RowFault[]): Statement[] {
  const kept: (Statement & { period: Extract<Period, { held: 1 }> })[] = []
  for (const s of rows.toSorted((a, b) => ((a.period?.from ?? '') < (b.period?.from ?? '') ? -1 : 1))) {
    const { period } = s
    const last = kept.at(-1)
    if (!period || period.held === 0) continue
    if (last && (last.period.to === null || period.from <= last.period.to)) {
      const twin = last.period.from === period.from && last.period.to === period.to
      const reason = `与第 ${last.row} 行${twin ? '重复' : '的起止日期重叠'}`
      faults.push(fault(s.row, null, twin ? 'ID_DUP_IN_FILE' : 'PERIOD_OVERLAP', reason))
      continue
    }
    if (last && last.period.to !== null && addDays(last.period.to, 1) === period.from)
      kept[kept.length - 1] = { ...last, period: { ...last.period, ends: false } }
    kept.push({ ...s, period })
  }
  return kept
}
