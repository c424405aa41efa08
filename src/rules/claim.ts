import type { Day } from '../kernel/day.ts'
import type { Fen } from '../kernel/money.ts'

export const CARE_TYPES = ['inpatient', 'outpatient_chronic', 'outpatient_serious', 'outpatient'] as const
export type CareType = (typeof CARE_TYPES)[number]

export const REFERRALS = ['not_needed', 'referred', 'filed', 'emergency', 'none'] as const
export type Referral = (typeof REFERRALS)[number]

export const INSURANCE_TYPES = ['resident', 'employee', 'none'] as const
export type InsuranceType = (typeof INSURANCE_TYPES)[number]

/** Circumstances that a law excludes from assistance; the hospital states them, the rule decides what they mean. */
export const CIRCUMSTANCES = [
  'third_party_liability',
  'work_injury',
  'public_health',
  'abroad',
  'cosmetic',
  'crime',
  'self_inflicted',
  'other_excluded',
] as const
export type Circumstance = (typeof CIRCUMSTANCES)[number]

/** Who has paid before the patient: everything that stands between the total and what is left. */
export const OTHER_PAYERS = [
  'basic_insurance_paid',
  'serious_illness_paid',
  'other_insurance_paid',
  'commercial_paid',
  'hospital_waived',
  'temporary_relief_paid',
  'donation_paid',
  'personal_account_paid',
] as const

export const AMOUNTS = [
  'total_cost',
  'self_funded',
  'over_limit',
  'prior_self_pay',
  'policy_scope_cost',
  'insurance_deductible',
  ...OTHER_PAYERS,
] as const
export type AmountName = (typeof AMOUNTS)[number]
export type Amounts = Readonly<Record<AmountName, Fen>>

/** Everything a rule may look at when it judges one bill. Nothing else reaches the pipeline. */
export interface Claim {
  readonly care_type: CareType
  /** The stay, or twice the day of an outpatient visit. */
  readonly admitted_on: Day
  readonly discharged_on: Day
  /** The day of settlement in Beijing time. */
  readonly settled_on: Day
  readonly insurance: { readonly type: InsuranceType; readonly admdvs: string }
  readonly hospital: { readonly level: 1 | 2 | 3; readonly admdvs: string }
  readonly referral: Referral
  readonly diagnoses: readonly string[]
  readonly disease_code: string | null
  readonly circumstances: readonly Circumstance[]
  readonly age: number
  /** Categories held on the rule's day, each with the day it began. */
  readonly categories: readonly { readonly key: string; readonly from: Day }[]
  readonly channel: 'counter' | 'application'
  readonly amounts: Amounts
}

/**
 * Whose running total a counter belongs to. The register tells which household; a person without one is
 * a household of their own.
 */
export type CounterOwner = 'person' | 'household'

/** One change of a running total, in fen or times; the key holds scheme, what is counted and its period. */
export interface CounterDelta {
  readonly owner: CounterOwner
  readonly key: string
  readonly delta: number
}

/** Running totals before this bill; 0 for a counter nobody has touched. */
export type ReadCounter = (owner: CounterOwner, key: string) => number

/** One line of the working: what stage did what, on which article of the law. */
export interface TraceStep {
  readonly benefit: string | null
  readonly stage: string
  readonly label: string
  readonly formula: string
  readonly amount: Fen | null
  readonly law: string
}

export interface Benefit {
  readonly benefit: string
  readonly tier: number
  readonly base: Fen
  readonly amount: Fen
}

/** A reason for a zero, or for a cut: code from a closed list, text for the patient. */
export interface Reason {
  readonly code: string
  readonly text: string
  readonly law: string | null
}

export interface LimitUse {
  readonly pool: string
  readonly period: string
  /** null: no limit. */
  readonly limit: Fen | null
  readonly used_before: Fen
  readonly used_after: Fen
  /** A pool of times counts uses, not fen; absent means fen. */
  readonly unit?: 'times'
}

/** What the rules say about one claim. */
export interface Ruling {
  readonly category: string | null
  readonly assistance: Fen
  readonly benefits: readonly Benefit[]
  readonly reasons: readonly Reason[]
  readonly limits: readonly LimitUse[]
  readonly counters: readonly CounterDelta[]
  readonly trace: readonly TraceStep[]
}
