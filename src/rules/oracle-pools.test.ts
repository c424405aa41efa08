import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatYuan } from '../kernel/money.ts'
import { applyRules } from './apply.ts'
import { claimOfCase, startTotals } from './cases.ts'
import { benefitOf } from './example.ts'

/** A pool may stand inside any of those before it; the last are the innermost. */
const NAMES = ['a', 'b', 'c', 'd', 'e'] as const
type Name = (typeof NAMES)[number]

interface Naming {
  readonly pool: Name
  readonly levels: readonly number[] | null
  readonly cancer: boolean | null
}

interface Bill {
  readonly base: number
  readonly level: 1 | 2 | 3
  readonly cancer: boolean
}

const naming = fc.record<Naming>({
  pool: fc.constantFrom(...NAMES),
  levels: fc.option(fc.subarray([1, 2, 3], { minLength: 1 })),
  cancer: fc.option(fc.boolean()),
})
const rule = fc.record({
  insides: fc.tuple(...NAMES.map((_, index) => fc.integer({ min: -1, max: index - 1 }))),
  amounts: fc.tuple(...NAMES.map(() => fc.integer({ min: 0, max: 3_000_000 }))),
  namings: fc.array(naming, { minLength: 1, maxLength: 6 }),
})
const BILLS = 40
const bills = fc.array(
  fc.record<Bill>({
    base: fc.integer({ min: 1, max: 1_000_000 }),
    level: fc.constantFrom(1, 2, 3),
    cancer: fc.boolean(),
  }),
  { minLength: BILLS, maxLength: BILLS },
)
const RUNS = Math.ceil(Number(process.env.RULES_RUNS ?? 20_000) / BILLS)

const yamlOf = ({ pool, levels, cancer }: Naming): string =>
  [
    `{ pool: ${pool}`,
    ...(levels === null ? [] : [`hospital_level: [${levels.join(', ')}]`]),
    ...(cancer === null ? [] : [`${cancer ? 'disease' : 'not_disease'}: cancer`]),
  ].join(', ')

/** The pool and all around it. */
const chain = (name: Name, insides: readonly number[]): readonly Name[] => {
  const outer = NAMES[insides[NAMES.indexOf(name)] ?? -1]
  return outer === undefined ? [name] : [name, ...chain(outer, insides)]
}

test('限额池带条件、互相套着、重复点名：有一处点名管着就受限，一分不差', () => {
  fc.assert(
    fc.property(rule, bills, ({ insides, amounts, namings }, list) => {
      const pools = NAMES.map((name, i) => {
        const outer = NAMES[insides[i] ?? -1]
        return `  ${name}: { law: 十, label: ${name}, per: person_year, ${outer ? `inside: ${outer}, ` : ''}amount: "${formatYuan(amounts[i] ?? 0)}" }`
      })
      const version = benefitOf(
        `    limits: { law: 十, pools: [${namings.map((one) => `${yamlOf(one)} }`).join(', ')}] }`,
        `diseases: { cancer: { law: 附, label: 恶性肿瘤, diagnoses: [C00-C97] } }\npools:\n${pools.join('\n')}`,
      )
      const totals = startTotals()
      const used = new Map<Name, number>()
      for (const bill of list) {
        const claim = claimOfCase(
          {
            category: 'dibao',
            on: '2024-06-01',
            hospital_level: bill.level,
            diagnoses: bill.cancer ? ['C34.1'] : [],
            policy_scope_self_paid: formatYuan(bill.base),
          },
          '410200',
        )
        const reached = new Set(
          namings
            .filter((one) => one.levels?.includes(bill.level) ?? true)
            .filter((one) => one.cancer === null || one.cancer === bill.cancer)
            .flatMap((one) => chain(one.pool, insides)),
        )
        const room = (name: Name): number => Math.max(0, (amounts[NAMES.indexOf(name)] ?? 0) - (used.get(name) ?? 0))
        const wanted = Math.min(bill.base, ...[...reached].map(room))
        const ruling = applyRules(version, claim, 2024, totals.read)
        totals.add(ruling)
        for (const name of reached) used.set(name, (used.get(name) ?? 0) + wanted)
        const order = ruling.limits.map((one) => one.pool as Name)
        expect(ruling.assistance).toBe(wanted)
        expect(order.toSorted()).toEqual([...reached].toSorted())
        for (const [at, name] of order.entries())
          for (const outer of chain(name, insides).slice(1)) expect(order.indexOf(outer)).toBeGreaterThan(at)
        for (const name of reached) expect(totals.read('person', `example/${name}/2024`)).toBe(used.get(name))
      }
    }),
    { numRuns: RUNS, seed: 3 },
  )
}, 600_000)
