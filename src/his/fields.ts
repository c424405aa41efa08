import { type Day, formatInstant, type Instant, isDay } from '../kernel/day.ts'
import { decimalParts, type Fen, MAX_FEN, readYuan } from '../kernel/money.ts'

/** Why a cell cannot be read, in words for the counter. */
export class Wrong {
  readonly why: string
  constructor(why: string) {
    this.why = why
  }
}
/** Reads a cell. A plain function: a settlement has seventy of them, and schemas of zod made half of all garbage. */
export type Reader<T> = (raw: unknown) => T | Wrong
/** A column that may be left out: null, "" and an absent key all mean nothing. */
export type Column<T> = Reader<T | null>

const wrong = (why: string) => new Wrong(why)

const column =
  <T>(read: (text: string, raw: unknown) => T | Wrong): Column<T> =>
  (raw) => {
    const text = typeof raw === 'number' || typeof raw === 'boolean' ? String(raw) : raw
    if (text === undefined || text === null) return null
    if (typeof text !== 'string') return wrong('须为文本或数字')
    const trimmed = text.trim()
    return trimmed === '' ? null : read(trimmed, raw)
  }

/** A column that must be there. */
export const required =
  <T>(optional: Column<T>): Reader<T> =>
  (raw) => {
    const read = optional(raw)
    return read === null ? wrong('必填') : read
  }

/** A column with a value of its own when it is left out. */
export const otherwise =
  <T>(optional: Column<T>, absent: T): Reader<T> =>
  (raw) =>
    optional(raw) ?? absent

/** What a column holds; null also where it cannot be read. */
export function readable<T>(optional: Column<T>, raw: unknown): T | null {
  const read = optional(raw)
  return read instanceof Wrong ? null : read
}

/** A number of a client's own making is safe only while every digit survives. */
const lost = (raw: unknown): boolean => typeof raw === 'number' && !Number.isSafeInteger(raw)

/** Characters that hide or reorder text; a message inside a string has not been looked through at the door. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const HIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/

export const text = (max: number): Column<string> =>
  column((read, raw) => {
    if (typeof raw === 'boolean' || lost(raw)) return wrong('须为文本')
    if (HIDDEN.test(read) || !read.isWellFormed()) return wrong('含有不可见字符')
    return read.length > max && [...read].length > max ? wrong(`最多 ${max} 个字`) : read
  })

/** A number that names something: printable, without blanks inside. */
export const ident = (max: number): Column<string> =>
  column((read, raw) => {
    if (typeof raw === 'boolean' || lost(raw)) return wrong('须为文本')
    return /^[\x21-\x7e]+$/.test(read) && read.length <= max ? read : wrong(`须为 1–${max} 个字母、数字或符号，无空格`)
  })

export const flag: Column<'0' | '1'> = column((read) =>
  read === '0' || read === 'false' ? '0' : read === '1' || read === 'true' ? '1' : wrong('须为 0 或 1'),
)

/** JavaScript writes very large and very small numbers with an exponent; neither is an amount. */
const exponent = (read: string, raw: unknown): string | null =>
  typeof raw !== 'number' || !read.includes('e') ? null : read.includes('e-') ? '小数位过多' : '数额过大'

const NO_AMOUNT = {
  no_number: '须为金额，如 1234.50',
  too_precise: '金额最多两位小数',
  too_large: '数额过大',
} as const

/** An amount in yuan, number or text, as whole fen: at most two decimals, never rounded. */
function readAmount(read: string, raw: unknown): Fen | Wrong {
  const odd = exponent(read, raw)
  if (odd) return wrong(odd)
  const fen = typeof raw === 'boolean' ? 'no_number' : readYuan(read)
  return typeof fen === 'number' ? fen : wrong(NO_AMOUNT[fen])
}
const anyAmount = column(readAmount)
export const amount: Column<Fen> = (raw) => {
  if (typeof raw !== 'number') return anyAmount(raw)
  // What is the nearest number to so many fen is written with two decimals at most.
  const fen = Math.round(raw * 100)
  return Math.abs(fen) <= MAX_FEN && fen / 100 === raw ? fen + 0 : anyAmount(raw)
}

/** A quantity, price or ratio as canonical decimal text: no zero too many, no sign on nothing. */
export const decimal = (digits: number, places: number): Column<string> =>
  column((read, raw) => {
    const odd = exponent(read, raw)
    if (odd) return wrong(odd)
    const parts = typeof raw === 'boolean' ? null : decimalParts(read)
    if (!parts) return wrong('须为数字')
    if (parts.decimals.length > places) return wrong(`最多 ${places} 位小数`)
    if (parts.whole.length > digits - places) return wrong('数字过大')
    return `${parts.minus ? '-' : ''}${parts.whole}${parts.decimals ? `.${parts.decimals}` : ''}`
  })
/** N16,4 */
export const quantity = decimal(16, 4)
/** N16,6 */
export const price = decimal(16, 6)

/** A count of things: whole and not negative. */
export const count: Column<number> = column((read, raw) => {
  const parts = typeof raw === 'boolean' ? null : decimalParts(read)
  if (!parts || parts.minus || parts.decimals || parts.whole.length > 10) return wrong('须为整数')
  return Number(parts.whole)
})

/** A day with or without a time, as adapters write it: dashes with blanks around them, slashes, or no marks at all. */
const MOMENT =
  /^(\d{4})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,2})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.:]\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/
const COMPACT = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})(?:\d{3})?)?$/

export interface Moment {
  readonly day: Day
  readonly at: Instant
}

/** The day and the instant of a text in Beijing time; null: neither. */
export function momentOf(read: string): Moment | null {
  const found = MOMENT.exec(read) ?? COMPACT.exec(read)
  if (!found) return null
  const two = (n: string | undefined) => (n ?? '0').padStart(2, '0')
  const day = `${found[1]}-${two(found[2])}-${two(found[3])}`
  const [hour, minute, second] = [two(found[4]), two(found[5]), two(found[6])]
  if (!isDay(day) || hour > '23' || minute > '59' || second > '59') return null
  const zone = found[7] === undefined ? '+08:00' : found[7] === 'Z' ? 'Z' : found[7].replace(/^(...):?/, '$1:')
  const at = Date.parse(`${day}T${hour}:${minute}:${second}${zone}`)
  return Number.isNaN(at) ? null : { day, at }
}

/** The day of whatever a platform writes for a date; null: it is none. */
export const dayIn = (value: unknown): Day | null => momentOf(String(value ?? '').trim())?.day ?? null

/** A C# client without a date sends the first day of all. */
const NO_DATE = /^0001-01-01/
const aMoment = <T>(pick: (found: Moment) => T, form: string): Column<T> =>
  column((read): T | null | Wrong => {
    if (NO_DATE.test(read)) return null
    const found = momentOf(read)
    return found ? pick(found) : wrong(`须为日期，如 ${form}`)
  }) as Column<T>

export const day: Column<Day> = aMoment((m) => m.day, '2026-03-12')
export const moment: Column<Moment> = aMoment((m) => m, '2026-03-12 10:15:30')

/** `yyyyMM`, also written `yyyy-MM`. */
export const month: Column<string> = column((read) => {
  const found = /^(\d{4})-?(\d{2})$/.exec(read)
  return found && isDay(`${found[1]}-${found[2]}-01`) ? `${found[1]}${found[2]}` : wrong('须为年月，如 202603')
})

/** An amount as the wire writes it: the nearest number, which is written with exactly its two decimals. */
export const yuan = (fen: Fen): number => fen / 100 + 0

/** `yyyy-MM-dd HH:mm:ss` in Beijing time. */
export const clockTime = (at: Instant): string => formatInstant(at).slice(0, 19).replace('T', ' ')
