import { z } from 'zod'
import { type Day, isDay, yearOf } from '../kernel/day.ts'
import { type Fen, formatYuan, isYuan, parseYuan } from '../kernel/money.ts'
import { type Fault, type Refusal, refuse } from '../kernel/refusal.ts'
import { residentIdFault } from '../kernel/resident-id.ts'
import { patientSchema } from '../register/patient.ts'
import {
  AMOUNTS,
  type AmountName,
  CARE_TYPES,
  CIRCUMSTANCES,
  INSURANCE_TYPES,
  OTHER_PAYERS,
  REFERRALS,
} from '../rules/claim.ts'

const day = z
  .string()
  .refine(isDay, '日期须为 YYYY-MM-DD')
  .meta({ examples: ['2026-10-20'], format: 'date' })
const label = (max: number) => z.string().trim().min(1, '不能为空').max(max, `最多 ${max} 个字`)
const number = (what: string) => z.string().regex(/^[\x21-\x7e]{1,40}$/, `${what}：1–40 个字母、数字或符号，无空格`)
const code = (what: string) => z.string().regex(/^[A-Za-z0-9.+*-]{1,20}$/, `${what}：1–20 个字母、数字或 . + * -`)

/** An amount on the wire: yuan with two decimals, as text; inside, whole fen. */
const yuan = z
  .string()
  .refine(isYuan, '金额须为两位小数的文本，如 "1234.50"')
  .transform(parseYuan)
  .meta({ examples: ['1234.50'], pattern: '^(?:0|[1-9][0-9]{0,10})\\.[0-9]{2}$' })
/** Left out it is nothing; shown in the document as the wire would write it. */
const yuanOrNothing = yuan.default(0).meta({ default: '0.00' })

const amounts = z.strictObject(
  Object.fromEntries(AMOUNTS.map((name) => [name, name === 'total_cost' ? yuan : yuanOrNothing])) as Record<
    AmountName,
    typeof yuan
  >,
)

const item = z.strictObject({
  code: code('项目编码'),
  name: label(100),
  cost: yuan,
  self_funded: yuanOrNothing,
  over_limit: yuanOrNothing,
  prior_self_pay: yuanOrNothing,
  policy_scope_cost: yuanOrNothing,
})

const diagnoses = z.array(z.strictObject({ code: code('诊断编码'), name: label(100) })).max(40, '最多 40 个诊断')

const rest = {
  bill_no: number('账单号'),
  visit_no: number('就诊号'),
  care_type: z.enum(CARE_TYPES),
  insurance: z.strictObject({ type: z.enum(INSURANCE_TYPES), admdvs: z.string().regex(/^\d{6}$/, '参保地：6 位数字') }),
  admitted_on: day.optional(),
  discharged_on: day.optional(),
  visited_on: day.optional(),
  diagnoses: diagnoses.min(1, '至少一个诊断'),
  disease_code: code('病种编码').nullable().default(null),
  referral: z.enum(REFERRALS).default('not_needed'),
  circumstances: z.array(z.enum(CIRCUMSTANCES)).max(CIRCUMSTANCES.length).default([]),
  amounts,
  items: z.array(item).max(2000, '明细最多 2,000 条').default([]),
}
/** A bill of the national interface may have come without a diagnosis: HIS settle before they send one. */
const storedShape = z.strictObject({ ...rest, diagnoses, patient: z.strictObject({ id_type: z.string() }) })

/** A hospital bill as the terminal sends it (design: the wire form is in README, "connect a hospital"). */
export const billSchema = z
  .strictObject({ ...rest, patient: patientSchema })
  .superRefine((bill, context) => {
    for (const fault of [...dayFaults(bill), ...sumFaults(bill)]) {
      context.addIssue({ code: 'custom', path: fault.path.split('.'), message: fault.message })
    }
  })
  .meta({ id: 'Bill', description: 'A hospital bill. Amounts left out are 0.00.' })

export type Bill = z.output<typeof billSchema>
/** The bill without the patient: what is kept for ever, and all that a rule may see of it. */
export type StoredBill = z.output<typeof storedShape>

type Checked = Pick<Bill, 'care_type' | 'admitted_on' | 'discharged_on' | 'visited_on' | 'amounts' | 'items'>

function dayFaults(bill: Checked): Fault[] {
  const { admitted_on, discharged_on, visited_on } = bill
  if (bill.care_type !== 'inpatient') {
    const faults: Fault[] = visited_on ? [] : [{ path: 'visited_on', message: '门诊账单须填就诊日期' }]
    if (admitted_on || discharged_on) faults.push({ path: 'admitted_on', message: '门诊账单不填入院、出院日期' })
    return faults
  }
  const faults: Fault[] = []
  if (visited_on) faults.push({ path: 'visited_on', message: '住院账单不填就诊日期' })
  if (!admitted_on) faults.push({ path: 'admitted_on', message: '住院账单须填入院日期' })
  if (!discharged_on) faults.push({ path: 'discharged_on', message: '住院账单须填出院日期' })
  if (admitted_on && discharged_on && discharged_on < admitted_on) {
    faults.push({ path: 'discharged_on', message: `出院日期 ${discharged_on} 早于入院日期 ${admitted_on}` })
  }
  return faults
}

const PARTS = [
  'self_funded',
  'over_limit',
  'prior_self_pay',
  'policy_scope_cost',
] as const satisfies readonly AmountName[]

const sum = (a: Readonly<Record<string, Fen>>, names: readonly string[]): Fen =>
  names.reduce((s, n) => s + (a[n] ?? 0), 0)

export const paidByOthers = (a: Bill['amounts']): Fen => sum(a, OTHER_PAYERS)

/** Sums that must hold, each named with both numbers when it fails. */
function sumFaults({ amounts: a, items }: Checked): Fault[] {
  const faults: Fault[] = []
  const differs = (path: string, what: string, stated: Fen, added: Fen) => {
    if (stated !== added)
      faults.push({ path, message: `[bill_does_not_add_up] ${what}：${formatYuan(stated)} ≠ ${formatYuan(added)}` })
  }
  differs('amounts.total_cost', '总费用 = 自费 + 超限价 + 先行自付 + 政策范围内', a.total_cost, sum(a, PARTS))
  const paid = sum(a, OTHER_PAYERS)
  if (paid > a.total_cost) {
    faults.push({
      path: 'amounts',
      message: `[bill_does_not_add_up] 各方支付合计 ${formatYuan(paid)} 超过总费用 ${formatYuan(a.total_cost)}`,
    })
  }
  if (items.length === 0) return faults
  differs(
    'items',
    '总费用 = 明细金额之和',
    a.total_cost,
    items.reduce((s, i) => s + i.cost, 0),
  )
  for (const part of PARTS)
    differs(
      'items',
      `${part} = 明细之和`,
      a[part],
      items.reduce((s, i) => s + i[part], 0),
    )
  return faults
}

/** First and last day of the care; the same day twice for an outpatient visit. */
export function careDays(bill: Checked): { readonly from: Day; readonly to: Day } {
  const from = bill.visited_on ?? bill.admitted_on
  const to = bill.visited_on ?? bill.discharged_on
  if (!from || !to) throw new Error('a parsed bill has its days')
  return { from, to }
}

/** Faults that only the calendar can tell: a day or a birth in the future, a stay longer than ten years. */
export function calendarFault(bill: Bill, today: Day): Refusal | null {
  const { from, to } = careDays(bill)
  const faults: Fault[] = []
  const last = bill.visited_on ? 'visited_on' : 'discharged_on'
  if (to > today) faults.push({ path: last, message: `${to} 在将来（今天是 ${today}）` })
  if (yearOf(to) - yearOf(from) > 10) faults.push({ path: 'admitted_on', message: '住院超过十年，请核对' })
  const idFault = residentIdFault(bill.patient.id_number, today)
  if (idFault) faults.push({ path: 'patient.id_number', message: idFault })
  if (faults.length === 0) return null
  return refuse('invalid_request', `共 ${faults.length} 处有误：${faults[0]?.path} ${faults[0]?.message}`, {
    errors: faults,
  })
}

const ITEM_AMOUNTS = ['cost', ...PARTS] as const

function wireItem(item: Bill['items'][number]): Record<string, string> {
  const wire: Record<string, string> = { code: item.code, name: item.name }
  for (const name of ITEM_AMOUNTS) wire[name] = formatYuan(item[name])
  return wire
}

function wireAmounts(amounts: Bill['amounts']): Record<string, string> {
  const wire: Record<string, string> = {}
  for (const name of AMOUNTS) wire[name] = formatYuan(amounts[name])
  return wire
}

/** The bill as it is archived: the wire form, without the patient's name and number. */
export const archiveBill = (bill: StoredBill): string =>
  JSON.stringify({
    ...bill,
    patient: { id_type: bill.patient.id_type },
    amounts: wireAmounts(bill.amounts),
    items: bill.items.map(wireItem),
  })

/** Reads an archived bill back; it was checked when it came in. */
export const readArchivedBill = (text: string): StoredBill => storedShape.parse(JSON.parse(text))
