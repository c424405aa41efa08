import type { Hospital } from '../hospitals/hospital.ts'
import type { Day } from '../kernel/day.ts'
import { ageOn } from '../kernel/day.ts'
import type { Claim } from '../rules/claim.ts'
import { careDays, type StoredBill } from './bill.ts'

/** Everything a decision rested on beside the bill: with the rule's text it is enough to decide again, for ever. */
export interface Facts {
  readonly person: {
    readonly id: number
    readonly record_id: number
    readonly born_on: Day
    readonly died_on: Day | null
  }
  readonly categories: readonly { readonly key: string; readonly from: Day }[]
  /** What the office should look at: `discharged_after_death`. */
  readonly flags: readonly string[]
  readonly hospital: Pick<Hospital, 'code' | 'name' | 'level' | 'admdvs'>
  readonly settled_on: Day
  readonly rule: { readonly scheme: string; readonly version: Day; readonly hash: string }
  readonly business_day: Day
  readonly year: number
  /** Running totals the decision read, before this bill: `owner|key` -> value. */
  readonly counters: Readonly<Record<string, number>>
  /** What the booking added to them; the owner is the stored one (`p:<id>`, `h:<household>`). */
  readonly deltas: readonly { readonly owner: string; readonly key: string; readonly delta: number }[]
}

/** The claim a rule judges: the bill, who the patient is, and where the hospital stands. */
export function claimOf(
  bill: StoredBill,
  facts: Pick<Facts, 'person' | 'categories' | 'hospital' | 'settled_on' | 'business_day'>,
): Claim {
  const { from, to } = careDays(bill)
  return {
    care_type: bill.care_type,
    admitted_on: from,
    discharged_on: to,
    settled_on: facts.settled_on,
    insurance: bill.insurance,
    hospital: facts.hospital,
    referral: bill.referral,
    diagnoses: bill.diagnoses.map((d) => d.code),
    disease_code: bill.disease_code,
    circumstances: bill.circumstances,
    age: ageOn(facts.person.born_on, facts.business_day),
    categories: facts.categories,
    channel: 'counter',
    amounts: bill.amounts,
  }
}
