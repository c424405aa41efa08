import { expect, test } from 'vitest'
import { createLimit } from './limit.ts'

test('so many at once, then so many a second; each who asks has their own', () => {
  let now = 1_000_000
  const limit = createLimit({ burst: 3, perSecond: 2 }, () => now)
  const ask = (who = 'a') => limit(who)
  expect([ask(), ask(), ask(), ask(), ask()]).toEqual([0, 0, 0, 1, 1])
  expect(ask('b')).toBe(0)
  now += 499
  expect(ask()).toBe(1)
  now += 1
  expect([ask(), ask()]).toEqual([0, 1])
  now += 60_000
  expect([ask(), ask(), ask(), ask()]).toEqual([0, 0, 0, 1])
})

test('a slow rate tells how long to wait; a clock set back takes nothing away', () => {
  let now = 1_000_000
  const limit = createLimit({ burst: 2, perSecond: 0.1 }, () => now)
  expect([limit('a'), limit('a'), limit('a')]).toEqual([0, 0, 10])
  now -= 3_600_000
  expect(limit('a')).toBe(10)
  now += 10_000
  expect([limit('a'), limit('a')]).toEqual([0, 10])
})
