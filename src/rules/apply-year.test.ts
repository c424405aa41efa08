import { expect, test } from 'vitest'
import { benefitOf, codes, formulas, rule, versionOf } from './example.ts'

test('调整、超过基数时截住、提高百分点', () => {
  const more = benefitOf(
    '    ratio: { law: 第八条, ratio: "0.95" }\n    adjust: [{ law: 第十二条, label: 加成, times: "1.1" }]',
  )
  expect(formulas(rule(more, { policy_scope_self_paid: '100.00' })).slice(3)).toEqual([
    'inpatient adjust: 95.00 × 1.1 = 104.50（第十二条）',
    'inpatient adjust: 100.00 = 100.00（第六条）',
  ])
  const points = benefitOf(
    '    ratio: { law: 第八条, ratio: "0.70" }\n    adjust: [{ law: 第十二条, age: { below: 18 }, points_more: "0.10" }]',
  )
  expect(rule(points, { age: 17, policy_scope_self_paid: '100.00' }).assistance).toBe(8_000)
  expect(rule(points, { age: 18, policy_scope_self_paid: '100.00' }).assistance).toBe(7_000)
  const low = benefitOf('    adjust: [{ law: 第十二条, nothing_below: "50.00" }]')
  expect(rule(low, { policy_scope_self_paid: '49.99' }).reasons.map((one) => [one.code, one.law])).toEqual([
    ['below_minimum', '第十二条'],
  ])
  expect(codes(rule(benefitOf('    ratio: { law: 第八条, ratio: "0" }'), { policy_scope_self_paid: '1.00' }))).toEqual([
    'ratio_zero',
  ])
  const crumb = rule(benefitOf('    ratio: { law: 第八条, ratio: "0.4" }'), { policy_scope_self_paid: '0.01' })
  expect([crumb.assistance, crumb.reasons.map((one) => [one.code, one.law])]).toEqual([
    0,
    [['rounded_to_zero', '未规定']],
  ])
})

test('个人最多付一成，个人付的取到角', () => {
  const version = benefitOf(`    base: { law: 第六条, of: total_cost }
    ratio: { law: 第八条, ratio: "0.5" }
    target: { law: 第二条, patient_pays: at_most, rows: [{ share: "0.10", of: total_cost }] }
    round: { law: 第三条, to: fen, mode: half_up, patient: { to: jiao, mode: half_up } }`)
  const ruling = rule(version, { policy_scope_self_paid: '5348.64' })
  expect(534_864 - ruling.assistance).toBe(53_490)
  expect(formulas(ruling).slice(3)).toEqual([
    'inpatient target: 5348.64 − 个人负担 534.864（5348.64 × 10%） = 4813.78（第二条）',
    'inpatient round: 4813.776 → 4813.74 = 4813.74（第三条）',
  ])
})

test('个人全年负担：付过的都记，救助过的减去', () => {
  const version = benefitOf(
    '    ratio: { law: 第八条, ratio: "0.5" }\n    target: { law: 第二条, patient_pays: at_most, rows: [{ a_year: "100.00" }] }',
  )
  const first = rule(version, { policy_scope_self_paid: '150.00' })
  expect([first.assistance, first.counters]).toEqual([
    7_500,
    [{ owner: 'person', key: 'example/own_pay.patient_owes/2024', delta: 7_500 }],
  ])
  const second = rule(version, { policy_scope_self_paid: '150.00' }, { 'example/own_pay.patient_owes/2024': 7_500 })
  expect([second.assistance, second.counters]).toEqual([
    12_500,
    [{ owner: 'person', key: 'example/own_pay.patient_owes/2024', delta: 2_500 }],
  ])
  expect(rule(version, { category: [], policy_scope_self_paid: '150.00' }).counters).toEqual([
    { owner: 'person', key: 'example/own_pay.patient_owes/2024', delta: 15_000 },
  ])
})

test('全年累计按差额', () => {
  const version = benefitOf(`    deductible: { law: 第七条, per: year, amount: "100.00" }
    ratio: { law: 第八条, bands_are: marginal, edges_from: zero, bands: [{ up_to: "200.00", ratio: "0.5" }, { above: "200.00", ratio: "0.8" }] }
    accumulate: { law: 第十四条, per: year }`)
  const ruling = rule(version, { policy_scope_self_paid: '150.00' }, { 'example/base.inpatient/2024': 15_000 })
  expect(formulas(ruling).slice(2)).toEqual([
    'inpatient deductible: 300.00 − 100.00 = 200.00（第七条）',
    'inpatient ratio: 100.00 × 50% + 100.00 × 80% = 130.00（第八条）',
    'inpatient accumulate: 130.00 − 25.00（到上次为止应得） = 105.00（第十四条）',
  ])
  expect([ruling.assistance, ruling.counters]).toEqual([
    10_500,
    [{ owner: 'person', key: 'example/base.inpatient/2024', delta: 15_000 }],
  ])
  const under = rule(version, { policy_scope_self_paid: '50.00' }, { 'example/base.inpatient/2024': 5_000 })
  expect([codes(under), under.counters]).toEqual([
    ['below_deductible'],
    [{ owner: 'person', key: 'example/base.inpatient/2024', delta: 5_000 }],
  ])
  const flat = benefitOf(
    '    deductible: { law: 第七条, per: year, amount: "100.00" }\n    accumulate: { law: 第十四条, per: year }',
  )
  expect(rule(flat, { policy_scope_self_paid: '50.00' }, { 'example/base.inpatient/2024': 8_000 }).assistance).toBe(
    3_000,
  )
  expect(rule(flat, { policy_scope_self_paid: '50.00' }, { 'example/base.inpatient/2024': 12_000 }).assistance).toBe(
    5_000,
  )
  const lump = benefitOf(
    '    ratio: { law: 第八条, bands_are: whole, edges_from: zero, bands: [{ up_to: "9.00", ratio: "0" }, { above: "9.00", lump: "20.00" }] }\n    accumulate: { law: 第十四条, per: year }',
  )
  expect(codes(rule(lump, { policy_scope_self_paid: '50.00' }, { 'example/base.inpatient/2024': 12_000 }))).toEqual([
    'accumulated_no_more',
  ])
  expect(codes(rule(lump, { policy_scope_self_paid: '9.00' }))).toEqual(['ratio_zero'])
})

test('全年的门槛加全年累计：门槛以下的到过门槛时一并补足', () => {
  const version = (less: string) =>
    benefitOf(`    gate: { law: 第四条, any: [{ amount: base, over: year, above: "172.45" }] }
    deductible: { law: 第七条, per: year, amount: "40.00" }
    ratio: { law: 第八条, ratio: "0.6" }
    accumulate: { law: 第六条, per: year, less: ${less} }`)
  const used = { 'example/sum.base.inpatient/2024': 10_000, 'example/base.inpatient/2024': 10_000 }
  const first = rule(version('paid'), { policy_scope_self_paid: '100.00' })
  expect([first.assistance, codes(first)]).toEqual([0, ['gate_not_reached']])
  expect(first.counters).toEqual([
    { owner: 'person', key: 'example/base.inpatient/2024', delta: 10_000 },
    { owner: 'person', key: 'example/sum.base.inpatient/2024', delta: 10_000 },
  ])
  const second = rule(version('paid'), { policy_scope_self_paid: '100.00' }, used)
  expect([second.assistance, second.counters.at(-1)]).toEqual([
    9_600,
    { owner: 'person', key: 'example/paid.inpatient/2024', delta: 9_600 },
  ])
  expect(formulas(second).find((one) => one.includes('accumulate'))).toBe(
    'inpatient accumulate: 96.00 − 0.00（本年已付） = 96.00（第六条）',
  )
  const third = rule(
    version('paid'),
    { policy_scope_self_paid: '10.00' },
    {
      'example/sum.base.inpatient/2024': 20_000,
      'example/base.inpatient/2024': 20_000,
      'example/paid.inpatient/2024': 9_600,
    },
  )
  expect(third.assistance).toBe(600)
  const madeUp = (amounts: Record<string, string>) =>
    rule(version('paid'), { policy_scope_self_paid: '80.00', amounts }, used)
  expect([madeUp({ self_funded: '60.00' }).assistance, codes(madeUp({ self_funded: '60.00' }))]).toEqual([8_400, []])
  expect([madeUp({}).assistance, codes(madeUp({}))]).toEqual([8_000, ['owed_cut']])
  expect(rule(version('computed'), { policy_scope_self_paid: '100.00' }, used).assistance).toBe(6_000)
  const full = benefitOf(
    '    deductible: { law: 第七条, per: year, amount: "40.00" }\n    accumulate: { law: 第六条, per: year, less: paid, shared_as: all }',
  )
  expect(rule(full, { policy_scope_self_paid: '100.00' }, { 'example/paid.all/2024': 1_000 }).assistance).toBe(5_000)
})

test('全年累计只管别人时，这一张单独算，也不提全年', () => {
  const version = benefitOf(`    deductible: { law: 第七条, per: year, amount: "100.00" }
    accumulate: { law: 第十四条, per: year, only_for: { category: extremely_poor } }`)
  const ruling = rule(version, { policy_scope_self_paid: '150.00' }, { 'example/base.inpatient/2024': 90_000 })
  expect([ruling.assistance, formulas(ruling).slice(2)]).toEqual([
    5_000,
    ['inpatient deductible: 150.00 − 100.00 = 50.00（第七条）'],
  ])
  expect(ruling.counters).toEqual([{ owner: 'person', key: 'example/deductible.inpatient/2024', delta: 10_000 }])
})

test('全年补到定数：别人付的和自己付的都算', () => {
  const version = benefitOf(
    '    ratio: { law: 第八条, top_up: { to: "500.00", counting: [insurance_paid], per: year } }',
  )
  const first = rule(version, { policy_scope_self_paid: '150.00', amounts: { basic_insurance_paid: '200.00' } })
  expect([first.assistance, first.counters]).toEqual([
    15_000,
    [{ owner: 'person', key: 'example/top_up.inpatient/2024', delta: 35_000 }],
  ])
  const second = rule(
    version,
    { policy_scope_self_paid: '300.00', amounts: { basic_insurance_paid: '50.00' } },
    { 'example/top_up.inpatient/2024': 35_000 },
  )
  expect([second.assistance, second.counters]).toEqual([
    10_000,
    [{ owner: 'person', key: 'example/top_up.inpatient/2024', delta: 15_000 }],
  ])
  const once = benefitOf('    ratio: { law: 第八条, top_up: { to: "500.00", counting: [insurance_paid], per: bill } }')
  expect(rule(once, { policy_scope_self_paid: '150.00' }).counters).toEqual([])
})

test('不写比例就是全付，起付线照扣', () => {
  const version = benefitOf('    deductible: { law: 第七条, per: bill, amount: "10.00" }')
  expect(rule(version, { policy_scope_self_paid: '30.00' }).assistance).toBe(2_000)
})

test('同一条文的同一原因只说一次，不同条文各说', () => {
  const version = versionOf(`benefits:
  - { key: a, label: 甲, tier: 1, applies: { law: 五, referral: referred }, base: { law: 六, of: total_cost } }
  - { key: b, label: 乙, tier: 1, applies: { law: 五, referral: filed }, base: { law: 六, of: total_cost } }
  - { key: c, label: 丙, tier: 1, applies: { law: 七, referral: filed }, base: { law: 六, of: total_cost } }`)
  expect(rule(version, {}).reasons.map((one) => `${one.code} ${one.law}`)).toEqual([
    'not_referred 五',
    'not_referred 七',
  ])
})

test('没有付钱的一项不列出；有一个池用完就算到了限额；门槛没开不算', () => {
  const version = (limits: string, gate = '') =>
    versionOf(`pools:
  small: { law: 九, label: 小, per: person_year, amount: "10.00" }
  large: { law: 九, label: 大, per: person_year, amount: "900.00" }
benefits:
  - { key: a, label: 甲, tier: 1, applies: { law: 五 }, base: { law: 六, of: total_cost }${gate}, limits: { law: 九, pools: [${limits}] } }
  - { key: b, label: 乙, tier: 2, applies: { law: 七, earlier: { benefit: a, is: limit_reached } }, base: { law: 六, of: left_by_benefits }, ratio: { law: 八, ratio: "0.5" } }`)
  const paid = (limits: string, gate = '') =>
    rule(version(limits, gate), { policy_scope_self_paid: '100.00' }).benefits.map((one) => [one.benefit, one.amount])
  expect(paid('small, large')).toEqual([
    ['a', 1_000],
    ['b', 4_500],
  ])
  expect(paid('large')).toEqual([['a', 10_000]])
  expect(paid('small', ', gate: { law: 七, any: [{ amount: base, over: bill, above: "900.00" }] }')).toEqual([])
  const zero = rule(
    versionOf(`benefits:
  - { key: a, label: 甲, tier: 1, applies: { law: 五 }, base: { law: 六, of: donation_paid } }
  - { key: b, label: 乙, tier: 1, applies: { law: 五 }, base: { law: 六, of: total_cost } }`),
    { policy_scope_self_paid: '1.00' },
  )
  expect(zero.benefits.map((one) => one.benefit)).toEqual(['b'])
})

test('只管别人的门槛跳过', () => {
  const version = benefitOf(
    '    gate: { law: 第七条, only_for: { insurance: none }, any: [{ amount: base, over: bill, above: "900.00" }] }',
  )
  expect(rule(version, { policy_scope_self_paid: '1.00' }).assistance).toBe(100)
  expect(codes(rule(version, { insurance: 'none', policy_scope_self_paid: '1.00' }))).toEqual(['gate_not_reached'])
})

test('基数为零时别的环节不说话', () => {
  const version = benefitOf(
    '    deductible: { law: 第七条, per: year, amount: "10.00" }\n    ratio: { law: 第八条, ratio: "0.5" }',
  )
  const ruling = rule(version, {})
  expect([codes(ruling), ruling.trace.map((one) => one.stage)]).toEqual([['base_zero'], ['category', 'base']])
  const over = rule(
    benefitOf('    deductible: { law: 第七条, per: bill, amount: "10.00" }\n    ratio: { law: 第八条, ratio: "0" }'),
    { policy_scope_self_paid: '11.00' },
  )
  expect(codes(over)).toEqual(['ratio_zero'])
  const none = rule(benefitOf('    deductible: { law: 第七条, per: bill, amount: none }'), {
    policy_scope_self_paid: '11.00',
  })
  expect(none.trace.map((one) => one.stage)).toEqual(['category', 'base'])
})

test('全年累计的起付线不看已扣的数', () => {
  const version = benefitOf(
    '    deductible: { law: 第七条, per: year, amount: "100.00" }\n    ratio: { law: 第八条, ratio: "0.5" }\n    accumulate: { law: 第十四条, per: year }',
  )
  const ruling = rule(version, { policy_scope_self_paid: '150.00' }, { 'example/deductible.inpatient/2024': 9_000 })
  expect([ruling.assistance, formulas(ruling)[2]]).toEqual([
    2_500,
    'inpatient deductible: 150.00 − 100.00 = 50.00（第七条）',
  ])
})

test('后一项只在前面救助后还欠的以内', () => {
  const version = versionOf(`benefits:
  - { key: a, label: 甲, tier: 1, applies: { law: 五 }, base: { law: 六, of: policy_scope_self_paid }, ratio: { law: 八, ratio: "0.6" } }
  - { key: b, label: 乙, tier: 1, applies: { law: 七 }, base: { law: 七, of: policy_scope_self_paid }, ratio: { law: 八, ratio: "0.6" } }`)
  const ruling = rule(version, { policy_scope_self_paid: '100.00' })
  expect([ruling.benefits.map((one) => one.amount), ruling.assistance, codes(ruling)]).toEqual([
    [6_000, 4_000],
    10_000,
    ['owed_cut'],
  ])
  expect(ruling.reasons[0]?.law).toBe('七')
})

test('取整到角：照写明的取，不到半角为零，限额所余也取到角', () => {
  const version = benefitOf(
    '    ratio: { law: 第八条, ratio: "0.5" }\n    limits: { law: 第九条, pools: [annual] }\n    round: { law: 第三条, to: jiao, mode: half_up }',
    'pools: { annual: { law: 第九条, label: 年度限额, per: person_year, amount: "10.00" } }',
  )
  const of = (self: string, used = 0) =>
    rule(version, { policy_scope_self_paid: self }, { 'example/annual/2024': used })
  expect([of('1.10').assistance, of('1.08').assistance]).toEqual([60, 50])
  const crumb = of('0.08')
  expect([crumb.assistance, crumb.reasons.map((one) => [one.code, one.law])]).toEqual([
    0,
    [['rounded_to_zero', '第三条']],
  ])
  expect([of('5.00', 955).assistance, codes(of('5.00', 955))]).toEqual([40, ['limit_cut']])
  expect(formulas(of('1.00')).at(-1)).toBe('inpatient round: 0.50 → 0.50 = 0.50（第三条）')
})
