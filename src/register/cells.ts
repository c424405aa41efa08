import { addDays, type Day, isDay } from '../kernel/day.ts'
import { bornOn, normaliseResidentId, residentIdFault } from '../kernel/resident-id.ts'
import type { FaultCode } from './fault.ts'

/** What a cell says, or what is wrong with it. */
export type Cell<T> =
  | { readonly value: T; readonly fault?: undefined }
  | { readonly fault: { readonly code: FaultCode; readonly reason: string } }

const good = <T>(value: T): Cell<T> => ({ value })
const bad = (code: FaultCode, reason: string): Cell<never> => ({ fault: { code, reason } })

const NAME = /^\p{L}[\p{L}\p{M}\p{Zs}·•‧∙⋅・･.．'’ʼ`\-‐‑]*$/u
const SCIENTIFIC = /^\d(?:\.\d+)?E\+?\d+$/
const CUT_TO_15_DIGITS = /^\d{15}000(?:\.0+)?$/
const SHEET_MARK = /^['’‘`"=]|["']$/u

/** A name of any script: letters, marks and the dots between their parts; nothing a spreadsheet would run. */
export function readName(text: string): Cell<string> {
  const name = text.normalize('NFC').trim()
  if (name === '') return bad('NAME_INVALID', '姓名为空')
  if (name.length > 100 || !NAME.test(name)) return bad('NAME_INVALID', '姓名中有数字或不应有的符号')
  return good(name)
}

/**
 * An 18-character ID number. What a spreadsheet has damaged is refused and never repaired: a guessed number is
 * another person's.
 */
export function readIdNumber(text: string, today: Day): Cell<string> {
  const id = normaliseResidentId(text.normalize('NFKC'))
  if (id === '') return bad('ID_FORMAT', '证件号为空')
  if (SCIENTIFIC.test(id)) return bad('ID_SCIENTIFIC', '证件号已被表格软件改成科学计数，后几位已丢失')
  if (SHEET_MARK.test(id)) return bad('ID_FORMAT', '证件号前后有撇号、引号或等号')
  if (/^\d{15}$/.test(id)) return bad('ID_15', '15 位旧号码已停用')
  const wrong = residentIdFault(id, today)
  if (wrong === null) return good(id)
  if (CUT_TO_15_DIGITS.test(id)) return bad('ID_PRECISION_LOST', '末三位为 000 且校验不符：表格软件只保留了 15 位')
  if (wrong === '校验码不符') return bad('ID_CHECKSUM', '第 18 位校验码不符')
  return bad('ID_FORMAT', wrong)
}

/** True for a sound number that ends as a number cut to 15 digits would; in a damaged file it is not to be trusted. */
export const looksCut = (id: string): boolean => CUT_TO_15_DIGITS.test(id)

const WRITTEN = /^(\d{4})(?:-|\/|\.|年)(\d{1,2})(?:-|\/|\.|月)(\d{1,2})日?(?: 0{1,2}:00(?::00)?)?$/
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/
const SERIAL = /^\d{5}$/
/** Day 0 of the spreadsheet calendar, for days after February 1900. */
const SERIAL_ZERO = '1899-12-30'
/** Words and far days by which offices write “no end”; an end that is not known has no date here. */
const OPEN_END = /^(?:|-+|—+|\/|无|长期|永久|至今|(?:2099|2999|9999)-12-31)$/

/** A day in the forms offices write: 2024-1-5, 2024/1/5, 2024.1.5, 20240105, 2024年1月5日, or a spreadsheet's serial. */
export function readDay(text: string): Cell<Day> {
  const written = text.normalize('NFKC').trim()
  if (written === '') return bad('DATE_INVALID', '日期为空')
  if (SERIAL.test(written)) {
    const day = addDays(SERIAL_ZERO, Number(written))
    return day > '1930' && day < '2100' ? good(day) : bad('DATE_INVALID', '日期不存在')
  }
  const parts = WRITTEN.exec(written) ?? COMPACT.exec(written)
  if (!parts) return bad('DATE_INVALID', '日期的写法不能识别')
  const day = `${parts[1]}-${parts[2]?.padStart(2, '0')}-${parts[3]?.padStart(2, '0')}`
  return isDay(day) ? good(day) : bad('DATE_INVALID', '日期不存在')
}

/** The last day of a period; null: open. */
export function readEnd(text: string): Cell<Day | null> {
  const written = text.normalize('NFKC').trim()
  if (OPEN_END.test(written)) return good(null)
  const day = readDay(written)
  return day.fault === undefined && OPEN_END.test(day.value) ? good(null) : day
}

/** Six digits of the insured place. */
export function readAdmdvs(text: string): Cell<string> {
  const code = text.normalize('NFKC').trim()
  return /^[1-9]\d{5}$/.test(code)
    ? good(code)
    : bad('PLACE_INVALID', code === '' ? '参保地为空' : '参保地不是 6 位编码')
}

/** What is wrong with a period of a person born on the day the ID number tells, or null. */
export function periodFault(from: Day, to: Day | null, idNumber: string): string | null {
  if (to !== null && to < from) return '截止日期早于起始日期'
  return from < bornOn(idNumber) ? '起始日期早于出生日期' : null
}
