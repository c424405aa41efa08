import { isValid, parseISO } from 'date-fns'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, ageOn, dayOf, daysBetween, formatInstant, isDay, yearOf } from './day.ts'

describe('日历上有没有这一天', () => {
  test.each([
    ['2026-02-28', true],
    ['2026-02-29', false],
    ['2024-02-29', true],
    ['1900-02-29', false],
    ['2000-02-29', true],
    ['2026-04-31', false],
    ['2026-12-31', true],
    ['2026-13-01', false],
    ['2026-00-10', false],
    ['2026-01-00', false],
    ['1899-12-31', false],
    ['1900-01-01', true],
    ['2026-1-1', false],
    ['20260101', false],
    ['', false],
  ])('%s：%s', (text, expected) => expect(isDay(text)).toBe(expected))

  test('与日历库一致', () => {
    const two = (max: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, '0'))
    fc.assert(
      fc.property(fc.integer({ min: 1900, max: 2999 }), two(14), two(33), (y, m, d) => {
        const text = `${y}-${m}-${d}`
        expect(isDay(text)).toBe(isValid(parseISO(text)))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('北京时间', () => {
  test.each([
    ['2026-12-31T15:59:59Z', '2026-12-31', '2026-12-31T23:59:59+08:00'],
    ['2026-12-31T16:00:00Z', '2027-01-01', '2027-01-01T00:00:00+08:00'],
    ['2026-11-01T02:31:07Z', '2026-11-01', '2026-11-01T10:31:07+08:00'],
  ])('%s 是 %s', (utc, day, text) => {
    expect(dayOf(Date.parse(utc))).toBe(day)
    expect(formatInstant(Date.parse(utc))).toBe(text)
  })
})

describe('年龄与天数', () => {
  test.each([
    ['2010-05-01', '2024-04-30', 13],
    ['2010-05-01', '2024-05-01', 14],
    ['2008-02-29', '2026-02-28', 17],
    ['2008-02-29', '2026-03-01', 18],
  ])('%s 出生，%s 满 %i 周岁', (born, day, age) => expect(ageOn(born, day)).toBe(age))

  test('跨年、跨闰日', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29')
    expect(daysBetween('2026-10-20', '2026-11-01')).toBe(12)
    expect(daysBetween('2026-10-20', '2026-10-20')).toBe(0)
    expect(yearOf('2027-01-01')).toBe(2027)
  })
})
