import { AMOUNTS } from './claim.ts'

/** Every amount a rule may name: those on the bill, those worked out from it, and those earlier benefits left. */
export const AMOUNT_WORDS = [
  ...AMOUNTS,
  'policy_scope_self_paid',
  'out_of_scope_cost',
  'insurance_paid',
  'patient_owes',
  'assistance_so_far',
  'left_by_benefits',
  'base',
] as const
export type AmountWord = (typeof AMOUNT_WORDS)[number]

/** Where the hospital stands, seen from the insured place; exactly one holds. */
export const PLACES = ['in_county', 'in_prefecture', 'in_province', 'out_of_province'] as const
export type Place = (typeof PLACES)[number]

/** What became of an earlier benefit on this very bill. */
export const EARLIER_STATES = ['used', 'not_used', 'limit_reached'] as const

/** What a pool of limits runs over. */
export const PERIODS = ['bill', 'person_year', 'person_quarter', 'disease_year', 'household_year', 'lifetime'] as const
export type Period = (typeof PERIODS)[number]

/** The stages in the order in which a benefit passes through them. */
export const STAGES = [
  'applies',
  'base',
  'gate',
  'deductible',
  'ratio',
  'adjust',
  'target',
  'limits',
  'accumulate',
  'round',
] as const
export type Stage = (typeof STAGES)[number]
