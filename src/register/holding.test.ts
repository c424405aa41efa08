import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, type Day } from '../kernel/day.ts'
import { type Holding, heldOn, nameBlindKey, personBlindKey, whyNothingHeld } from './holding.ts'

type Row = [from: Day, held: 0 | 1, category?: string, recorded?: number]
const rows = (...all: Row[]): Holding[] =>
  all.map(([from_day, held, category = 'dibao', recorded_at = 0], i) => ({
    id: i + 1,
    category,
    from_day,
    held,
    recorded_at,
  }))

describe('低保资格按日判断', () => {
  const granted = rows(['2026-03-01', 1])
  const ended = rows(['2026-03-01', 1], ['2026-07-01', 0])
  const renewed = rows(['2026-03-01', 1], ['2026-07-01', 0], ['2026-09-01', 1])
  test.each<[string, Holding[], Day, Day | null]>([
    ['起始日前一天：不享受', granted, '2026-02-28', null],
    ['起始日当天：享受', granted, '2026-03-01', '2026-03-01'],
    ['无截止日期：一直享受', granted, '2031-12-31', '2026-03-01'],
    ['截止日 6 月 30 日当天：享受', ended, '2026-06-30', '2026-03-01'],
    ['截止日次日：不享受', ended, '2026-07-01', null],
    ['终止期间：不享受', renewed, '2026-08-31', null],
    ['重新认定当天：享受，起始日为重新认定日', renewed, '2026-09-01', '2026-09-01'],
    ['名册为空：不享受', [], '2026-09-01', null],
    ['续期不打断：起始日为最早一次', rows(['2026-01-01', 1], ['2027-01-01', 1]), '2027-05-01', '2026-01-01'],
    [
      '同一天先记终止后记继续：后记的算数，不打断',
      rows(['2026-01-01', 1], ['2026-07-01', 0], ['2026-07-01', 1]),
      '2026-07-01',
      '2026-01-01',
    ],
    ['同一天先记享受后记更正为不享受：后记的算数', rows(['2026-01-01', 1], ['2026-01-01', 0]), '2026-05-01', null],
  ])('%s', (_, holdings, day, from) => {
    expect(heldOn(holdings, day, null)).toEqual(from === null ? [] : [{ key: 'dibao', from }])
  })

  test.each<[string, Day, number]>([
    ['去世前一天', '2026-05-09', 1],
    ['去世当天', '2026-05-10', 1],
    ['去世次日', '2026-05-11', 0],
  ])('%s：%s', (_, day, count) => {
    expect(heldOn(granted, day, '2026-05-10')).toHaveLength(count)
  })

  test('两类资格各算各的，按类别代码排列', () => {
    const both = rows(['2026-03-01', 1, 'orphan'], ['2026-01-01', 1, 'dibao'], ['2026-04-01', 0, 'orphan'])
    expect(heldOn(both, '2026-03-31', null)).toEqual([
      { key: 'dibao', from: '2026-01-01' },
      { key: 'orphan', from: '2026-03-01' },
    ])
    expect(heldOn(both, '2026-04-01', null)).toEqual([{ key: 'dibao', from: '2026-01-01' }])
  })

  test('事后才知道的终止，不改变当时的所知', () => {
    const corrected = rows(['2026-01-01', 1, 'dibao', 1000], ['2026-02-01', 0, 'dibao', 2000])
    expect(heldOn(corrected, '2026-03-01', null, 999)).toEqual([])
    expect(heldOn(corrected, '2026-03-01', null, 1000)).toHaveLength(1)
    expect(heldOn(corrected, '2026-03-01', null, 1999)).toHaveLength(1)
    expect(heldOn(corrected, '2026-03-01', null, 2000)).toEqual([])
    expect(heldOn(corrected, '2026-03-01', null)).toEqual([])
  })

  test.each<[string, Holding[], Day, Day | null, object[]]>([
    ['从未认定', [], '2026-05-01', null, [{ code: 'no_category' }]],
    ['已经终止', ended, '2026-08-01', null, [{ code: 'category_ended', category: 'dibao', day: '2026-07-01' }]],
    ['尚未开始', granted, '2026-02-01', null, [{ code: 'category_not_started', category: 'dibao', day: '2026-03-01' }]],
    ['已经去世', granted, '2026-08-01', '2026-06-01', [{ code: 'deceased', day: '2026-06-01' }]],
    ['更正为从未享受', rows(['2026-01-01', 1], ['2026-01-01', 0]), '2026-05-01', null, [{ code: 'no_category' }]],
    [
      '终止后又将开始',
      renewed,
      '2026-08-01',
      null,
      [
        { code: 'category_ended', category: 'dibao', day: '2026-07-01' },
        { code: 'category_not_started', category: 'dibao', day: '2026-09-01' },
      ],
    ],
  ])('不享受的原因：%s', (_, holdings, day, died, why) => {
    expect(whyNothingHeld(holdings, day, died)).toEqual(why)
  })
})

/** The definition, day by day, as slow as it is plain. */
function oracle(holdings: readonly Holding[], day: Day, knownAt: number): { key: string; from: Day }[] {
  const known = holdings.filter((h) => h.recorded_at <= knownAt)
  const heldThat = (key: string, on: Day) =>
    known
      .filter((h) => h.category === key && h.from_day <= on)
      .sort((a, b) => (a.from_day === b.from_day ? b.id - a.id : a.from_day < b.from_day ? 1 : -1))[0]?.held === 1
  return [...new Set(holdings.map((h) => h.category))]
    .sort()
    .filter((key) => heldThat(key, day))
    .map((key) => {
      let from = day
      while (heldThat(key, addDays(from, -1))) from = addDays(from, -1)
      return { key, from }
    })
}

test('any rows in any order: the same answer as the definition, day by day', () => {
  const day = fc.integer({ min: 0, max: 12 }).map((n) => addDays('2026-02-20', n))
  const holding = fc.record({
    category: fc.constantFrom('dibao', 'orphan'),
    from_day: day,
    held: fc.constantFrom(0 as const, 1 as const),
    recorded_at: fc.integer({ min: 0, max: 3 }),
  })
  fc.assert(
    fc.property(fc.array(holding, { maxLength: 9 }), day, fc.integer({ min: 0, max: 3 }), (drawn, on, knownAt) => {
      const numbered = drawn.map((h, i) => ({ ...h, id: i + 1 }))
      expect(heldOn(numbered, on, null, knownAt)).toEqual(oracle(numbered, on, knownAt))
      expect(heldOn(numbered.toReversed(), on, null, knownAt)).toEqual(oracle(numbered, on, knownAt))
      const why = whyNothingHeld(numbered, on, null, knownAt)
      if (oracle(numbered, on, knownAt).length === 0) expect(why.length).toBeGreaterThan(0)
    }),
    { numRuns: 2000 },
  )
})

test('one person by number: x and X, blanks around', () => {
  expect(personBlindKey('resident_id', ' 65400219900101001x ')).toBe(
    personBlindKey('resident_id', '65400219900101001X'),
  )
  expect(personBlindKey('passport', 'E12345678')).not.toBe(personBlindKey('resident_id', 'E12345678'))
})

test.each([
  '买买提·吐尔逊',
  '买买提•吐尔逊',
  '买买提．吐尔逊',
  '买买提.吐尔逊',
  '买买提-吐尔逊',
  '买买提 吐尔逊',
  '买买提　吐尔逊',
  '买买提・吐尔逊',
  '买买提･吐尔逊',
  ' 买买提吐尔逊 ',
])('one name however its parts are joined: %s', (name) => {
  expect(nameBlindKey(name)).toBe(nameBlindKey('买买提·吐尔逊'))
})

test('one name in any width and case; another name stays another', () => {
  expect(nameBlindKey('ＡＬＩＭ Ｋｕｒｂａｎ')).toBe(nameBlindKey('Alim KURBAN'))
  expect(nameBlindKey('买买提·吐尔逊')).not.toBe(nameBlindKey('买买提·吐尔洪'))
})
