import { type Day, isDay } from './day.ts'

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECK = '10X98765432'

/** GB 11643-1999: the check character over the first 17 digits (ISO 7064 MOD 11-2). */
export function checkCharacter(first17: string): string {
  let sum = 0
  for (let i = 0; i < 17; i++) sum += (first17.charCodeAt(i) - 48) * (WEIGHTS[i] ?? 0)
  return CHECK[sum % 11] ?? ''
}

/** One written form for each number: trimmed, the check character in upper case. */
export const normaliseResidentId = (text: string): string => text.trim().toUpperCase()

/** A number of 15 digits, as written before 1999, in its 18 characters; every other text as it is. */
export function modernResidentId(text: string): string {
  const id = normaliseResidentId(text)
  if (!/^\d{15}$/.test(id)) return id
  const first17 = `${id.slice(0, 6)}19${id.slice(6)}`
  return first17 + checkCharacter(first17)
}

/** The 18 characters of a number written in either form; null when it is nobody's number. */
export function readResidentId(text: string): string | null {
  const id = modernResidentId(text)
  if (!/^\d{17}[\dX]$/.test(id) || !isDay(bornOn(id))) return null
  return checkCharacter(id.slice(0, 17)) === id[17] ? id : null
}

/** What is wrong with an 18-character GB 11643 number, or null. `today` refuses a birth in the future. */
export function residentIdFault(id: string, today: Day): string | null {
  if (/^\d{15}$/.test(id)) return '15 位旧号码已停用，请填 18 位'
  if (!/^\d{17}[\dX]$/.test(id)) return '应为 17 位数字加 1 位校验码'
  const born = bornOn(id)
  if (!isDay(born)) return '出生日期不存在'
  if (born > today) return '出生日期在将来'
  if (checkCharacter(id.slice(0, 17)) !== id[17]) return '校验码不符'
  return null
}

export const bornOn = (id: string): Day => `${id.slice(6, 10)}-${id.slice(10, 12)}-${id.slice(12, 14)}`

export const sexOf = (id: string): 'male' | 'female' => (Number(id[16]) % 2 === 1 ? 'male' : 'female')

/** Last four only: region and birth date would leave about 3,300 candidates. */
export const maskId = (id: string): string => '*'.repeat(Math.max(0, id.length - 4)) + id.slice(-4)
