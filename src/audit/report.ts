import { z } from 'zod'
import { hospitalCode } from '../hospitals/hospital.ts'
import { formatInstant, isDay } from '../kernel/day.ts'
import { type Fen, formatYuan } from '../kernel/money.ts'

const day = z
  .string()
  .refine(isDay, '日期须为 YYYY-MM-DD')
  .meta({ format: 'date', examples: ['2026-01-01'] })
const name = (max: number) => z.string().min(1, '不能为空').max(max, `最多 ${max} 个字`)

export const STATES = ['settled', 'reversed', 'reversal'] as const
export type RowState = (typeof STATES)[number]

/** What an export shall hold; every filter left out lets all rows through. */
export const reportFilter = z
  .strictObject({
    from: day.optional().describe('first day of the period'),
    to: day.optional().describe('last day of the period, included'),
    period_by: z
      .enum(['settled_at', 'business_day'])
      .default('settled_at')
      .describe('which day of a row the period is about'),
    hospital: hospitalCode.optional(),
    township: z.string().max(60, '最多 60 个字').optional().describe('empty: rows without a township'),
    category: name(60).optional().describe('a category key; `none`: rows without a category'),
    scheme: name(60).optional(),
    version: day.optional().describe('start day of the rule version'),
    state: z.enum(STATES).optional().describe('settled: stands; reversed: was taken back; reversal: takes one back'),
    upto: z
      .string()
      .regex(/^(?:0|[1-9]\d{0,14})$/, '账簿序号')
      .transform(Number)
      .optional()
      .describe('last ledger number to include: gives an earlier export again, byte for byte'),
  })
  .refine((f) => !f.from || !f.to || f.from <= f.to, { path: ['to'], message: '结束日期早于开始日期' })
export type ReportFilter = z.output<typeof reportFilter>

/** A row of the ledger as the export reads it. */
export interface ReportRow {
  readonly ledger_seq: number
  readonly settlement_no: string
  readonly reverses: string | null
  readonly reversed_by: string | null
  readonly kind: string
  readonly hospital_code: string
  readonly hospital_name: string | null
  readonly terminal_id: string
  readonly bill_no: string
  readonly attempt: number
  readonly person_id: number
  readonly township: string
  readonly category: string | null
  readonly care_type: string
  readonly scheme: string
  readonly version: string
  readonly rule_hash: string
  readonly decision: string
  readonly business_day: string
  readonly year: number
  readonly total_fen: Fen
  readonly insurance_fen: Fen
  readonly other_fen: Fen
  readonly assistance_fen: Fen
  readonly patient_fen: Fen
  readonly settled_at: number
}

/** Count and sums: what head and foot state. */
export interface Totals {
  readonly rows: number
  readonly total_fen: Fen
  readonly insurance_fen: Fen
  readonly other_fen: Fen
  readonly assistance_fen: Fen
  readonly patient_fen: Fen
}

export const noTotals: Totals = {
  rows: 0,
  total_fen: 0,
  insurance_fen: 0,
  other_fen: 0,
  assistance_fen: 0,
  patient_fen: 0,
}

export const addToTotals = (t: Totals, r: ReportRow): Totals => ({
  rows: t.rows + 1,
  total_fen: t.total_fen + r.total_fen,
  insurance_fen: t.insurance_fen + r.insurance_fen,
  other_fen: t.other_fen + r.other_fen,
  assistance_fen: t.assistance_fen + r.assistance_fen,
  patient_fen: t.patient_fen + r.patient_fen,
})

export const totalsInYuan = (t: Totals) => ({
  rows: t.rows,
  total_cost: formatYuan(t.total_fen),
  insurance_paid: formatYuan(t.insurance_fen),
  other_paid: formatYuan(t.other_fen),
  assistance_paid: formatYuan(t.assistance_fen),
  patient_pays: formatYuan(t.patient_fen),
})

const stateOf = (r: ReportRow): RowState =>
  r.kind === 'reversal' ? 'reversal' : r.reversed_by === null ? 'settled' : 'reversed'

/** A row as it leaves the house: no name, no number; `person` is a pseudonym good for one export only. */
export const exportedRow = (r: ReportRow, person: string) => ({
  ledger_seq: r.ledger_seq,
  settlement_no: r.settlement_no,
  state: stateOf(r),
  reverses: r.reverses ?? '',
  reversed_by: r.reversed_by ?? '',
  hospital: r.hospital_code,
  hospital_name: r.hospital_name ?? '',
  terminal: r.terminal_id,
  bill_no: r.bill_no,
  attempt: r.attempt,
  person,
  township: r.township,
  category: r.category ?? '',
  care_type: r.care_type,
  scheme: r.scheme,
  version: r.version,
  rule_hash: r.rule_hash,
  decision: r.decision,
  business_day: r.business_day,
  year: r.year,
  total_cost: formatYuan(r.total_fen),
  insurance_paid: formatYuan(r.insurance_fen),
  other_paid: formatYuan(r.other_fen),
  assistance_paid: formatYuan(r.assistance_fen),
  patient_pays: formatYuan(r.patient_fen),
  settled_at: formatInstant(r.settled_at),
})
export type ExportedRow = ReturnType<typeof exportedRow>

/** Column headings of the CSV, in the order of the row. */
export const HEADINGS: Readonly<Record<keyof ExportedRow, string>> = {
  ledger_seq: '账簿序号',
  settlement_no: '结算单号',
  state: '状态',
  reverses: '冲销的结算单号',
  reversed_by: '被何单冲销',
  hospital: '医院编码',
  hospital_name: '医院名称',
  terminal: '终端',
  bill_no: '账单号',
  attempt: '第几次结算',
  person: '人员化名',
  township: '乡镇街道',
  category: '救助类别',
  care_type: '就诊类别',
  scheme: '办法',
  version: '办法版本',
  rule_hash: '办法摘要',
  decision: '结论',
  business_day: '业务日期',
  year: '年度',
  total_cost: '总费用',
  insurance_paid: '保险支付',
  other_paid: '其他支付',
  assistance_paid: '救助金额',
  patient_pays: '个人支付',
  settled_at: '结算时间',
}

/** A spreadsheet takes these for the start of a formula, at the start of a cell and after a separator of its own. */
const FORMULA = /(^|[;,\t\r\n])[\s\0]*[=+\-@\t\r\0＝＋－＠]/u
const AMOUNT = /^-?\d+\.\d{2}$/

/** Text that no spreadsheet computes: amounts stay numbers, everything that looks like a formula gets a quote in front. */
export const safeCell = (text: string): string => {
  const clean = text.replaceAll('\0', '')
  return !AMOUNT.test(text) && FORMULA.test(text) ? `'${clean}` : clean
}
