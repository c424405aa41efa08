import { type Contestant, jsonRules, ours, zen } from './engines.ts'
import { atLeast, type Figure, median } from './figures.ts'
import { simpleClaims } from './scheme.ts'

const CLAIMS = 1000
/** Many short rounds: whatever disturbs the machine disturbs neighbours alike. */
const ROUNDS = 21

/** All engines must agree on every claim before anybody's speed is worth telling. */
async function agree(contestants: readonly Contestant[]): Promise<void> {
  const [first, ...others] = contestants
  for (let n = 0; n < CLAIMS; n++) {
    const expected = await first?.decide(n)
    for (const other of others) {
      const amount = await other.decide(n)
      if (amount !== expected) throw new Error(`claim ${n}: ${first?.name} ${expected}, ${other.name} ${amount}`)
    }
  }
}

async function perSecond(one: Contestant, ms: number): Promise<number> {
  const start = performance.now()
  let done = 0
  let now = start
  // Awaiting a plain number would cost those who answer at once more than their answer.
  const waits = typeof one.decide(0) !== 'number'
  while (now - start < ms) {
    if (!waits) for (let i = 0; i < 200; i++) one.decide(done++)
    else if (one.atOnce === 1) for (let i = 0; i < 50; i++) await one.decide(done++)
    else await Promise.all(Array.from({ length: one.atOnce }, () => one.decide(done++)))
    now = performance.now()
  }
  return (done * 1000) / (now - start)
}

/** (c): decisions a second, in rounds by turns. */
export async function decisions(quick: boolean): Promise<Figure[]> {
  const claims = simpleClaims(CLAIMS)
  const own = ours(claims)
  const others = zen(claims)
  if (others === null) console.log('zen-engine has no binary for this machine: left out')
  const contestants = [...own, ...(others ?? []), ...jsonRules(claims)]
  await agree(contestants)
  const ms = quick ? 40 : 200
  for (const one of contestants) await perSecond(one, 10 * ms)
  const rates = new Map(contestants.map((one) => [one.name, [] as number[]]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const one of contestants) rates.get(one.name)?.push(await perSecond(one, ms))
  }
  const figures: Figure[] = contestants.map(({ name }) => ({
    part: 'c',
    name,
    value: median(rates.get(name) ?? []),
    unit: '/s',
  }))
  for (const mine of own) {
    for (const other of contestants.slice(own.length)) {
      figures.push({
        part: 'c',
        name: `${mine.name} / ${other.name}`,
        value: median((rates.get(mine.name) ?? []).map((r, i) => r / (rates.get(other.name)?.[i] ?? Number.NaN))),
        unit: 'ratio',
        ...(other.name.startsWith('zen') ? { target: atLeast(10) } : {}),
      })
    }
  }
  return figures
}
