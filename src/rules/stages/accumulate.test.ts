import { expect, test } from 'vitest'
import { exact } from '../../kernel/money.ts'
import { envOf, sceneOf } from '../example.ts'
import type { AccumulateDocument } from '../schema.ts'
import { baseSoFar, compileAccumulate, difference } from './accumulate.ts'

const used = { 'example/base.inpatient/2024': 700, 'example/base.all/2024': 900, 'example/base.negative/2024': -5 }
const rows: readonly [string, Partial<AccumulateDocument>, number | null][] = [
  ['本项的累计', {}, 700],
  ['合用的累计', { shared_as: 'all' }, 900],
  ['冲销以后不为负', { shared_as: 'negative' }, 0],
  ['还没有', { shared_as: 'fresh' }, 0],
  ['只管特困', { only_for: { category: 'extremely_poor' } }, null],
]

test.each(rows)('%s', (_name, document, wanted) => {
  expect(
    baseSoFar(compileAccumulate({ law: '第六条', per: 'year', ...document }, envOf()), sceneOf({}, { used })),
  ).toBe(wanted)
})

test('差额不为负', () => {
  expect(difference(exact(5), exact(2)).toString()).toBe('3')
  expect(difference(exact(2), exact(5)).toString()).toBe('0')
  expect(difference(exact(2), exact(2)).toString()).toBe('0')
})

test('名称不写就叫全年累计', () => {
  expect(compileAccumulate({ law: '第六条', per: 'year' }, envOf())).toMatchObject({ law: '第六条', label: '全年累计' })
  expect(compileAccumulate({ law: '第六条', label: '累计', per: 'year' }, envOf()).label).toBe('累计')
})
