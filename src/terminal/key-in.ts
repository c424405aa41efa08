import { formatYuan, isYuan, parseYuan } from '../kernel/money.ts'
import { Misused } from './exit.ts'
import { readObject } from './settings.ts'

export type Ask = (question: string, fallback?: string) => Promise<string>

const CARES = ['inpatient', 'outpatient_chronic', 'outpatient_serious', 'outpatient'] as const
const INSURANCES = ['resident', 'employee', 'none'] as const
const REFERRALS = ['not_needed', 'referred', 'filed', 'emergency', 'none'] as const

/** The amounts a cashier reads off a bill; what is left out is nothing. */
const AMOUNTS = [
  ['self_funded', '全自费'],
  ['over_limit', '超限价'],
  ['prior_self_pay', '先行自付'],
  ['policy_scope_cost', '政策范围内费用'],
  ['basic_insurance_paid', '基本医保支付'],
  ['serious_illness_paid', '大病保险支付'],
  ['other_insurance_paid', '其他医保支付'],
  ['hospital_waived', '医院减免'],
  ['personal_account_paid', '个人账户支付'],
] as const
const PARTS: readonly string[] = ['self_funded', 'over_limit', 'prior_self_pay', 'policy_scope_cost']

async function choose<T extends string>(ask: Ask, what: string, values: readonly T[], labels: string): Promise<T> {
  const chosen = values[Number(await ask(`${what}（${labels}）`, '1')) - 1]
  if (!chosen) throw new Misused(`${what}：没有这一项`)
  return chosen
}

/** "1200" and "1200.5" are what people type; the wire wants two decimals. */
function yuanOf(typed: string, what: string): string {
  const [whole = '', cents = ''] = typed.split('.')
  const text = `${whole}.${cents.padEnd(2, '0')}`
  if (!isYuan(text)) throw new Misused(`${what}：${typed} 不是金额`)
  return text
}

/** A bill from a file, or keyed in. */
export async function keyIn(ask: Ask): Promise<Record<string, unknown>> {
  const file = await ask('账单文件（直接回车则逐项录入）', '')
  if (file !== '') return readObject(file)
  const bill_no = await ask('账单号')
  const patient = { id_number: await ask('身份证号'), name: await ask('姓名') }
  const admdvs = await ask('参保地', '654002')
  const type = await choose(ask, '险种', INSURANCES, '1 居民 2 职工 3 未参保')
  const care_type = await choose(ask, '就诊类别', CARES, '1 住院 2 门诊慢特病 3 门诊大病 4 普通门诊')
  const days =
    care_type === 'inpatient'
      ? { admitted_on: await ask('入院日期 YYYY-MM-DD'), discharged_on: await ask('出院日期 YYYY-MM-DD') }
      : { visited_on: await ask('就诊日期 YYYY-MM-DD') }
  const diagnosis = { code: await ask('主诊断编码，如 I21.9'), name: await ask('诊断名称') }
  const referral = await choose(ask, '转诊', REFERRALS, '1 不需要 2 已转诊 3 已备案 4 急诊 5 未转诊')
  const amounts: Record<string, string> = {}
  for (const [name, label] of AMOUNTS) amounts[name] = yuanOf(await ask(label, '0.00'), label)
  const total = PARTS.reduce((sum, name) => sum + parseYuan(amounts[name] ?? '0.00'), 0)
  amounts.total_cost = yuanOf(await ask('总费用', formatYuan(total)), '总费用')
  return {
    bill_no,
    visit_no: await ask('就诊号', bill_no),
    care_type,
    patient,
    insurance: { type, admdvs },
    ...days,
    diagnoses: [diagnosis],
    referral,
    amounts,
  }
}
