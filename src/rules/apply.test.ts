import { expect, test } from 'vitest'
import { benefitOf, codes, formulas, rule, versionOf } from './example.ts'

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
  expect([none.benefits, none.limits]).toEqual([[], []])
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
  const ranked = rule(benefitOf(ratios), { category: ['dibao', 'extremely_poor'], policy_scope_self_paid: '10.00' })
  expect([ranked.category, ranked.assistance]).toEqual(['extremely_poor', 500])
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
