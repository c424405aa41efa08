import { randomFillSync, randomInt } from 'node:crypto'
import { formatInstant, type Instant } from './day.ts'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const pool = Buffer.alloc(8192)
let used = pool.length

/** Random text in Crockford's base 32 (5 bits a character, no letters that look like digits). */
export function randomText(length: number): string {
  if (used + length > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  let text = ''
  for (let i = 0; i < length; i++) text += ALPHABET[(pool[used++] ?? 0) & 31]
  return text
}

/** Random digits, for columns that take no letters. */
export const randomDigits = (length: number): string => Array.from({ length }, () => randomInt(10)).join('')

/** `20261101103107` + 8 random characters: grows with time, as an index likes it, and cannot be guessed. */
export const newSettlementNo = (at: Instant): string =>
  formatInstant(at).slice(0, 19).replace(/\D/g, '') + randomText(8)
