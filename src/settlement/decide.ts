import type { Hospital } from '../hospitals/hospital.ts'
import type { Instant } from '../kernel/day.ts'
import { dayOf } from '../kernel/day.ts'
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'
import { heldOn } from '../register/holding.ts'
import { applyRules } from '../rules/apply.ts'
import type { CounterOwner, Ruling } from '../rules/claim.ts'
import type { CompiledVersion } from '../rules/compile.ts'
import { inForce, type Scheme } from '../rules/in-force.ts'
import { careDays, type StoredBill } from './bill.ts'
import type { PersonState } from './booking.ts'
import { claimOf, type Facts } from './facts.ts'

export interface Decision {
  readonly ruling: Ruling
  readonly facts: Facts
  readonly version: CompiledVersion
}

export const personOwner = (personId: number): string => `p:${personId}`
/** A household is named by the blind index of its head; who belongs to none is the head of their own. */
export const householdOwner = (household: string | null, blind: string): string => `h:${household ?? blind}`

/** A counter as the facts name it. */
const counterName = (owner: CounterOwner, key: string): string => `${owner}|${key}`

interface Standing {
  readonly bill: StoredBill
  readonly person: PersonState
  readonly hospital: Hospital
  readonly schemes: readonly Scheme[]
  readonly at: Instant
  readonly counter: (owner: string, key: string) => number
}

/** Decides a bill as things stand: finds the rule and the categories of its day, applies it, keeps what it rested on. */
export function decide({ bill, person, hospital, schemes, at, counter }: Standing): Decision | Refusal {
  const { from, to } = careDays(bill)
  if (person.died_on !== null && from > person.died_on) {
    return refuse('deceased_before_care', `登记的死亡日期早于就诊日期 ${from}`)
  }
  const settled_on = dayOf(at)
  const found = inForce(schemes, bill.insurance.admdvs, { admitted_on: from, discharged_on: to, settled_on })
  if (isRefusal(found)) return found
  const { version, business_day, year } = found
  const owners = { person: personOwner(person.id), household: householdOwner(person.household, person.blind) }
  // Whoever died in care held their categories to the end of it; the office sees the flag.
  const judged = person.died_on !== null && business_day > person.died_on ? person.died_on : business_day
  const read: Record<string, number> = {}
  const facts: Omit<Facts, 'deltas'> = {
    person: { id: person.id, record_id: person.record_id, born_on: person.born_on, died_on: person.died_on },
    categories: heldOn(person.holdings, judged, person.died_on),
    flags: judged === business_day ? [] : ['discharged_after_death'],
    hospital: { code: hospital.code, name: hospital.name, level: hospital.level, admdvs: hospital.admdvs },
    settled_on,
    rule: { scheme: version.scheme, version: version.version, hash: version.hash },
    business_day,
    year,
    counters: read,
  }
  const ruling = applyRules(version, claimOf(bill, facts), year, (owner, key) => {
    const value = counter(owners[owner], key)
    read[counterName(owner, key)] = value
    return value
  })
  const deltas = ruling.counters.map((c) => ({ owner: owners[c.owner], key: c.key, delta: c.delta }))
  return { ruling, facts: { ...facts, deltas }, version }
}

/** Decides again from what was stored: no register, no clock, no running totals but those the facts hold. */
export function decideAgain(bill: StoredBill, facts: Facts, version: CompiledVersion): Decision {
  const ruling = applyRules(
    version,
    claimOf(bill, facts),
    facts.year,
    (owner, key) => facts.counters[counterName(owner, key)] ?? 0,
  )
  return { ruling, facts, version }
}
