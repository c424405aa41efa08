import { type Fen, parseYuan } from '../kernel/money.ts'
import { type TermKey, term } from '../kernel/terms.ts'
import type { AmountName } from '../rules/claim.ts'
import type { StatementSource } from './statement-source.ts'

/** Something to read: a word of the field, Chinese text as stored, or a number or code that always runs left to right. */
export type Value =
  | { readonly as: 'term'; readonly key: TermKey; readonly zh?: string }
  | { readonly as: 'text'; readonly text: string }
  | { readonly as: 'code'; readonly text: string }
  | { readonly as: 'blank' }

/** `memo` explains a part and is not added; `key` parts are the two amounts everybody looks for. */
export interface MoneyLine {
  readonly label: Value
  readonly fen: Fen
  readonly role: 'part' | 'key' | 'memo' | 'sum'
}

/** Always on the paper, even at 0.00; the other payers only when they paid. */
const MUST_SHOW: readonly AmountName[] = ['basic_insurance_paid', 'serious_illness_paid', 'personal_account_paid']
const COST_PARTS = ['self_funded', 'over_limit', 'prior_self_pay', 'policy_scope_cost'] as const
const PAYERS = [
  'basic_insurance_paid',
  'serious_illness_paid',
  'other_insurance_paid',
  'commercial_paid',
  'hospital_waived',
  'temporary_relief_paid',
  'donation_paid',
] as const

export const text = (value: string | null | undefined): Value => (value ? { as: 'text', text: value } : { as: 'blank' })
export const code = (value: string | null | undefined): Value => (value ? { as: 'code', text: value } : { as: 'blank' })
export const word = (key: TermKey): Value => ({ as: 'term', key })

/** A name from the scheme: its own Chinese wins, the common word lends the translation. */
export function named(
  key: string,
  own: Readonly<Record<string, string>> | undefined,
  known: TermKey | undefined,
): Value {
  const zh = own && Object.hasOwn(own, key) ? own[key] : undefined
  if (known) return zh ? { as: 'term', key: known, zh } : word(known)
  return text(zh ?? key)
}

export const common = (table: Readonly<Record<string, TermKey>>, key: string): TermKey | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined

/** A line that explains the one above it. */
const ofWhich = (value: Value): Value => {
  if (value.as === 'term') return { ...value, zh: `其中：${value.zh ?? term('zh', value.key).text}` }
  return value.as === 'text' ? { as: 'text', text: `其中：${value.text}` } : value
}

/** "-12.50" -> -1250: a reversal carries the settlement's amounts with the other sign. */
export const signedFen = (yuan: string): Fen => (yuan.startsWith('-') ? 0 - parseYuan(yuan.slice(1)) : parseYuan(yuan))

const BENEFITS: Readonly<Record<string, TermKey>> = {
  inpatient: 'benefit_inpatient',
  chronic: 'chronic_outpatient',
  serious: 'outpatient_serious',
  outpatient: 'benefit_outpatient',
  tilt: 'tilt_assistance',
}

export const benefitWord = (key: string): TermKey | undefined => common(BENEFITS, key)

/** The bill's amounts as this paper shows them: a reversal takes every one of them back. */
export function billAmounts({ bill, settlement }: StatementSource): (name: AmountName) => Fen {
  const sign = settlement.status === 'reversal' ? -1 : 1
  return (name) => {
    const fen = parseYuan(bill.amounts[name] ?? '0.00')
    return fen === 0 ? 0 : sign * fen
  }
}

export function costsOf(amount: (name: AmountName) => Fen): MoneyLine[] {
  return [
    ...COST_PARTS.map((name): MoneyLine => ({ label: word(name), fen: amount(name), role: 'part' })),
    { label: ofWhich(word('insurance_deductible')), fen: amount('insurance_deductible'), role: 'memo' },
    { label: word('total_cost'), fen: amount('total_cost'), role: 'sum' },
  ]
}

export function paymentsOf(source: StatementSource, amount: (name: AmountName) => Fen): MoneyLine[] {
  const { settlement, rule } = source
  const part = (name: (typeof PAYERS)[number] | 'personal_account_paid'): MoneyLine[] =>
    amount(name) === 0 && !MUST_SHOW.includes(name) ? [] : [{ label: word(name), fen: amount(name), role: 'part' }]
  return [
    ...PAYERS.flatMap(part),
    { label: word('assistance_paid'), fen: signedFen(settlement.assistance_paid), role: 'key' },
    ...settlement.benefits.map(
      (item): MoneyLine => ({
        label: ofWhich(named(item.benefit, rule.labels?.benefits, benefitWord(item.benefit))),
        fen: signedFen(item.amount),
        role: 'memo',
      }),
    ),
    ...part('personal_account_paid'),
    { label: word('you_pay'), fen: signedFen(settlement.patient_pays), role: 'key' },
    { label: word('total'), fen: amount('total_cost'), role: 'sum' },
  ]
}

const sum = (lines: readonly MoneyLine[]): Fen =>
  lines.reduce((so_far, { fen, role }) => (role === 'part' || role === 'key' ? so_far + fen : so_far), 0)

/** Lines are added one by one, so two equal parts count twice; a statement that does not add up is never printed. */
export function proveItAddsUp(
  source: StatementSource,
  costs: readonly MoneyLine[],
  payments: readonly MoneyLine[],
): void {
  const { settlement, bill } = source
  const total = billAmounts(source)('total_cost')
  if (sum(costs) !== total) throw new Error('statement: the parts of the cost do not add up to the total')
  if (sum(payments) !== total) throw new Error('statement: the payments do not add up to the total')
  const benefits = settlement.benefits.reduce((so_far, { amount }) => so_far + signedFen(amount), 0)
  if (settlement.benefits.length > 0 && benefits !== signedFen(settlement.assistance_paid))
    throw new Error('statement: the benefits do not add up to the assistance')
  if (settlement.bill_no !== bill.bill_no || settlement.care_type !== bill.care_type)
    throw new Error('statement: the settlement is of another bill')
  if ((settlement.status === 'reversal') !== (settlement.reverses !== undefined))
    throw new Error('statement: a reversal, and nothing else, names what it reverses')
}
