// One function a line: the whole of date-fns is hundreds of files, and half of the time the service takes to start.
import { addDays as addCalendarDays } from 'date-fns/addDays'
import { differenceInCalendarDays } from 'date-fns/differenceInCalendarDays'
import { format } from 'date-fns/format'
import { parseISO } from 'date-fns/parseISO'

/** A calendar day as `YYYY-MM-DD`; days compare as text. */
export type Day = string

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number

const DAY = /^\d{4}-\d{2}-\d{2}$/
const SHANGHAI_OFFSET_MS = 8 * 3_600_000

/** True for a day that exists in the calendar, from 1900 on. Arithmetic, because every bill asks it several times. */
export function isDay(text: string): boolean {
  if (!DAY.test(text) || text < '1900') return false
  const month = Number(text.slice(5, 7))
  const date = Number(text.slice(8))
  return month >= 1 && month <= 12 && date >= 1 && date <= daysIn(Number(text.slice(0, 4)), month)
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Many bills share a day, and a second: the last text made is kept. */
function remember(unit: number, make: (instant: Instant) => string): (instant: Instant) => string {
  let last = Number.NaN
  let text = ''
  return (instant) => {
    const now = Math.floor((instant + SHANGHAI_OFFSET_MS) / unit)
    if (now !== last) {
      text = make(instant)
      last = now
    }
    return text
  }
}

/** The calendar day in Beijing time (+08:00, no summer time since 1992). */
export const dayOf = remember(86_400_000, (instant) =>
  new Date(instant + SHANGHAI_OFFSET_MS).toISOString().slice(0, 10),
)

/** RFC 3339 in +08:00, whole seconds: "2026-11-01T10:31:07+08:00". */
export const formatInstant = remember(
  1000,
  (instant) => `${new Date(instant + SHANGHAI_OFFSET_MS).toISOString().slice(0, 19)}+08:00`,
)

/** The first instant of a day in Beijing time. */
export const startOfDay = (day: Day): Instant => Date.parse(`${day}T00:00:00+08:00`)

export const addDays = (day: Day, days: number): Day => format(addCalendarDays(parseISO(day), days), 'yyyy-MM-dd')

/** Whole days from one day to another; 0 on the same day. */
export const daysBetween = (from: Day, to: Day): number => differenceInCalendarDays(parseISO(to), parseISO(from))

/** Completed years of life on a day (满周岁); someone born on 29 February has a birthday on 1 March. */
export function ageOn(born: Day, day: Day): number {
  const years = Number(day.slice(0, 4)) - Number(born.slice(0, 4))
  return day.slice(5) < born.slice(5) ? years - 1 : years
}

export const yearOf = (day: Day): number => Number(day.slice(0, 4))
