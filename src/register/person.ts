import type { Day, Instant } from '../kernel/day.ts'
import type { Holding } from './holding.ts'

/** What the register says of a person beside the categories, as one record says it. */
export interface PersonRecord {
  readonly id: number
  readonly sealed_name: string
  readonly name_blind: string
  /** Blind index of the head of household; null: a household of one. */
  readonly household: string | null
  readonly township: string
  readonly admdvs: string
  readonly died_on: Day | null
  readonly batch_id: string
  readonly recorded_at: Instant
}

/** A person of the register; records and holdings are in the order in which they were recorded. */
export interface KnownPerson {
  readonly id: number
  readonly id_type: string
  readonly blind: string
  readonly sealed_id: string
  readonly born_on: Day
  readonly records: readonly PersonRecord[]
  readonly holdings: readonly (Holding & { readonly batch_id: string })[]
}

/** The record that was known at an instant (without one: the newest), if the person was known at all. */
export const recordAt = (person: KnownPerson, knownAt?: Instant): PersonRecord | undefined =>
  person.records.findLast((r) => knownAt === undefined || r.recorded_at <= knownAt)

/** Places under which a person's sealed fields are bound, so that no row can lend them to another. */
export const placeOfId = (blind: string): string => `person.sealed_id:${blind}`
export const placeOfName = (blind: string): string => `person_record.sealed_name:${blind}`

/** Why a full name and number may be looked at: a closed list, so that the audit log never holds free text. */
export const PURPOSES = ['verification', 'correction', 'complaint', 'audit'] as const
