import { addDays } from '../kernel/day.ts'
import { formatYuan, parseYuan } from '../kernel/money.ts'
import { amountsOf, type Case, type CaseBill, type CasesDocument, runCase } from './cases.ts'
import type { Finding } from './check-structure.ts'
import type { AmountName } from './claim.ts'
import type { Scheme } from './in-force.ts'
import { REASON_CODES } from './reasons.ts'

/** Runs every case, asks for cases on both sides of every start day, and refuses those that contradict themselves. */
export function checkCases(scheme: Scheme, document: CasesDocument): readonly Finding[] {
  const findings: Finding[] = []
  if (document.scheme !== scheme.key) findings.push({ path: ['scheme'], message: `应为 ${scheme.key}` })
  const common = document.common ?? {}
  for (const [index, one] of document.cases.entries()) {
    const at = ['cases', index]
    const bills = [
      { bill: { ...common, ...one.bill }, path: [...at, 'bill'] },
      ...(one.earlier_bills ?? []).map((bill, i) => ({
        bill: { ...common, ...bill },
        path: [...at, 'earlier_bills', i],
      })),
    ]
    const unsound = [
      ...bills.flatMap(({ bill, path }) => amountFaults(bill, path)),
      ...bills.flatMap(({ bill, path }) => categoryFaults(bill, scheme, one.expect, path)),
      ...nameFaults(one, scheme, at),
    ]
    findings.push(...unsound)
    if (unsound.length > 0) continue
    for (const { what, expected, got } of runCase(scheme, one, document.common)) {
      const path = [...at, 'expect', what.split('.')[0] ?? '']
      findings.push({ path, message: `“${one.name}”的 ${what} 应为 ${expected}，算出 ${got}` })
    }
  }
  const days = new Set(
    document.cases
      .map(({ bill }) => ({ ...common, ...bill }))
      .flatMap((bill) => [bill.on, bill.discharged_on, bill.admitted_on, bill.settled_on]),
  )
  for (const { version } of scheme.versions) {
    for (const day of [addDays(version, -1), version]) {
      if (!days.has(day))
        findings.push({ path: ['cases'], message: `没有例子落在 ${day}：每个生效日的前一天和当天都要有例子` })
    }
  }
  return findings
}

const INSIDE: readonly AmountName[] = ['basic_insurance_paid', 'serious_illness_paid', 'other_insurance_paid']
const OUTSIDE: readonly AmountName[] = ['self_funded', 'over_limit', 'prior_self_pay']
const OTHERS: readonly AmountName[] = [
  'commercial_paid',
  'hospital_waived',
  'temporary_relief_paid',
  'donation_paid',
  'personal_account_paid',
]

/** Amounts that cannot stand on one bill. */
function amountFaults(bill: CaseBill, path: Finding['path']): readonly Finding[] {
  const findings: Finding[] = []
  const at = (key: string, message: string): void => void findings.push({ path: [...path, key], message })
  const amounts = amountsOf(bill)
  const sum = (names: readonly AmountName[]): number => names.reduce((all, name) => all + amounts[name], 0)
  const scope = bill.amounts?.policy_scope_cost
  const own = bill.policy_scope_self_paid
  if (own !== undefined && scope !== undefined && parseYuan(scope) - sum(INSIDE) !== parseYuan(own)) {
    const implied = `policy_scope_cost ${scope} 减各项保险支付 ${formatYuan(sum(INSIDE))}`
    at('policy_scope_self_paid', `写了 ${own}，可是 ${implied} 是 ${signed(parseYuan(scope) - sum(INSIDE))}：只写其一`)
  }
  if (own === undefined && sum(INSIDE) > amounts.policy_scope_cost)
    at('amounts', `保险支付 ${formatYuan(sum(INSIDE))} 超过政策范围内费用 ${formatYuan(amounts.policy_scope_cost)}`)
  const parts = amounts.policy_scope_cost + sum(OUTSIDE)
  if (amounts.total_cost < parts)
    at(
      'amounts',
      `总费用 ${formatYuan(amounts.total_cost)} 小于各部分之和 ${formatYuan(parts)}（政策范围内费用加范围外）`,
    )
  const paid = sum(INSIDE) + sum(OTHERS)
  if (paid > amounts.total_cost && amounts.total_cost >= parts)
    at('amounts', `各方支付合计 ${formatYuan(paid)} 超过总费用 ${formatYuan(amounts.total_cost)}`)
  return findings
}

/** A category no version knows is a slip of the pen, unless the case says itself that it counts for nothing. */
function categoryFaults(bill: CaseBill, scheme: Scheme, expected: Case['expect'], path: Finding['path']) {
  const known = new Set(scheme.versions.flatMap((version) => version.categories.map((one) => one.key)))
  const held = bill.category === undefined ? [] : typeof bill.category === 'string' ? [bill.category] : bill.category
  return held
    .map((one) => (typeof one === 'string' ? one : one.key))
    .filter((key) => !known.has(key) && expected.category !== null)
    .map((key) => ({
      path: [...path, 'category'],
      message: `没有定义的身份：${key}；有：${[...known].join('、')}；例子正是要说它不算的，写 expect: { category: null }`,
    }))
}

const signed = (fen: number): string => (fen < 0 ? `-${formatYuan(-fen)}` : formatYuan(fen))

const COUNTERS = /^(deductible|base|paid|sum|own_pay|count|top_up)\./

/** Names of limits, benefits and reasons that no version knows: what is said of them would never be looked at. */
function nameFaults(one: Case, scheme: Scheme, path: Finding['path']): readonly Finding[] {
  const pools = new Set(scheme.versions.flatMap((version) => version.pools.map(({ key }) => key)))
  const benefits = new Set(scheme.versions.flatMap((version) => version.benefits.map(({ key }) => key)))
  const unknown = (names: readonly string[], known: ReadonlySet<string>, at: Finding['path'], what: string) =>
    names
      .filter((name) => !known.has(name))
      .map((name) => ({ path: [...path, ...at], message: `没有这个${what}：${name}；有：${[...known].join('、')}` }))
  const used = Object.keys(one.used ?? {})
    .map((name) => name.split('/')[0] ?? '')
    .filter((name) => !COUNTERS.test(name))
  return [
    ...unknown(used, pools, ['used'], '限额池'),
    ...unknown(Object.keys(one.expect.left ?? {}), pools, ['expect', 'left'], '限额池'),
    ...unknown(Object.keys(one.expect.benefits ?? {}), benefits, ['expect', 'benefits'], '救助项目'),
    ...unknown(one.expect.reasons ?? [], new Set<string>(REASON_CODES), ['expect', 'reasons'], '原因代码').map(
      (finding) => ({ ...finding, message: `${finding.message.split('；')[0]}；见说明里的原因代码表` }),
    ),
  ]
}
