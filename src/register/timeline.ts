import { addDays, type Day } from '../kernel/day.ts'
import type { Holding } from './holding.ts'
import type { Period } from './statement.ts'

/** What the register says now of one person and category: on which days a holding begins (1) or stops (0). */
export type Timeline = Map<Day, 0 | 1>

/** A row to append to `holding`. */
export interface Mark {
  readonly category: string
  readonly from_day: Day
  readonly held: 0 | 1
}

/** Timelines by category; of two rows with the same day the one recorded last counts. */
export function timelinesOf(holdings: readonly Holding[]): Map<string, Timeline> {
  const all = new Map<string, Timeline>()
  for (const row of holdings.toSorted((a, b) => a.id - b.id)) {
    const timeline: Timeline = all.get(row.category) ?? new Map()
    all.set(row.category, timeline.set(row.from_day, row.held))
  }
  return all
}

function stateOn(timeline: Timeline, day: Day): 0 | 1 {
  let latest = ''
  for (const from of timeline.keys()) if (from <= day && from > latest) latest = from
  return timeline.get(latest) ?? 0
}

/** True when the category is held on the day. */
export const holds = (timeline: Timeline | undefined, day: Day): boolean =>
  timeline !== undefined && stateOn(timeline, day) === 1

/** The last day of the holding that covers a day; null: no end is known. */
export function heldTo(timeline: Timeline, day: Day): Day | null {
  let stop: Day | null = null
  for (const [from, held] of timeline) if (held === 0 && from > day && (stop === null || from < stop)) stop = from
  return stop === null ? null : addDays(stop, -1)
}

/**
 * Makes a timeline say what a period says, and returns the marks this takes: none when it says so already.
 * Days before the period keep what was recorded; a stop that lies inside the period is lifted.
 */
export function state(timeline: Timeline, period: Period): Mark[] {
  const marks: Mark[] = []
  const mark = (from_day: Day, held: 0 | 1) => {
    timeline.set(from_day, held)
    marks.push({ category: period.category, from_day, held })
  }
  const later = (than: Day) => [...timeline.keys()].filter((d) => d > than).sort()

  /** A stop ends the holding for good: beginnings that only went on with it must not bring it back. */
  const stop = (day: Day) => {
    if (stateOn(timeline, day) === 0) return
    const going = later(day)
    mark(day, 0)
    for (const d of going) {
      if (timeline.get(d) === 0) return
      mark(d, 0)
    }
  }

  if (period.held === 0) {
    stop(period.from)
    return marks
  }
  if (stateOn(timeline, period.from) === 0) mark(period.from, 1)
  for (const d of later(period.from)) {
    if (timeline.get(d) === 0 && (period.to === null || d <= period.to)) mark(d, 1)
  }
  if (period.to !== null && period.ends) stop(addDays(period.to, 1))
  return marks
}
