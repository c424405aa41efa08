import { expect, test } from 'vitest'
import { applyRules } from './apply.ts'
import { type CaseBill, claimOfCase } from './cases.ts'
import { checkFiles } from './check.ts'
import type { CompiledVersion } from './compile.ts'
import { benefitBody, documentOf, ONLY_INPATIENT, versionOf } from './example.ts'
import { sayNoRow } from './no-row.ts'

const body = (stages: string, more = ONLY_INPATIENT): string => benefitBody(stages, more)

test('没有一行管：说是哪个环节、按哪些情况看', () => {
  const pools = (rows: string) =>
    `pools: { annual: { law: 第八条, label: 年度限额, per: person_year, rows: [${rows}] } }\n${ONLY_INPATIENT}`
  const told = (stages: string, more = ONLY_INPATIENT) =>
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

/** What is told of a bill for which the article 八 has no row, and where. */
function noRow(version: CompiledVersion, facts: CaseBill) {
  const claim = claimOfCase({ category: 'dibao', on: '2024-06-01', policy_scope_self_paid: '9.00', ...facts }, '410200')
  const ruling = applyRules(version, claim, 2024, () => 0)
  expect(ruling.reasons).toContainEqual(expect.objectContaining({ code: 'not_in_rows', law: '八' }))
  if (version.document.repealed) throw new Error('repealed')
  return sayNoRow('八', ruling, claim, version.document)
}

const byRows = (rows: string): CompiledVersion =>
  versionOf(`diseases: { cancer: { law: 附, label: 恶性肿瘤, diagnoses: [C00-C97] } }
benefits: [{ key: a, label: 住院救助, tier: 1, applies: { law: 五 }, base: { law: 六, of: total_cost }, ratio: { law: 八, rows: [${rows}] } }]`)
const FRAME = [
  '“住院救助”的救助比例 ratio 的 rows 里没有一行管这张账单（八）',
  '；缺的补一行，其余的都一样就在末尾写一行不带条件的',
]

test.each([
  ['身份', 'category: extremely_poor', {}, '：低保对象'],
  ['就诊', 'care_type: inpatient', { care_type: 'outpatient' }, '：普通门诊'],
  ['参保', 'insurance: employee', {}, '：居民医保'],
  ['医院', 'hospital_level: [1, 2]', { hospital_level: 3 }, '：医院级别 3'],
  ['地方', 'place: in_county', { hospital_place: '110101' }, '：就诊地 外省'],
  ['转诊', 'referral: [referred, filed]', { referral: 'none' }, '：转诊 该办未办'],
  ['窗口', 'channel: application', {}, '：窗口办理'],
  ['年龄', 'age: { below: 18 }', { age: 66 }, '：66 周岁'],
  ['情形', 'circumstance: crime', { circumstances: ['work_injury'] }, '：情形 工伤'],
  ['没有情形', 'circumstance: crime', {}, ''],
  ['身份和情形', 'category: extremely_poor, circumstance: crime', {}, '：低保对象'],
  ['病种', 'disease: cancer', { diagnoses: ['I10', 'N18'] }, '：诊断 I10'],
  ['病种代码', 'disease: cancer', { diagnoses: ['I10'], disease_code: 'M00500' }, '：诊断 I10、病种 M00500'],
  ['不是病种', 'not_disease: cancer', { diagnoses: ['C34'] }, '：诊断 C34'],
  ['没有诊断', 'disease: cancer', {}, '：诊断 没有'],
  ['病种的两面只说一次', 'disease: cancer, not_disease: cancer', {}, '：诊断 没有'],
  ['全年的数', 'year: { amount: total_cost, above: "99.00" }', {}, ''],
] as const satisfies readonly (readonly [string, string, CaseBill, string])[])(
  '没有一行管，按%s看的，说这张账单的',
  (_name, condition, facts, said) => {
    expect(noRow(byRows(`{ ${condition}, ratio: "0.5" }`), facts)).toEqual({
      path: ['benefits', 0, 'ratio', 'rows'],
      message: FRAME.join(said),
    })
  },
)

test('各行看的不同，合起来说', () => {
  const rows = '{ category: extremely_poor, ratio: "1" }, { hospital_level: 1, category: dibao, ratio: "0.5" }'
  expect(noRow(byRows(rows), {}).message).toBe(FRAME.join('：低保对象、医院级别 2'))
})

test('几项引同一条文：指到这张账单走到的那一项', () => {
  const one = (key: string, category: string) =>
    `  - { key: ${key}, label: ${key}, tier: 1, applies: { law: 五, category: ${category} }, base: { law: 六, of: total_cost }, ratio: { law: 八, rows: [{ hospital_level: 1, ratio: "0.5" }] } }`
  const version = versionOf(`benefits:\n${one('a', 'extremely_poor')}\n${one('b', 'dibao')}`)
  expect([noRow(version, { category: 'extremely_poor' }).path, noRow(version, {}).path]).toEqual([
    ['benefits', 0, 'ratio', 'rows'],
    ['benefits', 1, 'ratio', 'rows'],
  ])
})

test('几个限额池：指到引这一条文、分行写的那个', () => {
  const version = versionOf(`pools:
  plain: { law: 八, label: 不分行, per: person_year, amount: "9.00" }
  other: { law: 九, label: 引别的条文, per: person_year, rows: [{ amount: "9.00" }] }
  silent: { law: 八, label: 分行, per: person_year, rows: [{ hospital_level: 1, amount: "9.00" }] }
benefits: [{ key: a, label: 甲, tier: 1, applies: { law: 五 }, base: { law: 六, of: total_cost }, limits: { law: 七, pools: [plain, other, silent] } }]`)
  expect(noRow(version, {})).toMatchObject({
    path: ['pools', 'silent', 'rows'],
    message: expect.stringContaining('限额池“分行”的 rows 里没有一行管这张账单（八）：医院级别 2；'),
  })
})
