import { expect, test } from 'vitest'
import type { CompiledVersion } from './compile.ts'
import { benefitOf, codes, formulas, rule, versionOf } from './example.ts'

const tilt = (of: string, more = ''): CompiledVersion =>
  versionOf(`pools:
  annual: { law: 第九条, label: 年度限额, per: person_year, amount: "600.00" }
benefits:
  - key: basic
    label: 基本
    tier: 1
    applies: { law: 第五条, care_type: inpatient }
    base: { law: 第六条, of: policy_scope_self_paid }
    ratio: { law: 第八条, ratio: "0.70" }
    limits: { law: 第九条, pools: [annual] }
  - key: tilt
    label: 倾斜
    tier: 2
    applies: { law: 第十条, care_type: inpatient${more} }
    base: { law: 第十条, of: ${of} }
    ratio: { law: 第十条, ratio: "0.50" }
    limits: { law: 第十条, pools: [annual] }`)

test('后一项看前一项：剩下的、不含截掉的、减已救助的，同一限额', () => {
  const amounts = (version: CompiledVersion, self: string) =>
    rule(version, { policy_scope_self_paid: self }).benefits.map((one) => [one.base, one.amount])
  expect(amounts(tilt('left_by_benefits'), '100.00')).toEqual([
    [10_000, 7_000],
    [3_000, 1_500],
  ])
  expect(amounts(tilt('policy_scope_self_paid, less: [assistance_so_far]'), '100.00')).toEqual([
    [10_000, 7_000],
    [3_000, 1_500],
  ])
  expect(amounts(tilt('left_by_benefits'), '800.00')).toEqual([
    [80_000, 56_000],
    [24_000, 4_000],
  ])
  const full = rule(tilt('left_by_benefits'), { policy_scope_self_paid: '1000.00' })
  expect([full.assistance, codes(full)]).toEqual([60_000, ['limit_cut', 'limit_used_up']])
  expect(full.limits).toEqual([{ pool: 'annual', period: '2024', limit: 60_000, used_before: 0, used_after: 60_000 }])
  expect(full.counters).toEqual([{ owner: 'person', key: 'example/annual/2024', delta: 60_000 }])
})

test('前面的都不管这张账单，剩下的就是零', () => {
  const version = versionOf(`benefits:
  - { key: a, label: 甲, tier: 1, applies: { law: 五, care_type: outpatient }, base: { law: 六, of: total_cost } }
  - { key: b, label: 乙, tier: 2, applies: { law: 七 }, base: { law: 七, of: left_by_benefits } }`)
  const ruling = rule(version, { policy_scope_self_paid: '100.00' })
  expect([ruling.assistance, codes(ruling), formulas(ruling).at(-1)]).toEqual([
    0,
    ['base_zero'],
    'b base: 0.00 = 0.00（七）',
  ])
})

test('门槛看前一项剩下的：限额截掉的也在内', () => {
  const version = versionOf(`pools: { annual: { law: 九, label: 限额, per: person_year, amount: "600.00" } }
benefits:
  - { key: a, label: 甲, tier: 1, applies: { law: 五 }, base: { law: 六, of: policy_scope_self_paid }, ratio: { law: 八, ratio: "0.7" }, limits: { law: 九, pools: [annual] } }
  - { key: b, label: 乙, tier: 2, applies: { law: 七 }, base: { law: 七, of: out_of_scope_cost }, gate: { law: 七, any: [{ amount: left_by_benefits, over: bill, from: "400.00" }] } }`)
  const of = (self: string) =>
    rule(version, { policy_scope_self_paid: self, amounts: { self_funded: '10.00' } }).benefits.map((one) => one.amount)
  expect([of('999.99'), of('1000.00')]).toEqual([[60_000], [60_000, 1_000]])
})

test('前一项付过才有后一项，没到限额也算付过', () => {
  const version = tilt('left_by_benefits', ', earlier: { benefit: basic, is: used }')
  const tilted = (used: number) =>
    rule(version, { policy_scope_self_paid: '100.00' }, { 'example/annual/2024': used }).trace.some(
      (one) => one.benefit === 'tilt',
    )
  expect([tilted(0), tilted(59_999), tilted(60_000)]).toEqual([true, true, false])
})

test('病种写了几组，属于一组就是；写不属于的，哪组都不能是', () => {
  const of = (condition: string) => (diagnoses: string[]) =>
    rule(
      versionOf(`diseases:
  cancer: { law: 附, label: 恶性肿瘤, diagnoses: [C00-C97] }
  kidney: { law: 附, label: 尿毒症, diagnoses: [N18] }
benefits: [{ key: a, label: 甲, tier: 1, applies: { law: 五, ${condition}: [cancer, kidney] }, base: { law: 六, of: total_cost } }]`),
      { diagnoses, policy_scope_self_paid: '1.00' },
    ).assistance
  const [among, notAmong] = [of('disease'), of('not_disease')]
  expect([among(['C34']), among(['N18.5']), among(['C34', 'N18.5']), among(['I10'])]).toEqual([100, 100, 100, 0])
  expect([notAmong(['C34']), notAmong(['N18.5']), notAmong(['C34', 'N18.5']), notAmong(['I10'])]).toEqual([
    0, 0, 0, 100,
  ])
})

test('前一项到了限额才有后一项', () => {
  const version = tilt('total_cost', ', earlier: { benefit: basic, is: limit_reached }')
  expect(rule(version, { policy_scope_self_paid: '100.00' }).benefits).toHaveLength(1)
  expect(
    rule(version, { policy_scope_self_paid: '100.00' }, { 'example/annual/2024': 53_000 }).trace.map(
      (one) => one.stage,
    ),
  ).toContain('limits')
  const reached = (used: number) =>
    rule(version, { policy_scope_self_paid: '100.00' }, { 'example/annual/2024': used }).trace.some(
      (one) => one.benefit === 'tilt',
    )
  expect([reached(52_999), reached(53_000), reached(53_001), reached(60_000)]).toEqual([false, true, true, true])
})

test('不含截掉的部分', () => {
  const version = versionOf(`pools: { annual: { law: 九, label: 限额, per: person_year, amount: "10.00" } }
benefits:
  - { key: a, label: 甲, tier: 1, applies: { law: 五 }, base: { law: 六, of: total_cost }, ratio: { law: 八, ratio: "0.5" }, limits: { law: 九, pools: [annual] } }
  - { key: b, label: 乙, tier: 2, applies: { law: 五 }, base: { law: 六, of: left_by_benefits, benefits: [a], without_capped_part: true } }`)
  expect(rule(version, { policy_scope_self_paid: '100.00' }).benefits.map((one) => one.amount)).toEqual([1_000, 5_000])
  expect(rule(version, { policy_scope_self_paid: '10.00' }).benefits.map((one) => one.amount)).toEqual([500, 500])
})

test('起付线：每次、全年、没超过、合用', () => {
  const bill = benefitOf(
    '    deductible: { law: 第七条, per: bill, amount: "100.00" }\n    ratio: { law: 第八条, ratio: "0.5" }',
  )
  const under = rule(bill, { policy_scope_self_paid: '100.00' })
  expect([under.assistance, codes(under), under.counters]).toEqual([0, ['below_deductible'], []])
  expect(formulas(under).slice(2)).toEqual([
    'inpatient deductible: 100.00 − 100.00 = 0.00（第七条）',
    'inpatient ratio: 0.00 × 50% = 0.00（第八条）',
  ])
  expect(rule(bill, { policy_scope_self_paid: '100.02' }).assistance).toBe(1)
  expect(codes(rule(bill, {}))).toEqual(['base_zero'])
  const year = benefitOf('    deductible: { law: 第七条, per: year, shared_as: all, amount: "100.00" }')
  const first = rule(year, { policy_scope_self_paid: '60.00' })
  expect(first.counters).toEqual([{ owner: 'person', key: 'example/deductible.all/2024', delta: 6_000 }])
  const second = rule(year, { policy_scope_self_paid: '60.00' }, { 'example/deductible.all/2024': 6_000 })
  expect([second.assistance, second.counters]).toEqual([
    2_000,
    [{ owner: 'person', key: 'example/deductible.all/2024', delta: 4_000 }],
  ])
  expect(formulas(second)[2]).toBe('inpatient deductible: 60.00 − 40.00（全年 100.00，已扣 60.00） = 20.00（第七条）')
  const third = rule(year, { policy_scope_self_paid: '60.00' }, { 'example/deductible.all/2024': 10_000 })
  expect([third.assistance, third.counters]).toEqual([6_000, []])
  const only = benefitOf('    deductible: { law: 第七条, per: bill, amount: "100.00", only_for: { insurance: none } }')
  expect(rule(only, { policy_scope_self_paid: '60.00' }).assistance).toBe(6_000)
})

test('没有一行管的账单一分不付，并说出来', () => {
  const row = benefitOf('    ratio: { law: 第八条, rows: [{ category: extremely_poor, ratio: "1" }] }')
  expect(rule(row, { policy_scope_self_paid: '9.00' }).reasons).toEqual([
    { code: 'not_in_rows', text: '办法对这种情况没有写明数额', law: '第八条' },
  ])
  const deductible = benefitOf(
    '    deductible: { law: 第七条, per: bill, rows: [{ category: extremely_poor, amount: none }] }',
  )
  expect(rule(deductible, { policy_scope_self_paid: '9.00' }).reasons.map((one) => [one.code, one.law])).toEqual([
    ['not_in_rows', '第七条'],
  ])
  const pool = benefitOf(
    '    limits: { law: 第九条, pools: [p] }',
    'pools: { p: { law: 第十条, label: 限额, per: person_year, rows: [{ category: extremely_poor, amount: none }] } }',
  )
  expect(codes(rule(pool, { policy_scope_self_paid: '9.00' }))).toEqual(['not_in_rows', 'limit_used_up'])
})

test('门槛：不到不付，到了全数', () => {
  const version = benefitOf(
    `    gate: { law: 第七条, any: [{ amount: base, over: year, above: "100.00" }] }
    limits: { law: 第九条, pools: [annual] }`,
    'pools: { annual: { law: 第九条, label: 限额, per: person_year, amount: none } }',
  )
  const shut = rule(version, { policy_scope_self_paid: '40.00' })
  expect([shut.assistance, codes(shut), shut.limits, shut.counters]).toEqual([
    0,
    ['gate_not_reached'],
    [],
    [{ owner: 'person', key: 'example/sum.base.inpatient/2024', delta: 4_000 }],
  ])
  const open = rule(version, { policy_scope_self_paid: '40.00' }, { 'example/sum.base.inpatient/2024': 6_001 })
  expect([open.assistance, codes(open)]).toEqual([4_000, []])
  expect(formulas(open)[2]).toBe('inpatient gate: 全年 100.01（须 > 100.00） = （第七条）')
  expect(codes(rule(version, {}))).toEqual(['base_zero', 'gate_not_reached'])
})

test('全年累计的数，没有身份也记', () => {
  const version = benefitOf(
    '    gate: { law: 第七条, any: [{ amount: policy_scope_self_paid, over: year, above: "100.00" }, { amount: total_cost, over: household_year, above: "900.00" }] }',
  )
  const wanted = [
    { owner: 'person', key: 'example/sum.policy_scope_self_paid/2024', delta: 4_000 },
    { owner: 'household', key: 'example/sum.total_cost/2024', delta: 4_000 },
  ]
  expect(rule(version, { policy_scope_self_paid: '40.00' }).counters).toEqual(wanted)
  expect(rule(version, { category: [], policy_scope_self_paid: '40.00' }).counters).toEqual(wanted)
})

test('次数：付了才算一次', () => {
  const version = benefitOf(
    '    limits: { law: 第九条, pools: [visits] }',
    'pools: { visits: { law: 第九条, label: 全年次数, per: person_year, times: 3 } }',
  )
  const third = rule(version, { policy_scope_self_paid: '40.00' }, { 'example/visits/2024': 2 })
  expect(third.limits).toEqual([
    { pool: 'visits', period: '2024', limit: 3, used_before: 2, used_after: 3, unit: 'times' },
  ])
  const fourth = rule(version, { policy_scope_self_paid: '40.00' }, { 'example/visits/2024': 3 })
  expect([fourth.assistance, codes(fourth), fourth.counters]).toEqual([0, ['times_used_up'], []])
  expect([codes(rule(version, {}, { 'example/visits/2024': 3 })), rule(version, {}).counters]).toEqual([
    ['base_zero', 'times_used_up'],
    [],
  ])
})

test('本年第几次', () => {
  const version = versionOf(
    'benefits: [{ key: a, label: 甲, tier: 1, applies: { law: 五, nth_this_year: { up_to: 2 } }, base: { law: 六, of: total_cost } }]',
  )
  const second = rule(version, { policy_scope_self_paid: '40.00' }, { 'example/count.a/2024': 1 })
  expect([second.assistance, second.counters]).toEqual([
    4_000,
    [{ owner: 'person', key: 'example/count.a/2024', delta: 1 }],
  ])
  expect(codes(rule(version, { policy_scope_self_paid: '40.00' }, { 'example/count.a/2024': 2 }))).toEqual([
    'turn_not_covered',
  ])
  expect(rule(version, {}).counters).toEqual([])
})

test('每次的限额只管这一次', () => {
  const version = versionOf(`pools: { once: { law: 九, label: 每次限额, per: bill, amount: "50.00" } }
benefits:
  - { key: a, label: 甲, tier: 1, applies: { law: 五 }, base: { law: 六, of: total_cost }, ratio: { law: 八, ratio: "0.3" }, limits: { law: 九, pools: [once] } }
  - { key: b, label: 乙, tier: 2, applies: { law: 五 }, base: { law: 六, of: total_cost }, ratio: { law: 八, ratio: "0.3" }, limits: { law: 九, pools: [once] } }`)
  const ruling = rule(version, { policy_scope_self_paid: '100.00' }, { 'example/once/bill': 4_000 })
  expect([ruling.benefits.map((one) => one.amount), ruling.counters, codes(ruling)]).toEqual([
    [3_000, 2_000],
    [],
    ['limit_cut'],
  ])
  expect(ruling.limits).toEqual([{ pool: 'once', period: 'bill', limit: 5_000, used_before: 0, used_after: 5_000 }])
})
