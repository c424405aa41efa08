import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { compileText } from './compile.ts'
import { documentOf, faultsOf, faultsWhen, GOOD_BODY } from './example.ts'
import { parseVersion, readYaml, sayPath } from './parse.ts'
import { CONDITION_KEYS } from './schema.ts'
import { STAGES } from './words.ts'

test('写对了没有话说', () => expect(faultsOf(GOOD_BODY)).toEqual([]))

test.each([
  [
    '写错的键，说能写什么',
    'per: year, amount',
    'pre: year, amount',
    [
      'f.yaml:22 benefits[0].deductible.per 只能是 bill、year 之一',
      'f.yaml:22 benefits[0].deductible.pre 不认识的键：pre；这里可以写：law、label、only_for、per、shared_as、amount、rows',
    ],
  ],
  ['金额没加引号', '"60000.00"', '60000.00', ['f.yaml:11 pools.annual.amount 金额须加引号，写作 "1234.50"']],
  [
    '金额只有一位小数',
    '"60000.00"',
    '"60000.0"',
    ['f.yaml:11 pools.annual.amount 金额写作 "1234.50"：元，两位小数，加引号'],
  ],
  ['比例大于一', '"0.75"', '"1.75"', ['f.yaml:23 benefits[0].ratio.ratio 比例写作 "0.75"：在 0 和 1 之间，加引号']],
  ['比例没加引号', '"0.75"', '0.75', ['f.yaml:23 benefits[0].ratio.ratio 比例须加引号，写作 "0.75"']],
  ['没有条文', '{ law: 第八条, ratio', '{ ratio', ['f.yaml:23 benefits[0].ratio.law 缺少这一项']],
  ['条文是空的', '{ law: 第八条, ratio', '{ law: "", ratio', undefined],
  ['没有这个池', 'pools: [annual]', 'pools: [anual]', ['f.yaml:24 benefits[0].limits.pools 没有定义的限额池：anual']],
  [
    '没有这个池，写成对象',
    'pools: [annual]',
    'pools: [{ pool: anual }]',
    ['f.yaml:24 benefits[0].limits.pools[0].pool 没有定义的限额池：anual'],
  ],
  [
    '没有这个外层池',
    'amount: "60000.00"',
    'inside: life, amount: "60000.00"',
    ['f.yaml:11 pools.annual.inside 没有定义的限额池：life'],
  ],
  [
    '池套自己',
    'amount: "60000.00"',
    'inside: annual, amount: "60000.00"',
    ['f.yaml:11 pools.annual.inside 限额池互相套成了圈'],
  ],
  [
    '没有这个参数',
    'parameter: income',
    'parameter: incme',
    ['f.yaml:22 benefits[0].deductible.amount.parameter 没有定义的参数：incme'],
  ],
  [
    '没有这个身份',
    'care_type: inpatient',
    'category: [dibao, dabao]',
    ['f.yaml:20 benefits[0].applies.category 没有定义的身份：dabao'],
  ],
  [
    '没有这个病种组',
    'care_type: inpatient',
    'disease: canser',
    ['f.yaml:20 benefits[0].applies.disease 没有定义的病种组：canser'],
  ],
  [
    '没有这个病种组，反着写',
    'care_type: inpatient',
    'not_disease: canser',
    ['f.yaml:20 benefits[0].applies.not_disease 没有定义的病种组：canser'],
  ],
  [
    '看不到后面的救助',
    'care_type: inpatient',
    'earlier: { benefit: inpatient, is: used }',
    ['f.yaml:20 benefits[0].applies.earlier inpatient 不在本项之前，看不到它的结果'],
  ],
  ['没有这项救助', 'of: policy_scope_self_paid', 'of: left_by_benefits, benefits: [basic]', undefined],
  [
    '起付线两种写法只写一种',
    'amount: { parameter: income }',
    'amount: none, rows: [{ amount: none }]',
    ['f.yaml:22 benefits[0].deductible amount、rows 要写且只写一个'],
  ],
  [
    '起付线要写数',
    ', amount: { parameter: income }',
    '',
    ['f.yaml:22 benefits[0].deductible amount、rows 要写且只写一个'],
  ],
  [
    '每次的起付线不能合用',
    'per: year, amount',
    'per: bill, shared_as: x, amount',
    ['f.yaml:22 benefits[0].deductible.shared_as 只有 per: year 才能合用'],
  ],
  [
    '累计时起付线按年',
    'per: year, amount: { parameter: income } }',
    'per: bill, amount: none }\n    accumulate: { law: 第十条, per: year }',
    ['f.yaml:22 benefits[0].deductible.per 全年累计时起付线须写 per: year'],
  ],
  [
    '全年门槛与累计同用，要说减什么',
    'limits:',
    'gate: { law: 七, any: [{ amount: base, over: year, above: "1.00" }] }\n    accumulate: { law: 六, per: year }\n    limits:',
    ['f.yaml:25 benefits[0].accumulate 全年的门槛与全年累计同用时要写 less：paid 补足门槛以下的，computed 不补'],
  ],
  [
    '单次门槛与累计同用，不必说',
    'limits:',
    'gate: { law: 七, any: [{ amount: base, over: bill, above: "1.00" }] }\n    accumulate: { law: 六, per: year }\n    limits:',
    [],
  ],
  [
    '比例只写一种',
    'ratio: "0.75"',
    'ratio: "0.75", lump: "1.00"',
    ['f.yaml:23 benefits[0].ratio ratio、bands、lump、top_up、rows 要写且只写一个'],
  ],
  [
    '每行比例只写一种',
    'ratio: "0.75"',
    'rows: [{ category: dibao }]',
    ['f.yaml:23 benefits[0].ratio.rows[0] ratio、bands、lump、top_up 要写且只写一个'],
  ],
  [
    '分段要写明怎么算',
    'ratio: "0.75"',
    'bands: [{ up_to: "1.00", ratio: "0" }, { above: "1.00", ratio: "1" }]',
    ['f.yaml:23 benefits[0].ratio 分段时须写明 bands_are 和 edges_from'],
  ],
  [
    '行里分段也要写明',
    'ratio: "0.75"',
    'bands_are: whole, rows: [{ bands: [{ up_to: "1.00", ratio: "0" }, { above: "1.00", ratio: "1" }] }]',
    ['f.yaml:23 benefits[0].ratio 分段时须写明 bands_are 和 edges_from'],
  ],
  [
    '调整每行一种',
    'limits:',
    'adjust: [{ law: 十, times: "0.2", at_least: "1.00" }]\n    limits:',
    ['f.yaml:24 benefits[0].adjust[0] points_more、points_less、times、nothing_below、at_least 要写且只写一个'],
  ],
  [
    '个人负担每行一种',
    'limits:',
    'target: { law: 十, patient_pays: at_most, rows: [{ a_bill: "1.00", a_year: "1.00" }] }\n    limits:',
    ['f.yaml:24 benefits[0].target.rows[0] share、a_bill、a_year 要写且只写一个'],
  ],
  [
    '几成要说是谁的',
    'limits:',
    'target: { law: 十, patient_pays: at_most, rows: [{ share: "0.1" }] }\n    limits:',
    ['f.yaml:24 benefits[0].target.rows[0] share 和 of 要一起写'],
  ],
  [
    '倍数的行永远用不到',
    'of: policy_scope_self_paid',
    'of: total_cost, times: [{ value: "0.8" }, { insurance: none, value: "1" }]',
    ['f.yaml:21 benefits[0].base.times[1] 上一行没有条件，这一行永远用不到'],
  ],
  ['池要写数', ', amount: "60000.00"', '', ['f.yaml:11 pools.annual amount、times、rows 要写且只写一个']],
  [
    '池的每行要写数',
    'amount: "60000.00"',
    'rows: [{ category: dibao }]',
    ['f.yaml:11 pools.annual.rows[0] amount、times 要写且只写一个'],
  ],
  [
    '累计不了的数',
    'care_type: inpatient',
    'year: { amount: assistance_so_far, above: "1.00" }',
    ['f.yaml:20 benefits[0].applies.year 全年累计只能用账单上的数或本项的 base'],
  ],
  [
    '门槛累计不了的数',
    'ratio: { law: 第八条',
    'gate: { law: 七, any: [{ amount: left_by_benefits, over: year, above: "1.00" }] }\n    ratio: { law: 第八条',
    ['f.yaml:23 benefits[0].gate.any[0] 全年累计只能用账单上的数或本项的 base'],
  ],
  ['同一个键写两次', 'tier: 1', 'tier: 1\n    tier: 2', ['f.yaml:20  同一个键写了两次']],
])('%s', (_name, from, to, wanted) => {
  if (wanted === undefined) expect(faultsWhen(from, to)).toHaveLength(1)
  else expect(faultsWhen(from, to).toSorted()).toEqual(wanted.toSorted())
})

test('身份和次序不能重复', () => {
  const text = documentOf(GOOD_BODY).replace(
    'key: dibao, label: 低保对象, rank: 2',
    'key: extremely_poor, label: 低保对象, rank: 1',
  )
  const parsed = parseVersion(text, 'f.yaml')
  expect('faults' in parsed ? parsed.faults.map((one) => `${one.line} ${one.path} ${one.message}`) : []).toEqual([
    '8 categories[1].key extremely_poor 写了两次',
    '8 categories[1].rank 次序 1 写了两次，无法决定先后',
  ])
})

test('不是 YAML、太长、空文件', () => {
  expect(readYaml('a: [', 'f')).toMatchObject([{ file: 'f', message: expect.stringContaining('不是合格的 YAML') }])
  expect(readYaml('#'.repeat(1_000_001), 'f')).toEqual([
    { file: 'f', line: 0, path: '', message: '文件超过一百万字符' },
  ])
  expect(parseVersion('', 'f')).toHaveProperty('faults')
  expect(parseVersion('a: 1\na: 2', 'f')).toEqual({
    faults: [{ file: 'f', line: 2, path: '', message: '同一个键写了两次' }],
  })
})

test('路径的写法', () => expect(sayPath(['a', 0, 'b', 12])).toBe('a[0].b[12]'))

test('废止的文件只有头', () => {
  const text =
    'scheme: a\nstart: "2025-01-01"\ntitle: 废止\nrepealed: true\ndocument: { number: 一, source: 二 }\njurisdiction: ["410200"]\n'
  expect(compileText(text, 'f')).toMatchObject({
    repealed: true,
    version: '2025-01-01',
    benefits: [],
    hash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    text,
  })
  expect(parseVersion(`${text}benefits: []\n`, 'f')).toMatchObject({ faults: [{ line: 7, path: 'benefits' }] })
})

test('有错的文本不能用', () => {
  expect(() => compileText('scheme: a', 'f.yaml')).toThrow(/f\.yaml:1 start 缺少这一项/)
})

test('说明里每个环节、每个条件都有', () => {
  const readme = readFileSync(new URL('../../rules/README.md', import.meta.url), 'utf8')
  for (const stage of STAGES) expect(readme).toContain(`\n### \`${stage}\`\n`)
  for (const key of CONDITION_KEYS) expect(readme, key).toContain(`\`${key}\``)
})
