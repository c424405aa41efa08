import { expect, test } from 'vitest'
import { isRefusal } from '../kernel/refusal.ts'
import { createScale } from './heavy.ts'

const MIB = 1024 * 1024

test('large bodies are let in up to a weight, small ones always, and what has been answered weighs nothing', async () => {
  const scale = createScale()
  const open: (() => void)[] = []
  const held = () => new Promise<string>((resolve) => open.push(() => resolve('done')))
  const large = Array.from({ length: 16 }, () => scale(MIB, held))
  expect(await scale(MIB, held)).toMatchObject({ refusal: 'overloaded', retryAfter: 1 })
  expect(await scale(1000, async () => 'small')).toBe('small')
  open[0]?.()
  expect(await large[0]).toBe('done')
  expect(await scale(MIB, async () => 'next')).toBe('next')
  await expect(scale(MIB, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(isRefusal(await scale(MIB, async () => 'after a fault'))).toBe(false)
})
