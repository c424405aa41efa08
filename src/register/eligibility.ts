import { type Day, dayOf, formatInstant } from '../kernel/day.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import { blindIndex } from '../kernel/seal.ts'
import { namesOf, type RegisterDeps } from './assess.ts'
import { type Held, heldOn, type Missing, nameBlindKey, personBlindKey, whyNothingHeld } from './holding.ts'
import { recordAt } from './person.ts'
import { findPeople } from './queries.ts'
import { sayMissing } from './say-missing.ts'

export interface Patient {
  readonly id_type: 'resident_id'
  readonly id_number: string
  readonly name: string
}

export interface EligibilityAsk {
  readonly patient: Patient
  readonly insurance?: { readonly admdvs: string } | undefined
  /** Without one: today. */
  readonly on?: Day | undefined
}

/** One limit as the terminal shows it: amounts in yuan, or times; null: no limit. */
export interface LimitLeft {
  readonly pool: string
  readonly period: string
  readonly unit: 'yuan' | 'times'
  readonly limit: string | null
  readonly used: string
  readonly left: string | null
}

/** Whose limits are asked for; the owner of a household's counters is `household`. */
export interface LimitsAsk {
  readonly person_id: number
  readonly household: string
  readonly admdvs: string
  readonly categories: readonly Held[]
  readonly born_on: Day
  readonly on: Day
}

/** Tells the limits that the rules in force set for a person, and what is used of them. */
export type LimitsOf = (ask: LimitsAsk) => Promise<readonly LimitLeft[]>

export interface EligibilityReason {
  readonly code: Missing['code'] | 'not_registered'
  readonly text: string
}

/** Exactly three answers: holds a category, is known but holds none (and why), is not in the register. */
export interface EligibilityAnswer {
  readonly status: 'eligible' | 'not_eligible' | 'unknown_person'
  readonly on: Day
  readonly asked_at: string
  readonly categories: readonly { readonly key: string; readonly label: string; readonly from: Day }[]
  readonly limits: readonly LimitLeft[]
  readonly reasons: readonly EligibilityReason[]
}

/** What a terminal may know before it bills. A name that is not the registered one is refused, as in a settlement. */
export async function askEligibility(
  deps: RegisterDeps,
  ask: EligibilityAsk,
  limitsOf: LimitsOf,
): Promise<EligibilityAnswer | Refusal> {
  const now = deps.now()
  const on = ask.on ?? dayOf(now)
  const { id_type, id_number, name } = ask.patient
  const blind = blindIndex(deps.keys, personBlindKey(id_type, id_number))
  const person = (await findPeople(deps.store.read, deps.store.tables, [blind])).get(blind)
  const record = person && recordAt(person)
  const answer = { on, asked_at: formatInstant(now), categories: [], limits: [], reasons: [] }
  if (!person || !record)
    return { ...answer, status: 'unknown_person', reasons: [{ code: 'not_registered', text: '登记册中查无此人' }] }
  if (record.name_blind !== blindIndex(deps.keys, nameBlindKey(name)))
    return refuse('name_mismatch', '姓名与该证件号登记的姓名不符')
  const names = await namesOf(deps)
  const held = heldOn(person.holdings, on, record.died_on)
  if (held.length === 0) {
    const reasons = whyNothingHeld(person.holdings, on, record.died_on).map((m) => ({
      code: m.code,
      text: sayMissing(m, names.labels),
    }))
    return { ...answer, status: 'not_eligible', reasons }
  }
  const limits = await limitsOf({
    person_id: person.id,
    household: record.household ?? blind,
    admdvs: ask.insurance?.admdvs ?? record.admdvs,
    categories: held,
    born_on: person.born_on,
    on,
  })
  const categories = held.map(({ key, from }) => ({ key, label: names.labels.get(key) ?? key, from }))
  return { ...answer, status: 'eligible', categories, limits }
}
