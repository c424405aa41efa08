import { formatYuan } from '../kernel/money.ts'
import type { CaseBill } from './cases.ts'
import { listOf } from './conditions.ts'
import type { VersionDocument } from './schema.ts'
import { AMOUNT_TEXTS, CARE_TEXTS } from './wording.ts'

const LEVELS = { 1: '一级医院', 2: '二级医院', 3: '三级医院' } as const
const REFERRAL_TEXTS = {
  not_needed: '不需转诊',
  referred: '已转诊',
  filed: '已备案',
  emergency: '急诊',
  none: '该转诊没有转诊',
} as const
const INSURANCE_TEXTS = { resident: '居民医保', employee: '职工医保', none: '未参保' } as const

/** A bill in an official's words: who, where, how much; `used` fen of every limit are gone already. */
export function sayBill(bill: CaseBill, document: VersionDocument, used: number): string {
  const parts: string[] = []
  const categories = bill.category === undefined ? [] : listOf<unknown>(bill.category)
  for (const one of categories) parts.push(document.categories.find((other) => other.key === one)?.label ?? String(one))
  if (bill.care_type) parts.push(CARE_TEXTS[bill.care_type])
  if (bill.hospital_level) parts.push(LEVELS[bill.hospital_level])
  if (bill.hospital_place) parts.push(`医院在 ${bill.hospital_place}`)
  if (bill.referral) parts.push(REFERRAL_TEXTS[bill.referral])
  if (bill.insurance) parts.push(INSURANCE_TEXTS[bill.insurance])
  if (bill.age !== undefined) parts.push(`${bill.age} 周岁`)
  if (bill.diagnoses?.[0]) parts.push(`诊断 ${bill.diagnoses[0]}`)
  if (bill.disease_code) parts.push(`病种 ${bill.disease_code}`)
  if (bill.channel === 'application') parts.push('依申请')
  if (bill.policy_scope_self_paid) parts.push(`政策范围内自付 ${bill.policy_scope_self_paid} 元`)
  for (const [name, amount] of Object.entries(bill.amounts ?? {})) {
    if (amount !== undefined && amount !== '0.00')
      parts.push(`${AMOUNT_TEXTS[name as keyof typeof AMOUNT_TEXTS]} ${amount} 元`)
  }
  if (used > 0) parts.push(`各项累计已有 ${formatYuan(used)}`)
  return parts.join('，')
}
