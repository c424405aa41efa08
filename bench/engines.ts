import { createRequire } from 'node:module'
import { Engine } from 'json-rules-engine'
import { isRefusal } from '../src/kernel/refusal.ts'
import { applyRules } from '../src/rules/apply.ts'
import { compileText } from '../src/rules/compile.ts'
import { decide } from '../src/settlement/decide.ts'
import { claimOf } from '../src/settlement/facts.ts'
import {
  billOf,
  DEDUCTIBLE,
  LIMIT,
  PERCENT,
  SIMPLE_JDM,
  SIMPLE_RULES,
  SIMPLE_YEAR,
  type SimpleClaim,
} from './scheme.ts'

/** One way to decide the n-th claim; the amount in fen. */
export interface Contestant {
  readonly name: string
  /** How many decisions are asked for before the first is waited for. */
  readonly atOnce: number
  decide(n: number): number | Promise<number>
}

const AT = Date.parse('2024-06-01T04:00:00Z')
const HOSPITAL = { code: 'H65400200001', name: '测试医院', level: 2, admdvs: '654002', suspended: false } as const

/**
 * Ours, always with the trace: the rules alone, and `decide` as the service asks it, which also finds the version in
 * force and the categories of the day, and keeps the facts it rested on.
 */
export function ours(claims: readonly SimpleClaim[]): Contestant[] {
  const version = compileText(SIMPLE_RULES, 'simple.yaml')
  const schemes = [{ key: version.scheme, versions: [version] }]
  const cases = claims.map((claim, n) => {
    const bill = billOf(claim)
    const person = {
      id: n,
      blind: `b${n}`,
      born_on: '1962-01-01',
      record_id: n,
      name_blind: '',
      household: null,
      township: '654002101',
      died_on: null,
      holdings: [{ id: n, category: claim.category, from_day: '2023-06-01', held: 1, recorded_at: 0 } as const],
    }
    const facts = {
      person,
      categories: [{ key: claim.category, from: '2023-06-01' }],
      hospital: HOSPITAL,
      settled_on: '2024-06-01',
      business_day: '2024-05-13',
    }
    return { bill, person, claim: claimOf(bill, facts), used: () => claim.used }
  })
  const at = (n: number) => cases[n % cases.length] as (typeof cases)[number]
  return [
    {
      name: 'rules',
      atOnce: 1,
      decide: (n) => applyRules(version, at(n).claim, SIMPLE_YEAR, at(n).used).assistance,
    },
    {
      name: 'decide',
      atOnce: 1,
      decide: (n) => {
        const { bill, person, used } = at(n)
        const decision = decide({ bill, person, hospital: HOSPITAL, schemes, at: AT, counter: used })
        if (isRefusal(decision)) throw new Error(decision.refusal)
        return decision.ruling.assistance
      },
    },
  ]
}

interface ZenModule {
  readonly ZenEngine: new () => {
    createDecision(content: unknown): ZenDecision
  }
  readonly ZenDecisionContent: new (content: object) => unknown
}
interface ZenDecision {
  evaluate(context: object, options?: { trace: boolean }): Promise<{ result: { amount: number } }>
}

/** zen-engine, an engine in Rust; null where its binary for this machine is not installed. */
export function zen(claims: readonly SimpleClaim[]): Contestant[] | null {
  let module: ZenModule
  try {
    module = createRequire(import.meta.url)('@gorules/zen-engine-linux-x64-gnu') as ZenModule
  } catch {
    return null
  }
  const decision = new module.ZenEngine().createDecision(new module.ZenDecisionContent(SIMPLE_JDM))
  const ask = (trace: boolean) => async (n: number) =>
    (await decision.evaluate(claims[n % claims.length] as SimpleClaim, trace ? { trace } : undefined)).result.amount
  return [
    { name: 'zen-engine, one by one', atOnce: 1, decide: ask(false) },
    { name: 'zen-engine, 64 at once', atOnce: 64, decide: ask(false) },
    { name: 'zen-engine, 64 at once, with trace', atOnce: 64, decide: ask(true) },
  ]
}

/** json-rules-engine: rules choose the ratio and whether anything is paid; sums are facts computed on demand. */
export function jsonRules(claims: readonly SimpleClaim[]): Contestant[] {
  const engine = new Engine(
    Object.entries(PERCENT).map(([category, percent]) => ({
      conditions: {
        all: [
          { fact: 'category', operator: 'equal', value: category },
          { fact: 'base', operator: 'greaterThan', value: DEDUCTIBLE },
          { fact: 'used', operator: 'lessThan', value: LIMIT },
        ],
      },
      event: { type: 'assist', params: { percent } },
    })),
  )
  engine.addFact('base', async (_, almanac) => {
    const [scope, paid] = await Promise.all([
      almanac.factValue<number>('policy_scope_cost'),
      almanac.factValue<number>('basic_insurance_paid'),
    ])
    return Math.max(0, scope - paid)
  })
  return [
    {
      name: 'json-rules-engine',
      atOnce: 1,
      decide: async (n) => {
        const claim = claims[n % claims.length] as SimpleClaim
        const { events, almanac } = await engine.run({ ...claim })
        const percent = events[0]?.params?.percent
        if (typeof percent !== 'number') return 0
        const over = (await almanac.factValue<number>('base')) - DEDUCTIBLE
        return Math.min(Math.floor((over * percent) / 100 + 0.5), LIMIT - claim.used)
      },
    },
  ]
}
