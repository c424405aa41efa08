import { expect, test } from 'vitest'
import { checkFiles } from './check.ts'
import { documentOf } from './example.ts'

const NONE =
  'none: [{ law: 第五条, label: 门诊不救助, category: [extremely_poor, dibao], care_type: [outpatient, outpatient_chronic, outpatient_serious] }]'
const body = (stages: string, more = NONE): string => `${more}
benefits:
  - key: inpatient
    label: 住院救助
    tier: 1
    applies: { law: 第五条, care_type: inpatient }
    base: { law: 第六条, of: policy_scope_self_paid }
${stages}
`

test('没有一行管：说是哪个环节、按哪些情况看', () => {
  const pools = (rows: string) =>
    `pools: { annual: { law: 第八条, label: 年度限额, per: person_year, rows: [${rows}] } }\n${NONE}`
  const told = (stages: string, more = NONE) =>
    checkFiles([{ path: 'example/2024-01-01.yaml', text: documentOf(body(stages, more)) }])
      .faults.filter((one) => one.file === 'example/2024-01-01.yaml')
      .map((one) => `${one.path} ${one.message.split('；')[0]}`)
  expect(
    told('    ratio: { law: 第八条, rows: [{ age: { below: 18 }, hospital_level: [1, 2], ratio: "0.5" }] }'),
  ).toEqual([
    'benefits[0].ratio.rows “住院救助”的救助比例 ratio 的 rows 里没有一行管这张账单（第八条）：医院级别 2、40 周岁',
  ])
  expect(told('    deductible: { law: 第七条, per: bill, rows: [{ insurance: employee, amount: "1.00" }] }')).toEqual([
    'benefits[0].deductible.rows “住院救助”的起付线 deductible 的 rows 里没有一行管这张账单（第七条）：居民医保',
  ])
  expect(
    told(
      '    ratio: { law: 第八条, ratio: "0.5" }\n    limits: { law: 第八条, pools: [annual] }',
      pools('{ place: in_county, category: dibao, amount: "1.00" }'),
    ),
  ).toEqual(['pools.annual.rows 限额池“年度限额”的 rows 里没有一行管这张账单（第八条）：特困人员、就诊地 本县'])
})
