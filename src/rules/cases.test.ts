import { expect, test } from 'vitest'
import { amountsOf, type Case, type CaseBill, casesSchema, claimOfCase, runCase, startTotals } from './cases.ts'
import { versionOf } from './example.ts'

const scheme = {
  key: 'example',
  versions: [
    versionOf(`pools:
  annual: { law: 九, label: 年度限额, per: person_year, amount: "100.00" }
  quarter: { law: 九, label: 季度限额, per: person_quarter, amount: "80.00" }
  life: { law: 九, label: 一生限额, per: lifetime, rows: [{ category: dibao, amount: "500.00" }, { amount: none }] }
  visits: { law: 九, label: 次数, per: person_year, times: 3 }
benefits:
  - key: inpatient
    label: 住院
    tier: 1
    applies: { law: 五, care_type: inpatient }
    base: { law: 六, of: policy_scope_self_paid }
    deductible: { law: 七, per: year, amount: "10.00" }
    ratio: { law: 八, ratio: "0.5" }
    limits: { law: 九, pools: [annual, quarter, life, visits] }`),
  ],
}
const run = (bill: CaseBill, expected: Case['expect'], more: Partial<Case> = {}) =>
  runCase(scheme, { name: '例', bill, expect: expected, ...more }, { category: 'dibao', on: '2024-06-01' }).map(
    (one) => `${one.what}: ${one.expected} / ${one.got}`,
  )
const stay: CaseBill = { policy_scope_self_paid: '110.00' }

test.each<[string, CaseBill, Case['expect'], Partial<Case>, readonly string[]]>([
  [
    '全都对',
    stay,
    {
      assistance: '50.00',
      patient_pays: '60.00',
      category: 'dibao',
      version: '2024-01-01',
      benefits: { inpatient: '50.00' },
      reasons: [],
      left: { annual: '50.00', quarter: '30.00', life: '450.00', visits: 2 },
    },
    {},
    [],
  ],
  ['救助不对', stay, { assistance: '50.01' }, {}, ['assistance: 50.01 / 50.00']],
  ['个人付的不对', stay, { patient_pays: '0.00' }, {}, ['patient_pays: 0.00 / 60.00']],
  ['身份不对', stay, { category: 'orphan' }, {}, ['category: orphan / dibao']],
  ['应没有身份', stay, { category: null }, {}, ['category: （无） / dibao']],
  ['没有身份', { ...stay, category: [] }, { category: null, reasons: ['no_category'] }, {}, []],
  ['版本不对', stay, { version: '2023-01-01' }, {}, ['version: 2023-01-01 / 2024-01-01']],
  [
    '各项不对',
    stay,
    { benefits: { tilt: '1.00' } },
    {},
    ['benefits.tilt: 1.00 / 0.00', 'benefits.inpatient: 0.00 / 50.00'],
  ],
  ['原因不对', stay, { reasons: ['limit_cut'] }, {}, ['reasons: limit_cut / ']],
  ['原因不分先后', {}, { reasons: ['limit_used_up', 'base_zero'] }, { used: { annual: '100.00' } }, []],
  [
    '剩余不对',
    stay,
    { left: { annual: '49.99', visits: 1, quarter: 'none' } },
    {},
    ['left.annual: 49.99 / 50.00', 'left.visits: 1 / 2', 'left.quarter: none / 30.00'],
  ],
  [
    '没有用到的池',
    { ...stay, care_type: 'outpatient' },
    { left: { annual: '100.00' } },
    {},
    ['left.annual: 100.00 / （没有用到）'],
  ],
  ['不设限', { ...stay, category: 'extremely_poor' }, { left: { life: 'none' } }, {}, []],
  [
    '不设限却写了数',
    { ...stay, category: 'extremely_poor' },
    { left: { life: '1.00' } },
    {},
    ['left.life: 1.00 / none'],
  ],
  ['应被拒绝', stay, { refused: 'no_rule_in_force' }, {}, ['refused: no_rule_in_force / 2024-01-01']],
  ['确被拒绝', { ...stay, on: '2023-12-31' }, { refused: 'no_rule_in_force' }, {}, []],
  [
    '拒绝得不对',
    { ...stay, on: '2023-12-31' },
    { refused: 'no_scheme' },
    {},
    ['refused: no_scheme / no_rule_in_force'],
  ],
  [
    '不该被拒绝',
    { ...stay, insured_place: '110101' },
    { assistance: '1.00' },
    {},
    ['refused: （应有结果） / no_scheme'],
  ],
  ['年度已用', stay, { assistance: '20.00' }, { used: { annual: '80.00' } }, []],
  ['季度已用', stay, { assistance: '10.00' }, { used: { quarter: '70.00' } }, []],
  ['一生已用', stay, { assistance: '5.00' }, { used: { life: '495.00' } }, []],
  ['次数已用', stay, { assistance: '0.00' }, { used: { visits: 3 } }, []],
  ['起付线已扣', stay, { assistance: '55.00' }, { used: { 'deductible.inpatient': '10.00' } }, []],
  ['指明期间', stay, { assistance: '1.00' }, { used: { 'annual/2024': '99.00' } }, []],
  [
    '之前的账单',
    stay,
    { assistance: '50.00' },
    {
      earlier_bills: [
        { ...stay, on: '2024-03-01' },
        { ...stay, on: '2023-03-01' },
      ],
    },
    [],
  ],
])('%s', (_name, bill, expected, more, differences) => {
  expect(run(bill, expected, more)).toEqual(differences)
})

test('账单没写的，是平常的', () => {
  expect(claimOfCase({}, '410200')).toEqual({
    care_type: 'inpatient',
    admitted_on: '1949-10-01',
    discharged_on: '1949-10-01',
    settled_on: '1949-10-01',
    insurance: { type: 'resident', admdvs: '410200' },
    hospital: { level: 2, admdvs: '410200' },
    referral: 'not_needed',
    diagnoses: [],
    disease_code: null,
    circumstances: [],
    age: 40,
    categories: [],
    channel: 'counter',
    amounts: amountsOf({}),
  })
  const all: CaseBill = {
    care_type: 'outpatient',
    category: [{ key: 'dibao', from: '2020-01-01' }, 'orphan'],
    admitted_on: '2024-01-01',
    discharged_on: '2024-01-02',
    settled_on: '2024-01-03',
    insurance: 'none',
    insured_place: '654002',
    hospital_place: '110101',
    hospital_level: 3,
    referral: 'filed',
    diagnoses: ['I10'],
    disease_code: 'M1',
    age: 7,
    channel: 'application',
    circumstances: ['crime'],
  }
  expect(claimOfCase(all, '410200')).toMatchObject({
    care_type: 'outpatient',
    admitted_on: '2024-01-01',
    discharged_on: '2024-01-02',
    settled_on: '2024-01-03',
    insurance: { type: 'none', admdvs: '654002' },
    hospital: { level: 3, admdvs: '110101' },
    referral: 'filed',
    diagnoses: ['I10'],
    disease_code: 'M1',
    circumstances: ['crime'],
    age: 7,
    channel: 'application',
    categories: [
      { key: 'dibao', from: '2020-01-01' },
      { key: 'orphan', from: '1949-10-01' },
    ],
  })
  const days = (facts: CaseBill) =>
    (({ admitted_on, discharged_on, settled_on }) => [admitted_on, discharged_on, settled_on])(
      claimOfCase(facts, '410200'),
    )
  expect(days({ on: '2024-05-01' })).toEqual(['2024-05-01', '2024-05-01', '2024-05-01'])
  expect(days({ settled_on: '2024-05-01' })).toEqual(['2024-05-01', '2024-05-01', '2024-05-01'])
  expect(days({ admitted_on: '2024-05-01' })).toEqual(['2024-05-01', '2024-05-01', '2024-05-01'])
  expect(days({ on: '2024-05-01', admitted_on: '2024-04-01' })).toEqual(['2024-04-01', '2024-05-01', '2024-05-01'])
  expect(claimOfCase({ insured_place: '654002' }, '410200').hospital.admdvs).toBe('654002')
})

test('账单的数，写一部分就能推出其余', () => {
  const of = (facts: Parameters<typeof amountsOf>[0]) =>
    (({ total_cost, policy_scope_cost }) => [total_cost, policy_scope_cost])(amountsOf(facts))
  expect(of({})).toEqual([0, 0])
  expect(
    of({
      policy_scope_self_paid: '10.00',
      amounts: {
        basic_insurance_paid: '1.00',
        serious_illness_paid: '2.00',
        other_insurance_paid: '3.00',
        commercial_paid: '9.00',
        self_funded: '0.10',
      },
    }),
  ).toEqual([1_610, 1_600])
  expect(
    of({ amounts: { total_cost: '100.00', self_funded: '1.00', over_limit: '2.00', prior_self_pay: '3.00' } }),
  ).toEqual([10_000, 9_400])
  expect(of({ amounts: { total_cost: '1.00', self_funded: '2.00' } })).toEqual([100, 0])
  expect(of({ amounts: { policy_scope_cost: '5.00', total_cost: '9.00' } })).toEqual([900, 500])
})

test('例子的写法：至少写一项结果，写错的键不收', () => {
  const ok = (expected: object, bill: object = {}) =>
    casesSchema.safeParse({ scheme: 'a', cases: [{ name: '一', bill, expect: expected }] }).success
  expect([
    ok({ assistance: '1.00' }),
    ok({}),
    ok({ asistance: '1.00' }),
    ok({ assistance: '1' }),
    ok({ assistance: '1.00' }, { on: '2024-02-30' }),
    ok({ assistance: '1.00' }, { insured_place: '65400' }),
  ]).toEqual([true, false, false, false, false, false])
})

test('本人的累计与全户的累计各算各的', () => {
  const gated = {
    key: 'example',
    versions: [
      versionOf(`benefits:
  - key: inpatient
    label: 住院
    tier: 1
    applies: { law: 五, care_type: inpatient }
    base: { law: 六, of: policy_scope_self_paid }
    gate: { law: 七, any: [{ amount: total_cost, over: year, above: "100.00" }, { amount: total_cost, over: household_year, above: "900.00" }] }
    ratio: { law: 八, ratio: "1" }`),
    ],
  }
  const assistance = (earlier: string, now: string): readonly string[] =>
    runCase(
      gated,
      {
        name: '例',
        earlier_bills: [{ policy_scope_self_paid: earlier }],
        bill: { policy_scope_self_paid: now },
        expect: { assistance: '0.00' },
      },
      { category: 'dibao', on: '2024-06-01' },
    ).map((one) => one.got)
  expect([assistance('40.00', '30.00'), assistance('40.00', '60.01')]).toEqual([[], ['60.01']])
})

test('累计的数从零起，随每次结算增加', () => {
  const totals = startTotals(new Map([['a', 1]]))
  const ruling = {
    category: null,
    assistance: 0,
    benefits: [],
    reasons: [],
    limits: [],
    trace: [],
    counters: [
      { owner: 'person', key: 'a', delta: 2 },
      { owner: 'person', key: 'b', delta: 5 },
    ],
  } as const
  totals.add(ruling)
  expect([totals.read('person', 'a'), totals.read('person', 'b'), totals.read('person', 'c')]).toEqual([3, 5, 0])
})
