import { expect, test } from 'vitest'
import type { CaseBill } from '../cases.ts'
import { envOf, sceneOf } from '../example.ts'
import type { GateDocument } from '../schema.ts'
import { compileGate, passGate } from './gate.ts'

type Doc = Omit<GateDocument, 'law'>
const single: Doc = { any: [{ amount: 'policy_scope_self_paid', over: 'bill', above: '100.00' }] }
const either: Doc = {
  any: [
    { amount: 'policy_scope_self_paid', over: 'bill', from: '100.00' },
    { amount: 'policy_scope_self_paid', over: 'year', above: { parameter: 'ci_deductible' } },
  ],
}
const used = { 'example/sum.policy_scope_self_paid/2024': 795_000, 'example/sum.base.inpatient/2024': 1 }

const rows: readonly [string, Doc, CaseBill, boolean | null, string][] = [
  ['正好一百，不算超过', single, { policy_scope_self_paid: '100.00' }, false, '本次 100.00（须 > 100.00）'],
  ['超过一分', single, { policy_scope_self_paid: '100.01' }, true, '本次 100.01（须 > 100.00）'],
  ['达到一百', either, { policy_scope_self_paid: '100.00' }, true, '本次 100.00（须 ≥ 100.00）'],
  ['单次不到，全年超过', either, { policy_scope_self_paid: '50.01' }, true, '全年 8000.01（须 > 8000.00）'],
  [
    '单次和全年都不到',
    either,
    { policy_scope_self_paid: '50.00' },
    false,
    '本次 50.00（须 ≥ 100.00）；全年 8000.00（须 > 8000.00）',
  ],
  ['只管特困', { ...single, only_for: { category: 'extremely_poor' } }, {}, null, ''],
  [
    '两边都有',
    { any: [{ amount: 'policy_scope_self_paid', over: 'bill', from: '1.00', below: '2.00' }] },
    { policy_scope_self_paid: '2.00' },
    false,
    '本次 2.00（须 ≥ 1.00 且 < 2.00）',
  ],
  [
    '不超过',
    { any: [{ amount: 'policy_scope_self_paid', over: 'bill', up_to: '2.00' }] },
    { policy_scope_self_paid: '2.00' },
    true,
    '本次 2.00（须 ≤ 2.00）',
  ],
  [
    '全家全年',
    { any: [{ amount: 'policy_scope_self_paid', over: 'household_year', above: '7000.00' }] },
    {},
    true,
    '全年 7950.00（须 > 7000.00）',
  ],
  [
    '本项基数的全年累计',
    { any: [{ amount: 'base', over: 'year', above: '0.00' }] },
    {},
    true,
    '全年 0.01（须 > 0.00）',
  ],
]

test.each(rows)('%s', (_name, document, facts, open, formula) => {
  const got = passGate(compileGate({ law: '第七条', ...document }, envOf()), sceneOf(facts, { used }))
  expect(got === null ? [null, ''] : [got.open, got.formula]).toEqual([open, formula])
})

test('全年的门槛记下要累计什么，本次的不记', () => {
  const noted = (document: Doc) => {
    const env = envOf()
    compileGate({ law: '第七条', ...document }, env)
    return [...env.sums.values()]
  }
  expect(noted(single)).toEqual([])
  expect(noted(either)).toEqual([
    { owner: 'person', word: 'policy_scope_self_paid', benefit: null, key: 'example/sum.policy_scope_self_paid/' },
  ])
  expect(noted({ any: [{ amount: 'base', over: 'household_year', above: '1.00' }] })).toEqual([
    { owner: 'household', word: 'base', benefit: 'inpatient', key: 'example/sum.base.inpatient/' },
  ])
})

test('名称不写就叫救助门槛', () => {
  expect(compileGate({ law: '第七条', ...single }, envOf())).toMatchObject({ law: '第七条', label: '救助门槛' })
  expect(compileGate({ law: '第七条', label: '门', ...single }, envOf()).label).toBe('门')
})
