import { expect, test } from 'vitest'
import { type Admit, createScale } from './heavy.ts'

const MIB = 1024 * 1024

test('large bodies are let in up to a weight, small ones always, and what has been answered weighs nothing', async () => {
  const scale = createScale()
  const open: (() => void)[] = []
  const held = (admit: Admit) => {
    const allowed = admit(MIB)
    return allowed ? new Promise<boolean>((resolve) => open.push(() => resolve(true))) : Promise.resolve(false)
  }
  const large = Array.from({ length: 16 }, () => scale(held))
  expect(await scale(held)).toBe(false)
  expect(await scale(async (admit) => admit(1000))).toBe(true)
  open[0]?.()
  expect(await large[0]).toBe(true)
  expect(await scale(async (admit) => admit(MIB))).toBe(true)
  await expect(scale((admit) => Promise.reject(new Error(`broken ${admit(MIB)}`)))).rejects.toThrow('broken true')
  expect(await scale(async (admit) => admit(MIB))).toBe(true)
})

test('a body that grows while it is read is weighed once, at its largest', async () => {
  const scale = createScale()
  await scale(async (admit) => {
    expect([admit(20_000), admit(MIB), admit(30_000)]).toEqual([true, true, true])
    expect(await scale(async (other) => other(15 * MIB))).toBe(true)
    expect(await scale(async (other) => other(15 * MIB + 1))).toBe(false)
    return null
  })
  expect(await scale(async (admit) => admit(16 * MIB))).toBe(true)
})
