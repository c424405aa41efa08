import { expect, test } from 'vitest'
import type { CaseBill } from '../cases.ts'
import { envOf, sceneOf } from '../example.ts'
import type { DeductibleDocument } from '../schema.ts'
import { compileDeductible, findDeductible } from './deductible.ts'

type Doc = Omit<DeductibleDocument, 'law'>
const used = { 'example/deductible.inpatient/2024': 60_000, 'example/deductible.all/2024': 200_000 }

const rows: readonly [string, Doc, CaseBill, { full: number; left: number } | null | undefined][] = [
  ['每次一千', { per: 'bill', amount: '1000.00' }, {}, { full: 100_000, left: 100_000 }],
  ['没有起付线', { per: 'bill', amount: 'none' }, {}, { full: 0, left: 0 }],
  ['全年一千，已扣六百', { per: 'year', amount: '1000.00' }, {}, { full: 100_000, left: 40_000 }],
  ['合用的已扣完', { per: 'year', shared_as: 'all', amount: '1000.00' }, {}, { full: 100_000, left: 0 }],
  ['全年没有', { per: 'year', amount: 'none' }, {}, { full: 0, left: 0 }],
  [
    '按身份',
    { per: 'bill', rows: [{ category: 'dibao', amount: '5.00' }, { amount: 'none' }] },
    {},
    { full: 500, left: 500 },
  ],
  [
    '参数的一半',
    { per: 'bill', amount: { parameter: 'ci_deductible', times: '0.5' } },
    {},
    { full: 400_000, left: 400_000 },
  ],
  ['没有一行管', { per: 'bill', rows: [{ category: 'extremely_poor', amount: '5.00' }] }, {}, undefined],
  ['只管职工', { per: 'bill', amount: '5.00', only_for: { insurance: 'employee' } }, {}, null],
]

test.each(rows)('%s', (_name, document, facts, wanted) => {
  expect(
    findDeductible(compileDeductible({ law: '第十一条', ...document }, envOf()), sceneOf(facts, { used })),
  ).toEqual(wanted)
})

test('名称不写就叫起付标准', () => {
  expect(compileDeductible({ law: '第十一条', per: 'bill', amount: 'none' }, envOf())).toMatchObject({
    law: '第十一条',
    label: '起付标准',
    key: null,
  })
  expect(compileDeductible({ law: '第十一条', label: '线', per: 'year', amount: 'none' }, envOf())).toMatchObject({
    label: '线',
    key: 'example/deductible.inpatient/',
  })
})
