import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { amountInWords } from './amount-words.ts'
import { MAX_FEN } from './money.ts'

/** Reads the capitals back the way a bank clerk does; written apart from the code under test. */
function readBack(words: string): number {
  const match = /^人民币(负)?(.*?)整?$/.exec(words)
  let fen = 0
  let section = 0
  let high = 0
  let value = 0
  for (const letter of match?.[2] ?? '') {
    const known = '零壹贰叁肆伍陆柒捌玖'.indexOf(letter)
    if (known >= 0) value = known
    else if (letter === '拾') section += value * 10
    else if (letter === '佰') section += value * 100
    else if (letter === '仟') section += value * 1000
    else if (letter === '万') high += (section + value) * 10_000
    else if (letter === '亿') high += (section + value) * 100_000_000
    else if (letter === '元') fen += (high + section + value) * 100
    else if (letter === '角') fen += value * 10
    else if (letter === '分') fen += value
    else throw new Error(`unknown letter ${letter}`)
    if (known < 0) value = 0
    if (letter === '万' || letter === '亿' || letter === '元') section = 0
  }
  return match?.[1] ? -fen : fen
}

describe('大写金额', () => {
  it.each([
    [0, '人民币零元整'],
    [1, '人民币壹分'],
    [10, '人民币壹角整'],
    [53, '人民币伍角叁分'],
    [100, '人民币壹元整'],
    [1000, '人民币壹拾元整'],
    [1005, '人民币壹拾元零伍分'],
    [1_140_750, '人民币壹万壹仟肆佰零柒元伍角整'],
    [140_950, '人民币壹仟肆佰零玖元伍角整'],
    [600_714, '人民币陆仟零柒元壹角肆分'],
    [168_032, '人民币壹仟陆佰捌拾元零叁角贰分'],
    [10_700_053, '人民币壹拾万柒仟元零伍角叁分'],
    [1_640_902, '人民币壹万陆仟肆佰零玖元零贰分'],
    [32_504, '人民币叁佰贰拾伍元零肆分'],
    [1_000_100, '人民币壹万零壹元整'],
    [10_000_000, '人民币壹拾万元整'],
    [1_000_000_000_00, '人民币壹拾亿元整'],
    [100_010_000_00, '人民币壹亿零壹万元整'],
    [100_001_000_00, '人民币壹亿零壹仟元整'],
    [MAX_FEN, '人民币玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分'],
    [-1_140_750, '人民币负壹万壹仟肆佰零柒元伍角整'],
  ])('%i 分写作 %s', (fen, words) => {
    expect(amountInWords(fen)).toBe(words)
  })

  it('读回来就是原数，没有两个连写的零，也没有结尾的零', () => {
    const amounts = fc.oneof(
      fc.integer({ min: -MAX_FEN, max: MAX_FEN }),
      fc.integer({ min: -2_000_000, max: 2_000_000 }),
    )
    fc.assert(
      fc.property(amounts, (fen) => {
        const words = amountInWords(fen)
        expect(readBack(words)).toBe(fen)
        expect(words).not.toMatch(/零零|零[万亿整]|^.*零$/)
        if (fen !== 0) expect(words).not.toContain('零元')
      }),
      { numRuns: 5000 },
    )
  })

  it('写不出的数不写', () => {
    expect(() => amountInWords(MAX_FEN + 1)).toThrow()
    expect(() => amountInWords(0.5)).toThrow()
  })
})
