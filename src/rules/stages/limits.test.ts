import { expect, test } from 'vitest'
import type { CaseBill } from '../cases.ts'
import { envOf, sceneOf } from '../example.ts'
import type { LimitsDocument, PoolDocument } from '../schema.ts'
import { compileLimits, compilePool, draw, findPools, sayPool } from './limits.ts'

const pool = (more: Partial<PoolDocument>): PoolDocument => ({
  law: '第十三条',
  label: '年度限额',
  per: 'person_year',
  ...more,
})

const find = (
  pools: Readonly<Record<string, PoolDocument>>,
  names: LimitsDocument['pools'],
  facts: CaseBill,
  used: Readonly<Record<string, number>> = {},
) => {
  const compiled = new Map(Object.entries(pools).map(([key, one]) => [key, compilePool(key, one, envOf())]))
  return findPools(compileLimits({ law: '第十三条', pools: names }, compiled, envOf()), sceneOf(facts, { used }))
}

const rows: readonly [
  string,
  Partial<PoolDocument>,
  CaseBill,
  Readonly<Record<string, number>>,
  { key: string; limit: number | null; room: number; said: string },
][] = [
  [
    '每人每年',
    { amount: '60000.00' },
    {},
    {},
    { key: 'example/p/2024', limit: 6_000_000, room: 6_000_000, said: '年度限额 60000.00，已用 0.00' },
  ],
  [
    '已用一部分',
    { amount: '60000.00' },
    {},
    { 'example/p/2024': 5_999_999 },
    { key: 'example/p/2024', limit: 6_000_000, room: 1, said: '年度限额 60000.00，已用 59999.99' },
  ],
  [
    '用过了头也不为负',
    { amount: '60000.00' },
    {},
    { 'example/p/2024': 7_000_000 },
    { key: 'example/p/2024', limit: 6_000_000, room: 0, said: '年度限额 60000.00，已用 70000.00' },
  ],
  [
    '别的年度不算',
    { amount: '60000.00' },
    {},
    { 'example/p/2023': 7_000_000 },
    { key: 'example/p/2024', limit: 6_000_000, room: 6_000_000, said: '年度限额 60000.00，已用 0.00' },
  ],
  [
    '不设限额',
    { amount: 'none' },
    {},
    { 'example/p/2024': 7 },
    { key: 'example/p/2024', limit: null, room: Infinity, said: '年度限额不设限额' },
  ],
  [
    '每户每年',
    { per: 'household_year', amount: '1.00' },
    {},
    {},
    { key: 'example/p/2024', limit: 100, room: 100, said: '年度限额 1.00，已用 0.00' },
  ],
  [
    '一季度',
    { per: 'person_quarter', amount: '1.00' },
    { on: '2024-03-31' },
    {},
    { key: 'example/p/2024-Q1', limit: 100, room: 100, said: '年度限额 1.00，已用 0.00' },
  ],
  [
    '二季度',
    { per: 'person_quarter', amount: '1.00' },
    { on: '2024-04-01' },
    {},
    { key: 'example/p/2024-Q2', limit: 100, room: 100, said: '年度限额 1.00，已用 0.00' },
  ],
  [
    '四季度',
    { per: 'person_quarter', amount: '1.00' },
    { on: '2024-12-31' },
    {},
    { key: 'example/p/2024-Q4', limit: 100, room: 100, said: '年度限额 1.00，已用 0.00' },
  ],
  [
    '一生',
    { per: 'lifetime', amount: '1.00' },
    {},
    {},
    { key: 'example/p/life', limit: 100, room: 100, said: '年度限额 1.00，已用 0.00' },
  ],
  [
    '每病种每年：有组名用组名',
    { per: 'disease_year', amount: '1.00' },
    { diagnoses: ['C34.1'] },
    {},
    { key: 'example/p/2024/cancer', limit: 100, room: 100, said: '年度限额 1.00，已用 0.00' },
  ],
  [
    '每病种每年：病种代码',
    { per: 'disease_year', amount: '1.00' },
    { disease_code: 'M01', diagnoses: ['I10'] },
    {},
    { key: 'example/p/2024/M01', limit: 100, room: 100, said: '年度限额 1.00，已用 0.00' },
  ],
  [
    '每病种每年：第一诊断',
    { per: 'disease_year', amount: '1.00' },
    { diagnoses: ['I10', 'I11'] },
    {},
    { key: 'example/p/2024/I10', limit: 100, room: 100, said: '年度限额 1.00，已用 0.00' },
  ],
  [
    '每病种每年：没有诊断',
    { per: 'disease_year', amount: '1.00' },
    {},
    {},
    { key: 'example/p/2024/none', limit: 100, room: 100, said: '年度限额 1.00，已用 0.00' },
  ],
  [
    '每次不看以前',
    { per: 'bill', amount: '1.00' },
    {},
    { 'example/p/bill': 50 },
    { key: 'example/p/bill', limit: 100, room: 100, said: '年度限额 1.00，已用 0.00' },
  ],
  [
    '次数没用完',
    { times: 3 },
    {},
    { 'example/p/2024': 2 },
    { key: 'example/p/2024', limit: 3, room: Infinity, said: '年度限额 3 次，已用 2 次' },
  ],
  [
    '次数用完',
    { times: 3 },
    {},
    { 'example/p/2024': 3 },
    { key: 'example/p/2024', limit: 3, room: 0, said: '年度限额 3 次，已用 3 次' },
  ],
  [
    '按身份',
    { rows: [{ category: 'dibao', amount: '2.00' }, { amount: 'none' }] },
    {},
    {},
    { key: 'example/p/2024', limit: 200, room: 200, said: '年度限额 2.00，已用 0.00' },
  ],
  [
    '次数按身份',
    { rows: [{ category: 'dibao', times: 1 }, { times: 9 }] },
    {},
    {},
    { key: 'example/p/2024', limit: 1, room: Infinity, said: '年度限额 1 次，已用 0 次' },
  ],
  [
    '按账单大小',
    { rows: [{ bill: { amount: 'policy_scope_self_paid', above: '10000.00' }, amount: '3.00' }, { amount: '1.00' }] },
    { policy_scope_self_paid: '10000.01' },
    {},
    { key: 'example/p/2024', limit: 300, room: 300, said: '年度限额 3.00，已用 0.00' },
  ],
  [
    '没有一行管，就一分不付',
    { rows: [{ category: 'extremely_poor', amount: '2.00' }] },
    {},
    {},
    { key: 'example/p/2024', limit: 0, room: 0, said: '年度限额 0.00，已用 0.00' },
  ],
]

test.each(rows)('%s', (_name, document, facts, used, wanted) => {
  const [found, ...rest] = find({ p: pool(document) }, ['p'], facts, used)
  if (found === undefined) throw new Error('no pool')
  expect({ key: found.key, limit: found.limit, room: found.room, said: sayPool(found) }).toEqual(wanted)
  expect(found.silent).toBe(_name.startsWith('没有一行管'))
  expect(rest).toEqual([])
})

test('每户的记在户上，其余记在人上', () => {
  expect(find({ p: pool({ per: 'household_year', amount: '1.00' }) }, ['p'], {})[0]?.pool.owner).toBe('household')
  expect(find({ p: pool({ amount: '1.00' }) }, ['p'], {})[0]?.pool.owner).toBe('person')
})

test('里面的池带着外面的，各算一次，带条件的只在符合时算', () => {
  const pools = {
    outer: pool({ amount: '9.00' }),
    inner: pool({ amount: '3.00', inside: 'outer' }),
    other: pool({ amount: '2.00', inside: 'outer' }),
  }
  const names = (list: LimitsDocument['pools'], facts: CaseBill = {}) =>
    find(pools, list, facts).map((one) => one.pool.key)
  expect(names(['inner'])).toEqual(['inner', 'outer'])
  expect(names(['inner', 'other', 'outer'])).toEqual(['inner', 'other', 'outer'])
  expect(names([{ pool: 'inner', hospital_level: 3 }, 'other'], { hospital_level: 2 })).not.toContain('inner')
  expect(names([{ pool: 'inner', hospital_level: 3 }], { hospital_level: 3 })).toEqual(['inner', 'outer'])
})

const BY_LEVEL = [
  { pool: 'annual', hospital_level: 1 },
  { pool: 'annual', hospital_level: [2, 3] },
] satisfies LimitsDocument['pools']
const BY_DISEASE = [
  { pool: 'in_c', disease: 'cancer' },
  { pool: 'in_o', not_disease: 'cancer' },
] satisfies LimitsDocument['pools']
const OUTER_TOO = [
  { pool: 'in_c', disease: 'cancer' },
  { pool: 'annual', hospital_level: [1, 2] },
] satisfies LimitsDocument['pools']
const limitsOf = (list: LimitsDocument['pools'], facts: CaseBill): readonly string[] =>
  find(
    {
      annual: pool({ amount: '9.00' }),
      in_c: pool({ amount: '3.00', inside: 'annual' }),
      in_o: pool({ amount: '2.00', inside: 'annual' }),
      drug: pool({ amount: '1.00', inside: 'in_c' }),
    },
    list,
    facts,
  ).map((one) => one.pool.key)
const cancer: CaseBill = { diagnoses: ['C34.1'] }

test.each<[string, LimitsDocument['pools'], CaseBill, readonly string[]]>([
  ['一级医院一行、二三级医院一行：一级有限额', BY_LEVEL, { hospital_level: 1 }, ['annual']],
  ['一级医院一行、二三级医院一行：二级也有限额', BY_LEVEL, { hospital_level: 2 }, ['annual']],
  ['一级医院一行、二三级医院一行：三级也有限额', BY_LEVEL, { hospital_level: 3 }, ['annual']],
  [
    '只点了一级和三级：二级不受限',
    [
      { pool: 'annual', hospital_level: 1 },
      { pool: 'annual', hospital_level: 3 },
    ],
    { hospital_level: 2 },
    [],
  ],
  ['癌症与非癌症各有一池：癌症受年度限额', BY_DISEASE, cancer, ['in_c', 'annual']],
  ['癌症与非癌症各有一池：非癌症也受年度限额', BY_DISEASE, {}, ['in_o', 'annual']],
  ['年度池自己也点名：没有条件就总是算', [{ pool: 'in_c', disease: 'cancer' }, 'annual'], {}, ['annual']],
  ['年度池先点名，里面的仍先算', ['annual', { pool: 'in_c', disease: 'cancer' }], cancer, ['in_c', 'annual']],
  ['年度池自己点名带条件：符合其一就算', OUTER_TOO, { ...cancer, hospital_level: 3 }, ['in_c', 'annual']],
  ['年度池自己点名带条件：只符合自己的', OUTER_TOO, { hospital_level: 1 }, ['annual']],
  ['年度池自己点名带条件：都不符合就不算', OUTER_TOO, { hospital_level: 3 }, []],
  ['套了两层，由里到外', ['annual', 'in_c', 'drug'], {}, ['drug', 'in_c', 'annual']],
  ['同一池点两次，只算一次', ['annual', 'annual', { pool: 'annual', hospital_level: 2 }], {}, ['annual']],
])('%s', (_name, list, facts, wanted) => expect(limitsOf(list, facts)).toEqual(wanted))

test('没有定义的池是程序的错', () => {
  expect(() => compileLimits({ law: '一', pools: ['p'] }, new Map(), envOf())).toThrow('unknown pool p')
})

test('每次的池随账单结束，其余留下累计', () => {
  const [bill] = find({ p: pool({ per: 'bill', amount: '1.00' }) }, ['p'], {})
  const [year] = find({ p: pool({ amount: '1.00' }) }, ['p'], {})
  if (bill === undefined || year === undefined) throw new Error('no pool')
  const scene = sceneOf({})
  for (const one of [bill, year, bill]) draw(scene.tally, one, 7)
  expect([...(scene.tally.spent ?? [])]).toEqual([['example/p/bill', 14]])
  expect(scene.tally.added).toEqual([{ owner: 'person', key: 'example/p/2024', delta: 7 }])
})
