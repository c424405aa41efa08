import { expect, test } from 'vitest'
import { checkFiles } from './check.ts'
import { documentOf } from './example.ts'

const VERSION = documentOf(`pools: { annual: { law: 九, label: 年度限额, per: person_year, amount: "10000.00" } }
none: [{ law: 五, label: 门诊不救助, category: [extremely_poor, dibao], care_type: [outpatient, outpatient_chronic, outpatient_serious] }]
benefits:
  - key: inpatient
    label: 住院救助
    tier: 1
    applies: { law: 五, care_type: inpatient }
    base: { law: 六, of: policy_scope_self_paid }
    ratio: { law: 八, ratio: "0.5" }
    limits: { law: 九, pools: [annual] }
`)
/** What `check` says of one more case beside the two every scheme needs. */
const told = (one: string): readonly string[] =>
  checkFiles([
    { path: 'example/2024-01-01.yaml', text: VERSION },
    {
      path: 'example/cases.yaml',
      text: `scheme: example
common: { on: "2024-05-01", category: dibao }
cases:
  - { name: 前一天, bill: { on: "2023-12-31" }, expect: { refused: no_rule_in_force } }
  - { name: 当天, bill: { on: "2024-01-01" }, expect: { category: dibao } }
  - { name: 例, ${one} }
`,
    },
  ]).faults.map(({ line, path, message }) => `${line} ${path} ${message}`)

test.each([
  [
    '自付与范围内费用对不上',
    'bill: { policy_scope_self_paid: "100.00", amounts: { policy_scope_cost: "300.00", basic_insurance_paid: "150.00" } }, expect: { assistance: "50.00" }',
    'bill.policy_scope_self_paid 写了 100.00，可是 policy_scope_cost 300.00 减各项保险支付 150.00 是 150.00：只写其一',
  ],
  [
    '保险付得比范围内费用还多，又写了自付',
    'bill: { policy_scope_self_paid: "0.00", amounts: { policy_scope_cost: "1.00", basic_insurance_paid: "1.50" } }, expect: { assistance: "0.00" }',
    'bill.policy_scope_self_paid 写了 0.00，可是 policy_scope_cost 1.00 减各项保险支付 1.50 是 -0.50：只写其一',
  ],
  [
    '总费用小于各部分',
    'bill: { policy_scope_self_paid: "100.00", amounts: { total_cost: "120.00", self_funded: "30.00" } }, expect: { assistance: "50.00" }',
    'bill.amounts 总费用 120.00 小于各部分之和 130.00（政策范围内费用加范围外）',
  ],
  [
    '保险付得比范围内费用还多',
    'bill: { amounts: { total_cost: "100.00", self_funded: "20.00", basic_insurance_paid: "90.00" } }, expect: { assistance: "0.00" }',
    'bill.amounts 保险支付 90.00 超过政策范围内费用 80.00',
  ],
  [
    '各方付得比总费用还多',
    'bill: { policy_scope_self_paid: "100.00", amounts: { donation_paid: "100.01" } }, expect: { assistance: "0.00" }',
    'bill.amounts 各方支付合计 100.01 超过总费用 100.00',
  ],
  [
    '身份没有定义',
    'bill: { category: [dabao] }, expect: { assistance: "0.00" }',
    'bill.category 没有定义的身份：dabao；有：extremely_poor、dibao；例子正是要说它不算的，写 expect: { category: null }',
  ],
  [
    '身份没有定义，带起始日',
    'bill: { category: [{ key: dabao, from: "2024-01-01" }] }, expect: { assistance: "0.00" }',
    'bill.category 没有定义的身份：dabao；有：extremely_poor、dibao；例子正是要说它不算的，写 expect: { category: null }',
  ],
  [
    '已用额度的池写错了名字',
    'bill: { policy_scope_self_paid: "2.00" }, used: { anual: "10000.00" }, expect: { assistance: "1.00" }',
    'used 没有这个限额池：anual；有：annual',
  ],
  [
    '剩余的池写错了名字',
    'bill: {}, expect: { left: { anual: "0.00" } }',
    'expect.left 没有这个限额池：anual；有：annual',
  ],
  [
    '救助项目写错了名字',
    'bill: {}, expect: { benefits: { tilt: "0.00" } }',
    'expect.benefits 没有这个救助项目：tilt；有：inpatient',
  ],
  [
    '原因代码写错了',
    'bill: {}, expect: { reasons: [limit_cutt] }',
    'expect.reasons 没有这个原因代码：limit_cutt；见说明里的原因代码表',
  ],
])('%s', (_name, one, wanted) => expect(told(one)).toEqual([`6 cases[2].${wanted}`]))

test('之前的账单也看', () => {
  expect(told('bill: {}, earlier_bills: [{ category: x, on: "2024-02-01" }], expect: { assistance: "0.00" }')).toEqual([
    '6 cases[2].earlier_bills[0].category 没有定义的身份：x；有：extremely_poor、dibao；例子正是要说它不算的，写 expect: { category: null }',
  ])
})

test('对得上的都可以写', () => {
  expect(told('bill: { category: orphan }, expect: { category: null, reasons: [no_category] }')).toEqual([])
  expect(
    told(
      'bill: { policy_scope_self_paid: "100.00", amounts: { total_cost: "230.00", policy_scope_cost: "200.00", basic_insurance_paid: "100.00", self_funded: "30.00" } }, used: { annual: "1.00", annual/2023: "5.00", deductible.inpatient: "1.00" }, expect: { assistance: "50.00" }',
    ),
  ).toEqual([])
})
