import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays, type Day } from '../kernel/day.ts'
import { heldOn } from './holding.ts'
import type { Period } from './statement.ts'
import { state, type Timeline } from './timeline.ts'

const hold = (from: Day, to: Day | null): Period => ({ held: 1, category: 'dibao', from, to, ends: to !== null })
const end = (from: Day): Period => ({ held: 0, category: 'dibao', from })
const after = (...periods: Period[]): Timeline => {
  const timeline: Timeline = new Map()
  for (const period of periods) state(timeline, period)
  return timeline
}
const heldThat = (timeline: Timeline, day: Day) =>
  heldOn(
    [...timeline].map(([from_day, held], id) => ({ id, category: 'dibao', from_day, held, recorded_at: 0 })),
    day,
    null,
  ).length === 1

const H1: [Day, Day] = ['2026-01-01', '2026-06-30']
test.each<[string, Period[], [Day, boolean][]]>([
  [
    '有截止日期：次日起不享受',
    [hold(...H1)],
    [
      ['2026-06-30', true],
      ['2026-07-01', false],
    ],
  ],
  [
    '延期：新的截止日期算数',
    [hold(...H1), hold('2026-01-01', '2026-12-31')],
    [
      ['2026-07-01', true],
      ['2026-12-31', true],
      ['2027-01-01', false],
    ],
  ],
  [
    '改为长期',
    [hold(...H1), hold('2026-01-01', null)],
    [
      ['2026-07-01', true],
      ['2030-01-01', true],
    ],
  ],
  [
    '延期后提前终止：延期不得使其恢复',
    [hold(...H1), hold('2026-01-01', '2026-12-31'), end('2026-03-01')],
    [
      ['2026-02-28', true],
      ['2026-03-01', false],
      ['2026-07-01', false],
    ],
  ],
  [
    '先有第二段，再终止第一段：第二段保留',
    [hold(...H1), hold('2026-09-01', null), end('2026-03-01')],
    [
      ['2026-03-01', false],
      ['2026-09-01', true],
    ],
  ],
  [
    '较晚的起始日期不改变以前的日子',
    [hold('2020-01-01', null), hold('2026-01-01', null)],
    [
      ['2020-01-01', true],
      ['2025-12-31', true],
    ],
  ],
  [
    '从起始日终止：等于从未享受',
    [hold('2026-01-01', null), end('2026-01-01')],
    [
      ['2026-01-01', false],
      ['2026-12-31', false],
    ],
  ],
])('%s', (_, periods, expected) => {
  const timeline = after(...periods)
  for (const [day, held] of expected) expect([day, heldThat(timeline, day)]).toEqual([day, held])
})

test('a period once stated holds, its end too, and stating it again changes nothing', () => {
  const day = fc.integer({ min: 0, max: 40 })
  const period = fc
    .tuple(day, fc.option(fc.nat(20), { nil: null }), fc.boolean())
    .map(([from, length, held]): Period => {
      const start = addDays('2026-01-01', from)
      return held ? hold(start, length === null ? null : addDays(start, length)) : end(start)
    })
  fc.assert(
    fc.property(fc.array(period, { maxLength: 6 }), period, (before, last) => {
      const timeline = after(...before)
      state(timeline, last)
      if (last.held === 1) {
        for (let d = last.from; d <= (last.to ?? '2026-04-01'); d = addDays(d, 1))
          expect(heldThat(timeline, d)).toBe(true)
        if (last.to !== null) expect(heldThat(timeline, addDays(last.to, 1))).toBe(false)
      } else expect(heldThat(timeline, last.from)).toBe(false)
      expect(state(timeline, last)).toEqual([])
    }),
    { numRuns: 1000 },
  )
})
