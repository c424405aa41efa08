import { Decimal } from 'decimal.js'

// 40 digits hold any amount times any ratio times any factor exactly: nothing is rounded before `round`.
Decimal.set({ precision: 40 })

/** An amount of money: a whole number of fen (1 yuan = 100 fen). Never a fraction, never yuan. */
export type Fen = number

/** An exact decimal: a ratio, or an amount in fen that is not rounded yet. */
export type Exact = Decimal

/** Named in the rule; half_up is the habit of every published example we know. */
export type RoundMode = 'half_up' | 'half_even' | 'down'
export type RoundUnit = 'fen' | 'jiao' | 'yuan'

/** 99,999,999,999.99 yuan: large enough for any fund, small enough for exact integers. */
export const MAX_FEN: Fen = 9_999_999_999_999

const YUAN = /^(?:0|[1-9]\d{0,10})\.\d{2}$/
const RATIO = /^(?:0(?:\.\d{1,6})?|1(?:\.0{1,6})?)$/
const FACTOR = /^(?:0|[1-9]\d{0,3})(?:\.\d{1,6})?$/

/** True for a non-negative amount in yuan with exactly two decimals, as the wire and the rule files write it. */
export const isYuan = (text: string): boolean => YUAN.test(text)

/** True for a ratio between 0 and 1 with at most six decimals. */
export const isRatio = (text: string): boolean => RATIO.test(text)

/** True for a non-negative factor that may exceed 1, such as "1.1" or "20". */
export const isFactor = (text: string): boolean => FACTOR.test(text)

/** "1234.50" -> 123450. The caller has checked the form; any other text is a bug. */
export function parseYuan(text: string): Fen {
  if (!YUAN.test(text)) throw new Error('not an amount in yuan with two decimals')
  return Number(text.slice(0, -3)) * 100 + Number(text.slice(-2))
}

/** Sign, whole digits and decimals without the zeros nobody counts; null: not a decimal number. */
export function decimalParts(text: string): { minus: boolean; whole: string; decimals: string } | null {
  const found = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text)
  if (!found || !(found[2] || found[3])) return null
  const whole = (found[2] ?? '').replace(/^0+(?=\d)/, '') || '0'
  const decimals = (found[3] ?? '').replace(/0+$/, '')
  return { minus: found[1] === '-' && (whole !== '0' || decimals !== ''), whole, decimals }
}

/** An amount in yuan as other systems write it, never rounded; or why it is none. */
export function readYuan(text: string): Fen | 'no_number' | 'too_precise' | 'too_large' {
  const parts = decimalParts(text)
  if (!parts) return 'no_number'
  if (parts.decimals.length > 2) return 'too_precise'
  const fen = Number(parts.whole) * 100 + Number(parts.decimals.padEnd(2, '0'))
  if (fen > MAX_FEN) return 'too_large'
  return parts.minus ? -fen : fen
}

/** 123450 -> "1234.50"; negative amounts keep their sign. */
export function formatYuan(fen: Fen): string {
  const sign = fen < 0 ? '-' : ''
  const whole = Math.abs(fen)
  const cents = whole % 100
  return `${sign}${(whole - cents) / 100}.${cents < 10 ? '0' : ''}${cents}`
}

/** A ratio, factor or unrounded amount from its decimal text, or from whole fen. */
export const exact = (value: string | Fen): Exact => new Decimal(value)

/** "0.755" -> "75.5%": for traces and statements. */
export const formatPercent = (ratio: Exact): string => `${ratio.times(100).toString()}%`

const MODES = { half_up: Decimal.ROUND_HALF_UP, half_even: Decimal.ROUND_HALF_EVEN, down: Decimal.ROUND_DOWN } as const
const UNITS = { fen: 1, jiao: 10, yuan: 100 } as const

/** The one place where a fraction of a fen disappears. `amount` is in fen. */
export function round(amount: Exact, mode: RoundMode, unit: RoundUnit = 'fen'): Fen {
  const step = UNITS[unit]
  if (step === 1) return amount.toDecimalPlaces(0, MODES[mode]).toNumber()
  return amount.dividedBy(step).toDecimalPlaces(0, MODES[mode]).toNumber() * step
}
