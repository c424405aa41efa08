import { expect, test } from 'vitest'
import { formatYuan } from '../kernel/money.ts'
import { applyRules } from './apply.ts'
import { type CaseBill, claimOfCase, startTotals } from './cases.ts'
import type { Ruling } from './claim.ts'
import type { CompiledVersion } from './compile.ts'
import { benefitOf, versionOf } from './example.ts'

const rule = (version: CompiledVersion, facts: CaseBill, used: Readonly<Record<string, number>> = {}): Ruling => {
  const claim = claimOfCase({ category: 'dibao', on: '2024-06-01', ...facts }, '410200')
  return applyRules(version, claim, 2024, startTotals(new Map(Object.entries(used))).read)
}
const codes = (ruling: Ruling) => ruling.reasons.map((one) => one.code)
const formulas = (ruling: Ruling) =>
  ruling.trace.map(
    (one) =>
      `${one.benefit ?? '-'} ${one.stage}: ${one.formula} = ${one.amount === null ? '' : formatYuan(one.amount)}（${one.law}）`,
  )

const capped = benefitOf(
  '    ratio: { law: 第八条, ratio: "0.75" }\n    limits: { law: 第九条, pools: [annual] }',
  'pools: { annual: { law: 第九条, label: 年度限额, per: person_year, amount: "60000.00" } }',
)

test('一张账单从头到尾', () => {
  const ruling = rule(capped, { policy_scope_self_paid: '15210.00' }, { 'example/annual/2024': 100 })
  expect(ruling).toEqual({
    category: 'dibao',
    assistance: 1_140_750,
    benefits: [{ benefit: 'inpatient', tier: 1, base: 1_521_000, amount: 1_140_750 }],
    reasons: [],
    limits: [{ pool: 'annual', period: '2024', limit: 6_000_000, used_before: 100, used_after: 1_140_850 }],
    counters: [{ owner: 'person', key: 'example/annual/2024', delta: 1_140_750 }],
    trace: [
      { benefit: null, stage: 'category', label: '救助对象类别', formula: '低保对象', amount: null, law: '第三条' },
      { benefit: 'inpatient', stage: 'base', label: '救助基数', formula: '15210.00', amount: 1_521_000, law: '第六条' },
      {
        benefit: 'inpatient',
        stage: 'ratio',
        label: '救助比例',
        formula: '15210.00 × 75%',
        amount: 1_140_750,
        law: '第八条',
      },
      {
        benefit: 'inpatient',
        stage: 'limits',
        label: '年度限额',
        formula: '年度限额 60000.00，已用 1.00',
        amount: 1_140_750,
        law: '第九条',
      },
    ],
  })
})

test('有小数时写出来，到最后才取整', () => {
  expect(formulas(rule(capped, { policy_scope_self_paid: '0.03' }))).toEqual([
    '- category: 低保对象 = （第三条）',
    'inpatient base: 0.03 = 0.03（第六条）',
    'inpatient ratio: 0.03 × 75% = 0.0225 = 0.02（第八条）',
    'inpatient limits: 年度限额 60000.00，已用 0.00 = 0.02（第九条）',
    'inpatient round: 0.0225 → 0.02 = 0.02（未规定）',
  ])
})

test('限额：不足、差一分的零头、用完', () => {
  const cut = rule(capped, { policy_scope_self_paid: '100.00' }, { 'example/annual/2024': 5_999_999 })
  expect([cut.assistance, codes(cut)]).toEqual([1, ['limit_cut']])
  expect(cut.reasons[0]).toEqual({ code: 'limit_cut', text: '限额所余不足，只支付所余部分', law: '第九条' })
  const crumb = rule(capped, { policy_scope_self_paid: '0.03' }, { 'example/annual/2024': 5_999_998 })
  expect([crumb.assistance, codes(crumb)]).toEqual([2, ['limit_cut']])
  const exact = rule(capped, { policy_scope_self_paid: '0.04' }, { 'example/annual/2024': 5_999_997 })
  expect([exact.assistance, codes(exact)]).toEqual([3, []])
  const gone = rule(capped, { policy_scope_self_paid: '100.00' }, { 'example/annual/2024': 6_000_000 })
  expect([gone.assistance, codes(gone), gone.counters]).toEqual([0, ['limit_used_up'], []])
  expect(gone.limits).toEqual([
    { pool: 'annual', period: '2024', limit: 6_000_000, used_before: 6_000_000, used_after: 6_000_000 },
  ])
})

test('基数为零、限额也用完，两个原因都说', () => {
  expect(codes(rule(capped, {}, { 'example/annual/2024': 6_000_000 }))).toEqual(['base_zero', 'limit_used_up'])
  expect(codes(rule(capped, {}))).toEqual(['base_zero'])
})

test('不超过个人应付', () => {
  const ruling = rule(capped, { policy_scope_self_paid: '1000.00', amounts: { donation_paid: '900.00' } })
  expect([ruling.assistance, codes(ruling), ruling.trace.at(-1)]).toEqual([
    10_000,
    ['owed_cut'],
    { benefit: 'inpatient', stage: 'guard', label: '不超过个人应付', formula: '100.00', amount: 10_000, law: '第六条' },
  ])
  const nothing = rule(capped, { policy_scope_self_paid: '1000.00', amounts: { donation_paid: '1000.00' } })
  expect([nothing.assistance, codes(nothing)]).toEqual([0, ['nothing_owed']])
})

test('身份：没有、不在册、取次序在前、就高', () => {
  const none = rule(capped, { category: [] })
  expect([none.category, none.assistance, codes(none), none.counters]).toEqual([null, 0, ['no_category'], []])
  expect(none.trace).toEqual([
    {
      benefit: null,
      stage: 'category',
      label: '救助对象类别',
      formula: '就诊日不在任何一类救助对象之内',
      amount: null,
      law: '第四条',
    },
  ])
  expect(codes(rule(capped, { category: 'martyr' }))).toEqual(['no_category'])
  const both = rule(capped, { category: ['dibao', 'martyr', 'extremely_poor'] })
  expect([both.category, both.trace[0]?.formula]).toEqual([
    'extremely_poor',
    '特困人员（取次序在前者；未用：低保对象、martyr（本办法未列））',
  ])
  const twice = rule(capped, { category: ['dibao', 'dibao'] })
  expect(twice.trace[0]?.formula).toBe('低保对象')
  const ratios = '    ratio: { law: 第八条, rows: [{ category: extremely_poor, ratio: "0.5" }, { ratio: "0.7" }] }'
  const best = rule(benefitOf(ratios, 'choose: { by: best, law: 第四条 }'), {
    category: ['dibao', 'extremely_poor'],
    policy_scope_self_paid: '10.00',
  })
  expect([best.category, best.assistance, best.trace[0]?.formula]).toEqual([
    'dibao',
    700,
    '低保对象（取救助最高者；未用：特困人员）',
  ])
  const equal = rule(benefitOf('', 'choose: { by: best, law: 第四条 }'), {
    category: ['dibao', 'extremely_poor'],
    policy_scope_self_paid: '10.00',
  })
  expect(equal.category).toBe('extremely_poor')
})

const excluding = benefitOf(
  '',
  `exclusions:
  - { law: 第十六条, label: 工伤, circumstance: work_injury, reason: excluded_work_injury }
  - { law: 第十六条, label: 外省, place: out_of_province, reason: excluded_place }
none: [{ law: 第五条, label: 门诊不救助, category: [dibao], care_type: [outpatient] }]`,
)

test('排除：每个原因都说，没有身份也说，什么也不记账', () => {
  const ruling = rule(excluding, {
    circumstances: ['work_injury'],
    hospital_place: '110101',
    policy_scope_self_paid: '1.00',
  })
  expect([ruling.assistance, ruling.category, codes(ruling), ruling.counters, ruling.limits]).toEqual([
    0,
    'dibao',
    ['excluded_work_injury', 'excluded_place'],
    [],
    [],
  ])
  expect(ruling.trace).toEqual([
    {
      benefit: null,
      stage: 'exclusions',
      label: '工伤',
      formula: '应由工伤保险支付的费用不予救助',
      amount: 0,
      law: '第十六条',
    },
    {
      benefit: null,
      stage: 'exclusions',
      label: '外省',
      formula: '该就诊地的费用不予救助',
      amount: 0,
      law: '第十六条',
    },
  ])
  expect(codes(rule(excluding, { category: [], circumstances: ['work_injury'] }))).toEqual([
    'excluded_work_injury',
    'no_category',
  ])
  expect(rule(excluding, { policy_scope_self_paid: '1.00' }).assistance).toBe(100)
})

test('不救助的就诊：写明的引写明的条文，没写明的引各项的条文', () => {
  const purpose = rule(excluding, { care_type: 'outpatient', policy_scope_self_paid: '1.00' })
  expect(purpose.reasons).toEqual([{ code: 'care_type_not_covered', text: '这类就诊不在救助范围', law: '第五条' }])
  expect(purpose.trace.at(-1)).toEqual({
    benefit: null,
    stage: 'none',
    label: '门诊不救助',
    formula: '不予救助',
    amount: 0,
    law: '第五条',
  })
  expect(rule(excluding, { care_type: 'outpatient_chronic' }).trace).toHaveLength(1)
  const several = versionOf(`benefits:
  - { key: a, label: 甲, tier: 1, applies: { law: 第五条, care_type: inpatient }, base: { law: 第六条, of: total_cost } }
  - { key: b, label: 乙, tier: 1, applies: { law: 第五条, care_type: inpatient, category: extremely_poor }, base: { law: 第六条, of: total_cost } }
  - { key: c, label: 丙, tier: 1, applies: { law: 第七条, care_type: outpatient, referral: none }, base: { law: 第六条, of: total_cost } }`)
  const elsewhere = rule(several, { care_type: 'outpatient_serious' })
  expect(elsewhere.reasons.map((one) => `${one.code} ${one.law}`)).toEqual([
    'care_type_not_covered 第五条',
    'category_not_covered 第五条',
    'care_type_not_covered 第七条',
  ])
  expect(rule(several, { care_type: 'outpatient' }).reasons).toEqual([
    { code: 'not_referred', text: '未按规定办理转诊或备案', law: '第七条' },
  ])
})

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
  expect(rule(version('computed'), { policy_scope_self_paid: '100.00' }, used).assistance).toBe(6_000)
  const full = benefitOf(
    '    deductible: { law: 第七条, per: year, amount: "40.00" }\n    accumulate: { law: 第六条, per: year, less: paid, shared_as: all }',
  )
  expect(rule(full, { policy_scope_self_paid: '100.00' }, { 'example/paid.all/2024': 1_000 }).assistance).toBe(5_000)
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
