import type { Day } from '../kernel/day.ts'

/**
 * What one row of a roster, or one change of a list, says about a person. What it does not mention stays as it is.
 * A roster adds people it does not find; `add` must not find the person, `update` must.
 */
export interface Statement {
  readonly row: number
  readonly mode: 'roster' | 'add' | 'update'
  readonly id_type: 'resident_id'
  readonly id_number: string
  /** Must agree with the register, unless `renames`. */
  readonly name?: string
  readonly renames?: true
  /** ID number of the head of household; null: a household of one. */
  readonly head?: string | null
  readonly township?: string
  readonly admdvs?: string
  /** null takes a death back that was recorded in error. */
  readonly died_on?: Day | null
  readonly period?: Period
}

/** Days of a category: held from a day (to a last day, when one is known), or no longer held from a day. */
export type Period =
  | {
      readonly held: 1
      readonly category: string
      readonly from: Day
      readonly to: Day | null
      /** False where the next period of the same file goes on from the day after. */
      readonly ends: boolean
    }
  | { readonly held: 0; readonly category: string; readonly from: Day }
