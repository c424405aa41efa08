import type { Day } from '../kernel/day.ts'
import { type Exact, type Fen, formatYuan } from '../kernel/money.ts'
import type { Claim, CounterDelta, CounterOwner, ReadCounter } from './claim.ts'
import type { AmountWord, Place } from './words.ts'

/** What became of one benefit on the bill at hand; later benefits look back at it. */
export interface Past {
  readonly benefit: string
  readonly base: Fen
  readonly amount: Fen
  /** What a limit took away. */
  readonly cut: Fen
  readonly limitReached: boolean
}

/** Running totals as they stand while the bill is judged: those before it, and what the bill has added so far. */
export interface Tally {
  readonly read: ReadCounter
  readonly added: CounterDelta[]
  /** What pools for one bill have given so far; forgotten with the bill. */
  spent: Map<string, number> | null
}

/** One bill under one category: all that stages look at. `granted` and `base` move on as benefits are judged. */
export interface Scene {
  readonly claim: Claim
  readonly scheme: string
  /** The day and the year the bill counts against. */
  readonly day: Day
  readonly year: number
  readonly category: string
  /** The day the category began. */
  readonly since: Day
  readonly tally: Tally
  readonly past: Past[]
  /** What the patient owes before assistance. */
  readonly owes: Fen
  granted: Fen
  base: Fen
}

/** The total before the bill and what the bill has added to it so far. */
export function soFar(tally: Tally, owner: CounterOwner, key: string): number {
  let total = tally.read(owner, key)
  for (const entry of tally.added) if (entry.key === key && entry.owner === owner) total += entry.delta
  return total
}

/** Books a change; changes of the same counter by one bill become one delta. */
export function add(tally: Tally, owner: CounterOwner, key: string, delta: number): void {
  if (delta === 0) return
  const index = tally.added.findIndex((entry) => entry.key === key && entry.owner === owner)
  const earlier = tally.added[index]
  if (earlier === undefined) tally.added.push({ owner, key, delta })
  else tally.added[index] = { owner, key, delta: earlier.delta + delta }
}

/** Total cost less everybody who has paid, in fen; never negative. */
export function owedBy(claim: Claim): Fen {
  const a = claim.amounts
  const paid =
    a.basic_insurance_paid +
    a.serious_illness_paid +
    a.other_insurance_paid +
    a.commercial_paid +
    a.hospital_waived +
    a.temporary_relief_paid +
    a.donation_paid +
    a.personal_account_paid
  return Math.max(0, a.total_cost - paid)
}

/** What the last of these benefits that was looked at on this bill has left of its own base. */
export function leftBy(scene: Scene, benefits: readonly string[] | null, withoutCapped: boolean): Fen {
  for (let i = scene.past.length - 1; i >= 0; i--) {
    const one = scene.past[i] as Past
    if (benefits === null || benefits.includes(one.benefit)) {
      return Math.max(0, one.base - one.amount - (withoutCapped ? one.cut : 0))
    }
  }
  return 0
}

const insurancePaid = ({ amounts: a }: Claim): Fen =>
  a.basic_insurance_paid + a.serious_illness_paid + a.other_insurance_paid

/** The amount a word stands for on this bill, in fen; never negative. */
export function amountOf(scene: Scene, word: AmountWord): Fen {
  const a = scene.claim.amounts
  switch (word) {
    case 'policy_scope_self_paid':
      return Math.max(0, a.policy_scope_cost - insurancePaid(scene.claim))
    case 'out_of_scope_cost':
      return a.self_funded + a.over_limit + a.prior_self_pay
    case 'insurance_paid':
      return insurancePaid(scene.claim)
    case 'patient_owes':
      return scene.owes
    case 'assistance_so_far':
      return scene.granted
    case 'left_by_benefits':
      return leftBy(scene, null, false)
    case 'base':
      return scene.base
    default:
      return a[word]
  }
}

/** "654002" -> "654002", "654000" -> "6540", "650000" -> "65": a place code without its empty pairs. */
export const trimPlace = (admdvs: string): string => admdvs.replace(/(?:00){1,2}$/, '')

/** Where the hospital stands, seen from the insured place; a whole prefecture may be one insured place. */
export function placeOf(insured: string, hospital: string): Place {
  if (insured === hospital || hospital.startsWith(trimPlace(insured))) return 'in_county'
  if (insured.slice(0, 4) === hospital.slice(0, 4)) return 'in_prefecture'
  return insured.slice(0, 2) === hospital.slice(0, 2) ? 'in_province' : 'out_of_province'
}

/** An amount in fen that may have a fraction, as yuan: 266666.4 -> "2666.664". */
export function formatExact(amount: Exact): string {
  const fen = amount.toFixed()
  const point = fen.indexOf('.')
  if (point < 0) return formatYuan(amount.toNumber())
  const whole = fen.slice(0, point).padStart(3, '0')
  return `${whole.slice(0, -2)}.${whole.slice(-2)}${fen.slice(point + 1)}`
}
