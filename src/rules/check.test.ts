import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { checkFiles } from './check.ts'
import { edgesOf, samplesOf, seeded } from './check-search.ts'
import { benefitBody, documentOf, ONLY_INPATIENT } from './example.ts'
import { checkDirectory, loadDirectory, readDirectory } from './files.ts'
import type { VersionDocument } from './schema.ts'

const RULES = new URL('../../rules', import.meta.url).pathname

const body = (stages: string, more = ONLY_INPATIENT): string => benefitBody(stages, more)
const CASES = `scheme: example
cases:
  - { name: 前一天, bill: { category: dibao, on: "2023-12-31", policy_scope_self_paid: "1.00" }, expect: { refused: no_rule_in_force } }
  - { name: 当天, bill: { category: dibao, on: "2024-01-01" }, expect: { category: dibao } }
`
const check = (text: string, cases = CASES) =>
  checkFiles([
    { path: 'example/2024-01-01.yaml', text: documentOf(text) },
    { path: 'example/cases.yaml', text: cases },
  ])
const faults = (text: string, cases = CASES): readonly string[] =>
  check(text, cases).faults.map(
    (one) => `${one.line} ${one.path} ${one.message}${one.bill === undefined ? '' : `｜${one.bill}`}`,
  )

test('没有毛病的办法', () => {
  const checked = check(body('    ratio: { law: 第八条, ratio: "0.75" }'))
  expect(checked.faults).toEqual([])
  expect(checked.cases).toBe(2)
  expect(checked.schemes.map((one) => one.key)).toEqual(['example'])
})

const NO_ROW =
  '17 benefits[0].ratio.rows “住院救助”的救助比例 ratio 的 rows 里没有一行管这张账单（第八条）：特困人员；缺的补一行，其余的都一样就在末尾写一行不带条件的｜特困人员，住院'
const bands = (list: string): string =>
  body(`    ratio: { law: 第八条, bands_are: marginal, edges_from: zero, bands: [${list}] }`)

test.each([
  [
    '空档',
    bands('{ up_to: "60.00", ratio: "0.5" }, { above: "70.00", ratio: "0.6" }'),
    '17 benefits[0].ratio.bands[1] 两段之间有空档：60.00 到 70.00｜60.01 元的费用',
  ],
  [
    '重叠',
    bands('{ up_to: "60.00", ratio: "0.5" }, { above: "50.00", ratio: "0.6" }'),
    '17 benefits[0].ratio.bands[1] 两段重叠：50.00 到 60.00｜50.01 元的费用',
  ],
  [
    '边同属两段',
    bands('{ up_to: "60.00", ratio: "0.5" }, { from: "60.00", ratio: "0.6" }'),
    '17 benefits[0].ratio.bands[1] 60.00 同时属于两段：一段写 up_to，另一段就写 above｜正好 60.00 元的费用',
  ],
  [
    '边不属任何一段',
    bands('{ below: "60.00", ratio: "0.5" }, { above: "60.00", ratio: "0.6" }'),
    '17 benefits[0].ratio.bands[1] 60.00 不属于任何一段：一段写 below，另一段就写 from｜正好 60.00 元的费用',
  ],
  [
    '最后一段有上边',
    bands('{ up_to: "60.00", ratio: "0.5" }, { above: "60.00", up_to: "90.00", ratio: "0.6" }'),
    '17 benefits[0].ratio.bands[1] 最后一段不写上边，否则更大的费用没有答案｜超过 90.00 的费用',
  ],
  [
    '第一段有下边',
    bands('{ above: "1.00", up_to: "60.00", ratio: "0.5" }, { above: "60.00", ratio: "0.6" }'),
    '17 benefits[0].ratio.bands[0] 第一段不写下边：下边就是零；不付的部分写比例 "0"',
  ],
  [
    '中间没有边',
    bands('{ ratio: "0.5" }, { above: "60.00", ratio: "0.6" }'),
    '17 benefits[0].ratio.bands[1] 中间的段要写上边和下边',
  ],
  [
    '两个上边',
    bands('{ up_to: "60.00", below: "60.00", ratio: "0.5" }, { from: "60.00", ratio: "0.6" }'),
    '17 benefits[0].ratio.bands[0] below 和 up_to 只能写一个',
  ],
  [
    '两个下边',
    bands('{ up_to: "60.00", ratio: "0.5" }, { above: "60.00", from: "60.00", ratio: "0.6" }'),
    '17 benefits[0].ratio.bands[1] above 和 from 只能写一个',
  ],
  [
    '段里没有数',
    bands('{ up_to: "60.00" }, { above: "60.00", ratio: "0.6" }'),
    '17 benefits[0].ratio.bands[0] 每段写 ratio 或 lump，只写一个',
  ],
  [
    '定额分段相加',
    bands('{ up_to: "60.00", lump: "1.00" }, { above: "60.00", ratio: "0.6" }'),
    '17 benefits[0].ratio.bands[0].lump 定额的段要用 bands_are: whole',
  ],
  [
    '没有答案的就诊',
    body('', ONLY_INPATIENT.replace('outpatient, ', '')),
    '10 none extremely_poor 遇到 outpatient 没有答案：写一项救助，或在 none 里写明不救助｜特困人员，普通门诊',
  ],
  [
    '又救助又不救助',
    body('', ONLY_INPATIENT.replace('[outpatient,', '[inpatient, outpatient,')),
    '10 none[0] dibao 遇到 inpatient 写了不救助，却又有 inpatient 管着｜低保对象，住院',
  ],
  ['没有一行管', body('    ratio: { law: 第八条, rows: [{ category: dibao, ratio: "0.5" }] }'), NO_ROW],
  [
    '没有一项救助用到的限额池',
    body(
      '',
      `pools: { annual: { law: 第九条, label: 年度限额, per: person_year, amount: "100.00" } }\n${ONLY_INPATIENT}`,
    ),
    '10 pools.annual 没有一项救助用到限额池 annual（年度限额），它什么也限不住：在该受限的救助里写 limits: { law: …, pools: [annual] }',
  ],
  [
    '永远用不到的行',
    body('    ratio: { law: 第八条, rows: [{ ratio: "0.5" }, { category: dibao, ratio: "0.6" }] }'),
    '17 benefits[0].ratio.rows[1] 上一行没有条件，这一行永远用不到',
  ],
  [
    '到不了的年龄',
    body('    adjust: [{ law: 第九条, age: { from: 18, below: 18 }, times: "0.5" }]'),
    '17 benefits[0].adjust[0].age 上下边之间什么也没有，永远用不到',
  ],
  [
    '到不了的数额',
    body('    adjust: [{ law: 第九条, bill: { amount: total_cost, above: "9.00", up_to: "8.00" }, times: "0.5" }]'),
    '17 benefits[0].adjust[0].bill 上下边之间什么也没有，永远用不到',
  ],
  [
    '到不了的日期',
    body('    adjust: [{ law: 第九条, recognised: { from: "2024-02-01", before: "2024-02-01" }, times: "0.5" }]'),
    '17 benefits[0].adjust[0].recognised 这段日期永远到不了：from 不早于 before',
  ],
])('%s', (_name, text, wanted) => {
  expect(faults(text).map((one) => (wanted === NO_ROW ? one.split('，政策')[0] : one))).toContain(wanted)
})

test.each([
  ['adjust[0].age', 'adjust: [{ law: 第九条, age: {}, times: "0.5" }]'],
  ['adjust[0].bill[0]', 'adjust: [{ law: 第九条, bill: [{ amount: total_cost }], times: "0.5" }]'],
  ['adjust[0].recognised', 'adjust: [{ law: 第九条, recognised: {}, times: "0.5" }]'],
  ['gate.any[0]', 'gate: { law: 第九条, any: [{ amount: total_cost, over: bill }] }'],
])('比较的条件没有写界限：%s', (path, stage) => {
  expect(faults(body(`    ${stage}`))).toContain(`17 benefits[0].${path} 没有写界限，对每张账单都成立`)
})

test('正好一个数的条件不算空', () => {
  const found = faults(
    body(
      '    adjust: [{ law: 第九条, age: { from: 18, up_to: 18 }, times: "1" }, { law: 第九条, recognised: { from: "2024-02-01", before: "2024-02-02" }, times: "1" }]',
    ),
  )
  expect(found).toEqual([])
})

test('费用大了救助反而少了，要写明', () => {
  const falling =
    '    ratio: { law: 第八条, bands_are: whole, edges_from: zero, bands: [{ up_to: "10000.00", ratio: "0.60" }, { above: "10000.00", ratio: "0.40" }] }'
  const [fault, ...rest] = check(body(falling)).faults
  expect(fault).toMatchObject({ file: 'example/2024-01-01.yaml', line: 12, path: 'benefits[0]' })
  expect(fault?.message).toMatch(/^费用增加（10000\.00 → 10000\.01），救助反而减少（6000\.00 → 4000\.00）/)
  expect(fault?.bill).toMatch(/^特困人员，住院，政策范围内自付 10000\.01 元/)
  expect(rest).toEqual([])
  expect(faults(body(falling, `${ONLY_INPATIENT}\ncliff: { law: 第八条, amount: "2000.00" }`))).toEqual([])
  expect(faults(body(falling, `${ONLY_INPATIENT}\ncliff: { law: 第八条, amount: "1999.98" }`))).toHaveLength(1)
})

test('取整到角时退几分不算', () => {
  const target = '    target: { law: 二, patient_pays: at_most, rows: [{ share: "0.10", of: total_cost }] }\n'
  expect(
    faults(body(`${target}    round: { law: 三, to: fen, mode: half_up, patient: { to: jiao, mode: half_up } }`)),
  ).toEqual([])
  expect(
    faults(body('    ratio: { law: 八, ratio: "0.5" }\n    round: { law: 三, to: yuan, mode: half_even }')),
  ).toEqual([])
})

test('调整后超过基数', () => {
  expect(
    faults(body('    ratio: { law: 第八条, ratio: "0.95" }\n    adjust: [{ law: 第九条, times: "1.1" }]'))[0],
  ).toMatch(/^18 benefits\[0\]\.adjust 调整后超过了基数：倍数或加成太大｜特困人员/)
})

test('例子没通过，说哪个数', () => {
  const cases = `${CASES}  - { name: 半价, bill: { category: dibao, on: "2024-05-01", policy_scope_self_paid: "10.00" }, expect: { assistance: "6.00", patient_pays: "4.00" } }\n`
  expect(faults(body('    ratio: { law: 第八条, ratio: "0.5" }'), cases)).toEqual([
    '5 cases[2].expect.assistance “半价”的 assistance 应为 6.00，算出 5.00',
    '5 cases[2].expect.patient_pays “半价”的 patient_pays 应为 4.00，算出 5.00',
  ])
})

test('例子要站在生效日两边，要有这份文件，名字要对', () => {
  const far =
    'scheme: other\ncases: [{ name: 远, bill: { category: dibao, on: "2024-05-01" }, expect: { category: dibao } }]'
  expect(faults(body(''), far)).toEqual([
    '1 scheme 应为 example',
    '2 cases 没有例子落在 2023-12-31：每个生效日的前一天和当天都要有例子',
    '2 cases 没有例子落在 2024-01-01：每个生效日的前一天和当天都要有例子',
  ])
  expect(checkFiles([{ path: 'example/2024-01-01.yaml', text: documentOf(body('')) }]).faults).toEqual([
    { file: 'example/cases.yaml', line: 0, path: '', message: '没有 cases.yaml：每个办法都要有例子' },
  ])
  expect(faults(body(''), 'scheme: example\ncases: []\n')).toHaveLength(1)
  expect(faults(body(''), 'a: [')).toHaveLength(1)
})

test('里面的池用到了，外面的池也就用到了', () => {
  const pools = `pools:
  annual: { law: 第九条, label: 年度限额, per: person_year, amount: "100.00" }
  inner: { law: 第九条, label: 其中, per: person_year, inside: annual, amount: "50.00" }
${ONLY_INPATIENT}`
  expect(faults(body('    limits: { law: 第九条, pools: [{ pool: inner, age: { below: 18 } }] }', pools))).toEqual([])
})

test('只有例子没有版本文件', () => {
  expect(checkFiles([{ path: 'example/cases.yaml', text: CASES }]).faults.map((one) => one.message)).toEqual([
    '只有例子，没有版本文件：例子一个也没有运行',
  ])
})

test('文件放错地方', () => {
  const checked = checkFiles([{ path: 'wrong/2024-01-02.yaml', text: documentOf(body('')) }])
  expect(checked.faults[0]).toEqual({
    file: 'wrong/2024-01-02.yaml',
    line: 2,
    path: 'start',
    message: '文件应放在 example/2024-01-01.yaml：文件夹是 scheme，文件名是 start',
  })
  expect(checkFiles([{ path: 'x/2024-01-01.yaml', text: 'a: 1' }]).faults.length).toBeGreaterThan(3)
})

test('换版时前后对不上', () => {
  const text = (start: string, dated: string) =>
    documentOf(`dated_by: ${dated}\n${body('')}`).replace('2024-01-01', start)
  const found = (before: string, after: string) =>
    checkFiles([
      { path: 'example/2024-01-01.yaml', text: text('2024-01-01', before) },
      { path: 'example/2025-01-01.yaml', text: text('2025-01-01', after) },
    ]).faults.filter((one) => one.path === 'dated_by')
  expect(found('discharge_date', 'discharge_date')).toEqual([])
  expect(found('discharge_date', 'settlement_date')).toEqual([])
  expect(found('settlement_date', 'discharge_date')).toEqual([
    {
      file: 'example/2025-01-01.yaml',
      line: 10,
      path: 'dated_by',
      message: '换版时有账单两边都不管：前后两份的 dated_by 对不上',
      bill: '入院 2024-12-31，出院 2024-12-31，结算 2025-01-01',
    },
  ])
  expect(found('discharge_date', 'admission_date').map((one) => one.bill)).toEqual([
    '入院 2024-12-31，出院 2025-01-01，结算 2025-01-01',
  ])
})

test('试算的数：每条边和旁边都有，随机的数次次一样', () => {
  const document = {
    parameters: { p: { label: '', value: '8000.00', source: '' } },
    pools: { a: { amount: '600.00' } },
    benefits: [{ deductible: { amount: { parameter: 'p', times: '0.15' } }, ratio: { bands: [{ up_to: '60.00' }] } }],
  } as unknown as VersionDocument
  expect(edgesOf(document)).toEqual([6_000, 60_000, 120_000])
  const samples = samplesOf([6_000, 60_000], seeded(7))
  for (const near of [5_999, 6_000, 6_001, 59_999, 60_000, 60_001, 66_000, 12_000]) expect(samples).toContain(near)
  expect(samples).toEqual(samplesOf([6_000, 60_000], seeded(7)))
  expect(samples).toEqual(samples.toSorted((a, b) => a - b))
  expect(samples.every((one) => one > 0)).toBe(true)
  expect([seeded(1)(), seeded(1)(), seeded(2)()].map((one) => one.toFixed(6))).toEqual([
    '0.627074',
    '0.627074',
    '0.734251',
  ])
})

test('仓库里的办法都通过', () => {
  const checked = checkDirectory(RULES)
  expect(checked.faults).toEqual([])
  expect(checked.schemes.map((one) => one.key)).toContain('ili-yining')
  expect(checked.cases).toBeGreaterThan(30)
  const loaded = loadDirectory(RULES)
  expect([loaded.faults, loaded.schemes.map((one) => one.key)]).toEqual([[], checked.schemes.map((one) => one.key)])
  const file = readDirectory(RULES).find((one) => one.path === 'ili-yining/2023-01-01.yaml')
  expect(file?.text).toBe(readFileSync(`${RULES}/ili-yining/2023-01-01.yaml`, 'utf8'))
}, 120_000)
