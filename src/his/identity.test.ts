import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, type Day } from '../kernel/day.ts'
import { CATEGORY_LABELS } from '../rules/categories.ts'
import type { Codes } from '../rules/codes.ts'
import { identityRows, mergedRows, type Registered } from './identity.ts'

const labels = new Map(Object.entries(CATEGORY_LABELS))
const codes = {
  identityCodeOf: (category) => (category === 'dibao' ? { code: '7019', name: '低保' } : null),
} as Pick<Codes, 'identityCodeOf'> as Codes
type Mark = readonly [category: string, from: Day, held: 0 | 1]
const person = (marks: readonly Mark[], died_on: Day | null = null): Registered => ({
  holdings: marks.map(([category, from_day, held], id) => ({ id, category, from_day, held, recorded_at: 0 })),
  died_on,
})
const rowsOn = (p: Registered, day: Day) => identityRows(p, { day, codes, labels })

describe('身份的起止', () => {
  test.each<[string, Mark[], Day | null, [string, string][]]>([
    ['没有终止', [['dibao', '2020-01-01', 1]], null, [['2020-01-01', '']]],
    [
      '中断后恢复：各算各的',
      [
        ['dibao', '2020-01-01', 1],
        ['dibao', '2021-01-01', 0],
        ['dibao', '2022-01-01', 1],
      ],
      null,
      [['2022-01-01', '']],
    ],
    [
      '以后终止',
      [
        ['dibao', '2020-01-01', 1],
        ['dibao', '2026-12-01', 0],
      ],
      null,
      [['2020-01-01', '2026-11-30']],
    ],
    [
      '终止又恢复：到第一次终止为止',
      [
        ['dibao', '2020-01-01', 1],
        ['dibao', '2026-12-01', 0],
        ['dibao', '2027-02-01', 1],
      ],
      null,
      [['2020-01-01', '2026-11-30']],
    ],
    [
      '更正：终止改为不终止',
      [
        ['dibao', '2020-01-01', 1],
        ['dibao', '2026-12-01', 0],
        ['dibao', '2026-12-01', 1],
      ],
      null,
      [['2020-01-01', '']],
    ],
    [
      '去世在终止之前',
      [
        ['dibao', '2020-01-01', 1],
        ['dibao', '2026-12-31', 0],
      ],
      '2026-11-15',
      [['2020-01-01', '2026-11-15']],
    ],
    ['已去世', [['dibao', '2020-01-01', 1]], '2026-10-31', []],
    ['没有代码的类别没有行', [['orphan', '2020-01-01', 1]], null, []],
  ])('%s', (_, marks, died, expected) => {
    const rows = rowsOn(person(marks, died), '2026-11-01')
    const spans = expected.map(([from, to]) => [`${from} 00:00:00`, to === '' ? '' : `${to} 23:59:59`])
    expect(rows.map((row) => [row.begntime, row.endtime])).toEqual(spans)
  })

  test('每一天都一样：起止之内的每一天有同一行，起止之外的前后一天没有', () => {
    const day = fc.integer({ min: 0, max: 60 }).map((n) => addDays('2026-01-01', n))
    const mark = fc.tuple(fc.constant('dibao'), day, fc.constantFrom<0 | 1>(0, 1))
    fc.assert(
      fc.property(fc.array(mark, { maxLength: 8 }), fc.option(day), day, (marks, died, asked) => {
        const p = person(marks, died)
        const [row] = rowsOn(p, asked)
        if (!row) return
        const [from, to] = [String(row.begntime).slice(0, 10), String(row.endtime).slice(0, 10) || '2026-04-01']
        expect(from <= asked && asked <= to).toBe(true)
        for (const inside of [from, to]) expect(rowsOn(p, inside)).toEqual([row])
        expect(rowsOn(p, addDays(from, -1))).toEqual([])
        if (row.endtime !== '') expect(rowsOn(p, addDays(to, 1))).toEqual([])
      }),
    )
  })
})

describe('医保平台的身份和我们的身份', () => {
  const ours = { psn_idet_type: '7019', memo: '低保对象', begntime: '2020-01-01 00:00:00', endtime: '' }
  const theirs = (psn_idet_type: unknown, begntime: unknown, endtime: unknown) => ({ psn_idet_type, begntime, endtime })
  test.each<[string, unknown, number]>([
    ['平台没有', [], 1],
    ['平台给 null', null, 1],
    ['平台没有这一项', undefined, 1],
    ['平台只有一行，不成列表', theirs('7131', '2020-01-01', ''), 2],
    ['平台有同一身份，当日有效', [theirs('7019', '2024-01-01 00:00:00', null)], 1],
    ['平台以数字写身份', [theirs(7019, '', '')], 1],
    ['平台有同一身份，已终止', [theirs('7019', '2020-01-01', '2025-12-31 23:59:59')], 2],
    ['平台有同一身份，尚未开始', [theirs('7019', '2027-01-01', '')], 2],
    ['终止当日仍有效', [theirs('7019', '2020-01-01', '2026-11-01')], 1],
  ])('%s', (_, given, count) => {
    const rows = mergedRows(given, [ours], '2026-11-01')
    const before = Array.isArray(given) ? given : given ? [given] : []
    expect(rows.slice(0, before.length)).toEqual(before)
    expect(rows).toHaveLength(count)
    expect(count > before.length ? rows.at(-1) : ours).toEqual(ours)
  })
})
