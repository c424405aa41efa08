import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyRules } from './apply.ts'
import { claimOfCase } from './cases.ts'
import type { Amounts, Claim } from './claim.ts'
import { benefitOf } from './example.ts'

type Mode = 'half_up' | 'half_even' | 'down'

/** numerator / denominator to a whole number, in whole numbers only. */
function divide(numerator: bigint, denominator: bigint, mode: Mode): bigint {
  const whole = numerator / denominator
  const twice = (numerator % denominator) * 2n
  if (mode === 'down' || twice < denominator) return whole
  if (twice > denominator) return whole + 1n
  return mode === 'half_up' || whole % 2n === 1n ? whole + 1n : whole
}

const MILLION = 1_000_000n
const yuan = (fen: number): string => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`
const text = (millionths: number): string =>
  millionths === 1_000_000 ? '1' : `0.${String(millionths).padStart(6, '0')}`
const plain = claimOfCase({ category: 'dibao', on: '2024-06-01' }, '410200')
const billOf = (fen: number): Claim => ({
  ...plain,
  amounts: { ...plain.amounts, total_cost: fen, policy_scope_cost: fen } satisfies Amounts,
})

const fen = (max: number) => fc.oneof(fc.integer({ min: 0, max }), fc.integer({ min: 0, max: 300 }))
const share = fc.oneof(
  fc.integer({ min: 0, max: 1_000_000 }),
  fc.integer({ min: 0, max: 100 }).map((n) => n * 10_000),
)
const mode = fc.constantFrom<Mode>('half_up', 'half_even', 'down')
const BILLS = 200
/** Bills in all, for each property. */
const RUNS = Math.ceil(Number(process.env.RULES_RUNS ?? 20_000) / BILLS)

test('比例、起付线、调整、限额：与整数算法一分不差', () => {
  const rule = fc.record({ ratio: share, times: share, deductible: fen(5_000_000), limit: fen(20_000_000), mode })
  const bills = fc.array(fc.record({ base: fen(2_000_000_000), used: fen(20_000_000) }), {
    minLength: BILLS,
    maxLength: BILLS,
  })
  fc.assert(
    fc.property(rule, bills, (r, list) => {
      const version = benefitOf(
        `    deductible: { law: 七, per: bill, amount: "${yuan(r.deductible)}" }
    ratio: { law: 八, ratio: "${text(r.ratio)}" }
    adjust: [{ law: 九, times: "${text(r.times)}" }]
    limits: { law: 十, pools: [annual] }
    round: { law: 三, to: fen, mode: ${r.mode} }`,
        `pools: { annual: { law: 十, label: 限额, per: person_year, amount: "${yuan(r.limit)}" } }`,
      )
      for (const { base, used } of list) {
        const above = BigInt(Math.max(0, base - r.deductible))
        const wanted = divide(above * BigInt(r.ratio) * BigInt(r.times), MILLION * MILLION, r.mode)
        const room = BigInt(Math.max(0, r.limit - used))
        const ruling = applyRules(version, billOf(base), 2024, () => used)
        if (BigInt(ruling.assistance) !== (wanted < room ? wanted : room)) expect(ruling).toEqual({ wanted, room })
      }
    }),
    { numRuns: RUNS, seed: 1 },
  )
}, 600_000)

test('分段和全年累计：与整数算法一分不差', () => {
  const rule = fc.record({
    ratios: fc.tuple(share, share, share),
    first: fc.integer({ min: 1, max: 5_000_000 }),
    second: fc.integer({ min: 1, max: 5_000_000 }),
    deductible: fen(6_000_000),
    mode,
    zero: fc.boolean(),
  })
  const bills = fc.array(fc.record({ base: fen(30_000_000), earlier: fen(12_000_000) }), {
    minLength: BILLS,
    maxLength: BILLS,
  })
  fc.assert(
    fc.property(rule, bills, (r, list) => {
      const [low, high] = [r.first, r.first + r.second]
      const version = benefitOf(`    deductible: { law: 七, per: year, amount: "${yuan(r.deductible)}" }
    ratio:
      law: 八
      bands_are: marginal
      edges_from: ${r.zero ? 'zero' : 'deductible'}
      bands:
        - { below: "${yuan(low)}", ratio: "${text(r.ratios[0])}" }
        - { from: "${yuan(low)}", up_to: "${yuan(high)}", ratio: "${text(r.ratios[1])}" }
        - { above: "${yuan(high)}", ratio: "${text(r.ratios[2])}" }
    accumulate: { law: 六, per: year }
    round: { law: 三, to: fen, mode: ${r.mode} }`)
      const edges = [0n, BigInt(low), BigInt(high), 10n ** 18n] as const
      /** Millionths of a fen that a year's sum is worth, added up fen by fen in principle. */
      const worth = (sum: number): bigint => {
        const from = r.zero ? BigInt(Math.min(r.deductible, sum)) : 0n
        const to = r.zero ? BigInt(sum) : BigInt(Math.max(0, sum - r.deductible))
        return r.ratios.reduce((all, one, index) => {
          const bottom = from > (edges[index] as bigint) ? from : (edges[index] as bigint)
          const top = to < (edges[index + 1] as bigint) ? to : (edges[index + 1] as bigint)
          return all + (top > bottom ? (top - bottom) * BigInt(one) : 0n)
        }, 0n)
      }
      for (const { base, earlier } of list) {
        const ruling = applyRules(version, billOf(base), 2024, () => earlier)
        const more = worth(earlier + base) - worth(earlier)
        const wanted = divide(more, MILLION, r.mode)
        if (BigInt(ruling.assistance) !== wanted) expect(ruling).toEqual({ wanted })
      }
    }),
    { numRuns: RUNS, seed: 2 },
  )
}, 600_000)
