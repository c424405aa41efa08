import { type Fen, MAX_FEN } from './money.ts'

const DIGITS = '零壹贰叁肆伍陆柒捌玖'
const PLACES = ['', '拾', '佰', '仟']
const SECTIONS = ['', '万', '亿']

const digit = (value: number): string => DIGITS[value] ?? ''

/** Up to four digits, without a leading 零: 1007 -> 壹仟零柒. */
function sectionInWords(section: number): string {
  let words = ''
  let gap = false
  for (let place = 3; place >= 0; place--) {
    const value = Math.floor(section / 10 ** place) % 10
    if (value === 0) {
      gap = words !== ''
      continue
    }
    words += (gap ? '零' : '') + digit(value) + (PLACES[place] ?? '')
    gap = false
  }
  return words
}

/** Whole yuan above zero: 100010000 -> 壹亿零壹万. */
function wholeInWords(yuan: number): string {
  let words = ''
  let gap = false
  for (let place = 2; place >= 0; place--) {
    const section = Math.floor(yuan / 10_000 ** place) % 10_000
    if (section === 0) {
      gap = words !== ''
      continue
    }
    const needsZero = words !== '' && (gap || section < 1000)
    words += (needsZero ? '零' : '') + sectionInWords(section) + (SECTIONS[place] ?? '')
    gap = false
  }
  return words
}

/**
 * An amount in the capitals that vouchers carry (大写): 1140750 -> 人民币壹万壹仟肆佰零柒元伍角整.
 * Where 《正确填写票据和结算凭证的基本规定》 leaves a choice, the form it prints first is used.
 */
export function amountInWords(fen: Fen): string {
  const amount = Math.abs(fen)
  if (!Number.isSafeInteger(fen) || amount > MAX_FEN) throw new Error('not an amount that can be written in words')
  const yuan = Math.floor(amount / 100)
  const jiao = Math.floor(amount / 10) % 10
  const cents = amount % 10
  let words = fen < 0 ? '人民币负' : '人民币'
  if (yuan > 0) words += `${wholeInWords(yuan)}元`
  if (jiao === 0 && cents === 0) return `${words}${yuan > 0 ? '' : '零元'}整`
  const needsZero = yuan > 0 && (jiao === 0 || yuan % 10 === 0)
  if (needsZero) words += '零'
  if (jiao > 0) words += `${digit(jiao)}角`
  return cents > 0 ? `${words}${digit(cents)}分` : `${words}整`
}
