import { describe, expect, test } from 'vitest'
import { applyRules } from './apply.ts'
import { type CaseBill, claimOfCase } from './cases.ts'
import type { CompiledVersion } from './compile.ts'
import { benefitOf, codes, rule, versionOf } from './example.ts'

const bill: CaseBill = { category: 'dibao', on: '2024-06-01', policy_scope_self_paid: '150.00' }

/** What is paid on a bill of 150.00 when one running total, of this owner, stands above zero. */
function paid(version: CompiledVersion, owner: string, key: string, total: number): number {
  const read = (of: string, name: string): number => (of === owner && name === `example/${key}` ? total : 0)
  return applyRules(version, claimOfCase(bill, '410200'), 2024, read).assistance
}

const pool = (per: string): CompiledVersion =>
  benefitOf(
    '    limits: { law: 九, pools: [p] }',
    `pools: { p: { law: 九, label: 限额, per: ${per}, amount: "100.00" } }`,
  )
const gate = (over: string): CompiledVersion =>
  benefitOf(`    gate: { law: 七, any: [{ amount: total_cost, over: ${over}, above: "200.00" }] }`)
const DEDUCTIBLE = benefitOf('    deductible: { law: 七, per: year, amount: "100.00" }')
const QUOTA = benefitOf('    ratio: { law: 八, top_up: { to: "100.00", counting: [insurance_paid], per: year } }')
const OWN_PAY = benefitOf(`    ratio: { law: 八, ratio: "0.5" }
    target: { law: 二, patient_pays: at_most, rows: [{ a_year: "100.00" }] }`)
const byRows = (condition: string): CompiledVersion =>
  benefitOf(`    ratio: { law: 八, rows: [{ ${condition}, ratio: "0.8" }, { ratio: "0.5" }] }`)
const BY_YEAR = byRows('year: { amount: total_cost, above: "200.00" }')
const BY_TURN = byRows('nth_this_year: { from: 2 }')
const BANDS = benefitOf(`    ratio:
      law: 八
      bands_are: marginal
      edges_from: zero
      bands: [{ up_to: "100.00", ratio: "0.5" }, { above: "100.00", ratio: "0.8" }]
    accumulate: { law: 六, per: year }`)

describe('谁的累计：只看账单本人（或他那一户）的，别人的不动一分', () => {
  test.each([
    ['年度限额', 'person', 'p/2024', 9_000, 1_000, 10_000, pool('person_year')],
    ['一户的限额', 'household', 'p/2024', 9_000, 1_000, 10_000, pool('household_year')],
    ['终身限额', 'person', 'p/life', 9_000, 1_000, 10_000, pool('lifetime')],
    ['全年的起付线', 'person', 'deductible.inpatient/2024', 10_000, 15_000, 5_000, DEDUCTIBLE],
    ['全年补到定数', 'person', 'top_up.inpatient/2024', 9_000, 1_000, 10_000, QUOTA],
    ['个人全年负担', 'person', 'own_pay.patient_owes/2024', 9_000, 14_000, 7_500, OWN_PAY],
    ['全年的门槛', 'person', 'sum.total_cost/2024', 9_000, 15_000, 0, gate('year')],
    ['一户全年的门槛', 'household', 'sum.total_cost/2024', 9_000, 15_000, 0, gate('household_year')],
    ['全年费用作条件', 'person', 'sum.total_cost/2024', 9_000, 12_000, 7_500, BY_YEAR],
    ['本年第几次作条件', 'person', 'count.inpatient/2024', 1, 12_000, 7_500, BY_TURN],
    ['全年累计分段', 'person', 'base.inpatient/2024', 10_000, 12_000, 9_000, BANDS],
  ] as const)('%s', (_name, owner, key, total, counted, otherwise, version) => {
    expect(paid(version, owner, key, total)).toBe(counted)
    expect(paid(version, owner === 'person' ? 'household' : 'person', key, total)).toBe(otherwise)
  })

  test('同一个数既看本人又看全户：各记各的', () => {
    const version = benefitOf(
      '    gate: { law: 七, any: [{ amount: total_cost, over: year, above: "100.00" }, { amount: total_cost, over: household_year, above: "900.00" }] }',
    )
    expect(rule(version, { policy_scope_self_paid: '40.00' }).counters).toEqual([
      { owner: 'person', key: 'example/sum.total_cost/2024', delta: 4_000 },
      { owner: 'household', key: 'example/sum.total_cost/2024', delta: 4_000 },
    ])
  })

  test('两项用同一个限额：一张账单记一笔，合计不过限额', () => {
    const version = versionOf(`pools: { annual: { law: 九, label: 年度限额, per: person_year, amount: "90.00" } }
benefits:
  - { key: a, label: 甲, tier: 1, applies: { law: 五 }, base: { law: 六, of: total_cost }, ratio: { law: 八, ratio: "0.5" }, limits: { law: 九, pools: [annual] } }
  - { key: b, label: 乙, tier: 2, applies: { law: 五 }, base: { law: 六, of: total_cost }, ratio: { law: 八, ratio: "0.5" }, limits: { law: 九, pools: [annual] } }`)
    const ruling = rule(version, { policy_scope_self_paid: '100.00' })
    expect([ruling.benefits.map((one) => one.amount), codes(ruling)]).toEqual([[5_000, 4_000], ['limit_cut']])
    expect(ruling.counters).toEqual([{ owner: 'person', key: 'example/annual/2024', delta: 9_000 }])
    expect(ruling.limits).toEqual([{ pool: 'annual', period: '2024', limit: 9_000, used_before: 0, used_after: 9_000 }])
  })
})

describe('全年补到定数的一项与别的几项在一起', () => {
  const version = versionOf(`benefits:
  - { key: all, label: 全付, tier: 1, applies: { law: 五, care_type: [inpatient, outpatient] }, base: { law: 六, of: out_of_scope_cost } }
  - key: quota
    label: 定数
    tier: 1
    applies: { law: 五, care_type: inpatient }
    base: { law: 六, of: policy_scope_self_paid }
    ratio:
      law: 八
      rows:
        - { category: extremely_poor, ratio: "0.5" }
        - { hospital_level: 1, top_up: { to: "100.00", counting: [insurance_paid], per: bill } }
        - { top_up: { to: "500.00", counting: [insurance_paid], per: year } }`)
  const facts: CaseBill = {
    policy_scope_self_paid: '150.00',
    amounts: { basic_insurance_paid: '200.00', self_funded: '30.00' },
  }

  test('记的是这一项付的，加上别人付的；全付的那一项不在内', () => {
    const ruling = rule(version, facts)
    expect(ruling.benefits.map((one) => [one.benefit, one.amount])).toEqual([
      ['all', 3_000],
      ['quota', 15_000],
    ])
    expect(ruling.counters).toEqual([{ owner: 'person', key: 'example/top_up.quota/2024', delta: 35_000 }])
  })

  test('各行算进来的不一样：按本人那一行记，不按写在最前面的那一行', () => {
    const by = (category: string) =>
      rule(
        benefitOf(`    ratio:
      law: 八
      rows:
        - { category: extremely_poor, top_up: { to: "500.00", counting: [insurance_paid], per: year } }
        - { top_up: { to: "300.00", counting: [donation_paid], per: year } }`),
        { category, policy_scope_self_paid: '100.00', amounts: { basic_insurance_paid: '150.00' } },
      ).counters.map((one) => one.delta)
    expect([by('extremely_poor'), by('dibao')]).toEqual([[25_000], [10_000]])
  })

  test('按第几次分行：这一次按它那时的一行记，记了这一次也不变', () => {
    const version = benefitOf(`    ratio:
      law: 八
      rows:
        - { nth_this_year: { up_to: 1 }, top_up: { to: "500.00", counting: [insurance_paid], per: year } }
        - { top_up: { to: "300.00", counting: [donation_paid], per: year } }`)
    const bill = { policy_scope_self_paid: '100.00', amounts: { basic_insurance_paid: '150.00' } }
    const quota = (before: number) =>
      rule(version, bill, { 'example/count.inpatient/2024': before }).counters.find((one) =>
        one.key.startsWith('example/top_up'),
      )?.delta
    expect([quota(0), quota(1)]).toEqual([25_000, 10_000])
  })

  test('这一项不管的账单，什么也不记', () => {
    const ruling = rule(version, { ...facts, care_type: 'outpatient' })
    expect([ruling.assistance, ruling.counters]).toEqual([3_000, []])
  })
})

test.each([
  ['基本医保', 'basic_insurance_paid'],
  ['大病保险', 'serious_illness_paid'],
  ['其他保险', 'other_insurance_paid'],
  ['商业保险', 'commercial_paid'],
  ['医院减免', 'hospital_waived'],
  ['临时救助', 'temporary_relief_paid'],
  ['捐助', 'donation_paid'],
  ['个人账户', 'personal_account_paid'],
] as const)('%s付了的，个人就不欠', (_who, name) => {
  const version = versionOf(
    'benefits: [{ key: a, label: 甲, tier: 1, applies: { law: 五 }, base: { law: 六, of: patient_owes } }]',
  )
  const owed = (paid_by_them: string): number =>
    rule(version, { amounts: { total_cost: '100.00', [name]: paid_by_them } }).assistance
  expect([owed('0.00'), owed('30.00'), owed('100.00'), owed('100.01')]).toEqual([10_000, 7_000, 0, 0])
})

test.each([
  ['基本医保', 'basic_insurance_paid'],
  ['大病保险', 'serious_illness_paid'],
  ['其他保险', 'other_insurance_paid'],
] as const)('%s付了的，算在保险付的之内，不算政策范围内自付', (_who, name) => {
  const of = (word: string): CompiledVersion =>
    versionOf(`benefits: [{ key: a, label: 甲, tier: 1, applies: { law: 五 }, base: { law: 六, of: ${word} } }]`)
  const facts: CaseBill = { amounts: { total_cost: '100.00', policy_scope_cost: '80.00', [name]: '30.00' } }
  expect(rule(of('policy_scope_self_paid'), facts).assistance).toBe(5_000)
  expect(rule(of('insurance_paid'), facts).assistance).toBe(3_000)
})
