import { ageOn, type Day } from '../kernel/day.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { applyRules } from '../rules/apply.ts'
import { AMOUNTS, type AmountName, CARE_TYPES, type CareType, type Claim } from '../rules/claim.ts'
import { inForce } from '../rules/in-force.ts'
import { limitAnswer } from './answer.ts'
import { householdOwner, personOwner } from './decide.ts'
import type { Desk } from './desk.ts'
import { countersOf } from './queries.ts'

interface Ask {
  readonly person_id: number
  /** Blind index of the head of household. */
  readonly household: string
  readonly admdvs: string
  readonly categories: Claim['categories']
  readonly born_on: Day
  readonly on: Day
}

/** Large enough to pass every gate and deductible, so that every pool the rules have for this person is looked at. */
const PROBE_FEN = 10_000_000

function probe(ask: Ask, care_type: CareType): Claim {
  const amounts = Object.fromEntries(AMOUNTS.map((name) => [name, 0])) as Record<AmountName, number>
  return {
    care_type,
    admitted_on: ask.on,
    discharged_on: ask.on,
    settled_on: ask.on,
    insurance: { type: 'resident', admdvs: ask.admdvs },
    hospital: { level: 2, admdvs: ask.admdvs },
    referral: 'not_needed',
    diagnoses: [],
    disease_code: null,
    circumstances: [],
    age: ageOn(ask.born_on, ask.on),
    categories: ask.categories,
    channel: 'counter',
    amounts: { ...amounts, total_cost: PROBE_FEN, policy_scope_cost: PROBE_FEN },
  }
}

/** The limits a person has on a day and what is left of them: what the rules would look at for a bill of each care type. */
export async function limitsLeft(desk: Desk, ask: Ask) {
  const { schemes } = await desk.directory.recent()
  const days = { admitted_on: ask.on, discharged_on: ask.on, settled_on: ask.on }
  const found = inForce(schemes, ask.admdvs, days)
  if (isRefusal(found)) return []
  const owners = { person: personOwner(ask.person_id), household: householdOwner(ask.household, '') }
  const counters = await countersOf(desk.store, Object.values(owners))
  const uses = CARE_TYPES.flatMap(
    (care) =>
      applyRules(
        found.version,
        probe(ask, care),
        found.year,
        (owner, key) => counters.get(`${owners[owner]}|${key}`) ?? 0,
      ).limits,
  )
  // A pool for one bill, or for one disease, is empty before there is a bill.
  const carried = uses.filter((use) => use.period !== 'bill' && !use.period.includes('/'))
  const pools = new Map(carried.map((use) => [`${use.pool}/${use.period}`, use]))
  return [...pools.values()].map((use) => {
    const { pool, period, limit, used_before, left } = limitAnswer({ ...use, used_after: use.used_before }, found.year)
    return { pool, period, unit: use.unit ?? ('yuan' as const), limit, used: used_before, left }
  })
}
