import type { Day, Instant } from '../kernel/day.ts'
import { comparableName } from '../kernel/person-name.ts'
import { normaliseResidentId } from '../kernel/resident-id.ts'

/** From `from_day` on the person does (1) or does not (0) hold the category, as known from `recorded_at` on. */
export interface Holding {
  readonly id: number
  readonly category: string
  readonly from_day: Day
  readonly held: 0 | 1
  readonly recorded_at: Instant
}

/** A category held on a day, and the day the uninterrupted holding began. */
export interface Held {
  readonly key: string
  readonly from: Day
}

/**
 * Categories held on a day, ordered by key, as known at an instant (without one: as known now).
 * Per category the row with the latest `from_day` up to the day decides, and of two rows with the same `from_day`
 * the one recorded last. Nothing is held after the day of death.
 */
export function heldOn(holdings: readonly Holding[], day: Day, diedOn: Day | null, knownAt?: Instant): Held[] {
  const held: Held[] = []
  if (diedOn !== null && day > diedOn) return held
  const limit = knownAt ?? Number.POSITIVE_INFINITY
  for (let i = 0; i < holdings.length; i++) {
    const row = holdings[i] as Holding
    // The row that decides speaks once for its category; all others are passed over.
    if (row.held === 0 || !counts(row, day, limit) || isOutranked(holdings, row, day, limit)) continue
    held.push({ key: row.category, from: beginning(holdings, row, limit) })
  }
  return held.length > 1 ? held.sort((a, b) => (a.key < b.key ? -1 : 1)) : held
}

const counts = (row: Holding, day: Day, limit: Instant): boolean => row.from_day <= day && row.recorded_at <= limit

const outranks = (a: Holding, b: Holding): boolean =>
  a.from_day > b.from_day || (a.from_day === b.from_day && a.id > b.id)

function isOutranked(holdings: readonly Holding[], row: Holding, day: Day, limit: Instant): boolean {
  for (let i = 0; i < holdings.length; i++) {
    const other = holdings[i] as Holding
    if (other.category === row.category && outranks(other, row) && counts(other, day, limit)) return true
  }
  return false
}

/** Walks back from a holding over the rows before it until one says that the category was not held. */
function beginning(holdings: readonly Holding[], from: Holding, limit: Instant): Day {
  let start = from
  for (;;) {
    let before: Holding | null = null
    for (let i = 0; i < holdings.length; i++) {
      const row = holdings[i] as Holding
      if (row.category !== from.category || row.recorded_at > limit || row.from_day >= start.from_day) continue
      if (before === null || outranks(row, before)) before = row
    }
    if (before === null || before.held === 0) return start.from_day
    start = before
  }
}

export type Missing =
  | { readonly code: 'deceased'; readonly day: Day }
  /** The category stopped on the day, or begins on it. */
  | { readonly code: 'category_ended' | 'category_not_started'; readonly category: string; readonly day: Day }
  | { readonly code: 'no_category' }

/** Why a registered person holds nothing on a day: death, a category that is over or yet to begin, or none at all. */
export function whyNothingHeld(
  holdings: readonly Holding[],
  day: Day,
  diedOn: Day | null,
  knownAt: Instant = Number.POSITIVE_INFINITY,
): Missing[] {
  if (diedOn !== null && day > diedOn) return [{ code: 'deceased', day: diedOn }]
  const missing: Missing[] = []
  const known = holdings.filter((row) => row.recorded_at <= knownAt)
  for (const [category, rows] of Map.groupBy(known, (row) => row.category)) {
    const effective = rows
      .filter((row) => !rows.some((r) => r.from_day === row.from_day && r.id > row.id))
      .sort((a, b) => (a.from_day < b.from_day ? -1 : 1))
    const past = effective.filter((row) => row.from_day <= day)
    const held = past.findLastIndex((row) => row.held === 1)
    const stop = past[held + 1]
    if (held >= 0 && stop) missing.push({ code: 'category_ended', category, day: stop.from_day })
    const next = effective.find((row) => row.from_day > day && row.held === 1)
    if (next) missing.push({ code: 'category_not_started', category, day: next.from_day })
  }
  return missing.length > 0 ? missing : [{ code: 'no_category' }]
}

/** The text whose blind index finds a person: one written form for each number, apart from numbers of other kinds. */
export const personBlindKey = (idType: string, idNumber: string): string => `${idType}:${normaliseResidentId(idNumber)}`

/** The text whose blind index tells whether a name is the registered one. */
export const nameBlindKey = (name: string): string => comparableName(name)
