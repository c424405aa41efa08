import { type Day, yearOf } from '../kernel/day.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import type { Claim } from './claim.ts'
import type { CompiledVersion, DatedBy } from './compile.ts'
import { trimPlace } from './scene.ts'

/** The rules of one place through time. */
export interface Scheme {
  readonly key: string
  /** Sorted by their start days, each day once. */
  readonly versions: readonly CompiledVersion[]
}

/** Versions in any order, as schemes with their versions in the order of their days. */
export function gatherSchemes(versions: readonly CompiledVersion[]): readonly Scheme[] {
  const byKey = Map.groupBy(versions, (one) => one.scheme)
  return [...byKey].map(([key, all]) => ({
    key,
    versions: all.toSorted((a, b) => (a.version < b.version ? -1 : 1)),
  }))
}

/** The days of a bill by which a document may date it. */
export type BillDays = Pick<Claim, 'admitted_on' | 'discharged_on' | 'settled_on'>

export interface InForce {
  readonly scheme: Scheme
  readonly version: CompiledVersion
  /** The day by which the version was chosen; categories are judged on it. */
  readonly business_day: Day
  /** The year whose limits and sums the bill counts against. */
  readonly year: number
}

export const dayBy = (by: DatedBy, days: BillDays): Day =>
  by === 'discharge_date' ? days.discharged_on : by === 'admission_date' ? days.admitted_on : days.settled_on

/** The version in force on a day: the last that started on or before it. */
export const versionOn = (scheme: Scheme, day: Day): CompiledVersion | undefined =>
  scheme.versions.findLast((one) => one.version <= day)

/** The scheme for an insured place: the most specific code that covers it wins. */
export function schemeFor(schemes: readonly Scheme[], insuredPlace: string): Scheme | undefined {
  let best: Scheme | undefined
  let length = 0
  for (const scheme of schemes) {
    for (const version of scheme.versions) {
      for (const code of version.jurisdiction) {
        const prefix = trimPlace(code)
        if (prefix.length > length && insuredPlace.startsWith(prefix)) {
          best = scheme
          length = prefix.length
        }
      }
    }
  }
  return best
}

/**
 * Which rules hold for a bill. A version counts when it is the one in force on the day it itself declares;
 * should two claim the bill (their days differ), the later one has it. Refuses `no_scheme` and `no_rule_in_force`.
 */
export function inForce(schemes: readonly Scheme[], insuredPlace: string, days: BillDays): InForce | Refusal {
  const scheme = schemeFor(schemes, insuredPlace)
  if (scheme === undefined) return refuse('no_scheme', `参保地 ${insuredPlace} 没有救助办法`)
  const version = scheme.versions.findLast((one) => versionOn(scheme, dayBy(one.dated_by, days)) === one)
  if (version === undefined || version.repealed) {
    const asked = version ?? scheme.versions[0]
    const day = dayBy(asked?.dated_by ?? 'discharge_date', days)
    return refuse('no_rule_in_force', `${scheme.key} 在 ${day} 没有生效的救助办法`)
  }
  return {
    scheme,
    version,
    business_day: dayBy(version.dated_by, days),
    year: yearOf(dayBy(version.year_by, days)),
  }
}
