import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decimalParts,
  exact,
  formatPercent,
  formatYuan,
  isFactor,
  isRatio,
  isYuan,
  MAX_FEN,
  parseYuan,
  readYuan,
  round,
} from './money.ts'

describe('金额的写法', () => {
  test.each([
    ['0.00', true],
    ['0.01', true],
    ['1234.50', true],
    ['99999999999.99', true],
    ['100000000000.00', false],
    ['1234.5', false],
    ['1234', false],
    ['01.00', false],
    ['-1.00', false],
    ['+1.00', false],
    ['1e5', false],
    ['1,000.00', false],
    ['１.00', false],
    ['1.005', false],
    ['NaN', false],
    ['', false],
    [' 1.00', false],
    ['1.00\n', false],
  ])('%j 合格：%s', (text, expected) => expect(isYuan(text)).toBe(expected))

  test.each([
    ['0', true],
    ['1', true],
    ['0.75', true],
    ['1.000000', true],
    ['1.01', false],
    ['0.1234567', false],
    ['.5', false],
  ])('比例 %s：%s', (text, expected) => expect(isRatio(text)).toBe(expected))

  test.each([
    ['20', true],
    ['1.1', true],
    ['9999', true],
    ['10000', false],
    ['-1', false],
  ])('倍数 %s：%s', (text, expected) => expect(isFactor(text)).toBe(expected))

  test('写错的金额是程序的错', () => expect(() => parseYuan('1.5')).toThrow('two decimals'))

  test.each([
    ['-326.5', -32_650],
    ['210.00', 21_000],
    ['1.500', 150],
    ['-0.00', 0],
    ['210', 21_000],
    ['210.', 21_000],
    ['+0210.5', 21_050],
    ['.5', 50],
    ['-.05', -5],
    ['.', 'no_number'],
    ['-', 'no_number'],
    ['1.2.3', 'no_number'],
    ['99999999999.99', MAX_FEN],
    ['1.005', 'too_precise'],
    ['1,234.50', 'no_number'],
    ['', 'no_number'],
    ['100000000000.00', 'too_large'],
  ])('别的系统写的 %j：%s', (text, read) => expect(readYuan(text)).toBe(read))

  test.each([
    ['7', '7', ''],
    ['007.50', '7', '5'],
    ['0.50', '0', '5'],
    ['.50', '0', '5'],
    ['000', '0', ''],
    ['100.00', '100', ''],
  ])('同一个数只有一种写法：%j 是 %s 点 %j', (text, whole, decimals) => {
    expect(decimalParts(text)).toEqual({ minus: false, whole, decimals })
    expect(decimalParts(`-${text}`)).toEqual({ minus: whole !== '0' || decimals !== '', whole, decimals })
  })

  test('读出再写回，一分不差', () => {
    expect(parseYuan('99999999999.99')).toBe(MAX_FEN)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MAX_FEN }), (fen) => {
        expect(parseYuan(formatYuan(fen))).toBe(fen)
        expect(readYuan(formatYuan(fen))).toBe(fen)
        if (fen > 0) expect(formatYuan(-fen)).toBe(`-${formatYuan(fen)}`)
        if (fen > 0) expect(readYuan(formatYuan(-fen))).toBe(-fen)
      }),
    )
  })
})

/** The oracle: the same rounding in whole numbers of 10⁻⁶ fen. */
function oracle(fen: bigint, millionths: bigint, unit: bigint, mode: string): bigint {
  const scale = 1_000_000n * unit
  const product = fen * millionths
  const whole = product / scale
  const twice = (product % scale) * 2n
  const up =
    mode === 'half_up'
      ? twice >= scale
      : mode === 'half_even'
        ? twice > scale || (twice === scale && whole % 2n === 1n)
        : false
  return (up ? whole + 1n : whole) * unit
}

describe('比例与取整', () => {
  test.each([
    [5, '0.5', 'half_up', 'fen', 3],
    [5, '0.5', 'half_even', 'fen', 2],
    [7, '0.5', 'half_even', 'fen', 4],
    [5, '0.5', 'down', 'fen', 2],
    [53486, '1', 'half_up', 'jiao', 53490],
    [53484, '1', 'half_up', 'jiao', 53480],
    [53485, '1', 'half_even', 'jiao', 53480],
    [53499, '1', 'down', 'yuan', 53400],
    [53450, '1', 'half_up', 'yuan', 53500],
  ] as const)('%i 分 × %s，%s 到 %s：%i 分', (fen, ratio, mode, unit, expected) =>
    expect(round(exact(fen).times(exact(ratio)), mode, unit)).toBe(expected),
  )

  const runs = Number(process.env.MONEY_RUNS ?? 1_000_000)
  test(`${runs} 次与整数演算一致`, () => {
    const units = { fen: 1n, jiao: 10n, yuan: 100n } as const
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: MAX_FEN }),
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.constantFrom('half_up', 'half_even', 'down'),
        fc.constantFrom('fen', 'jiao', 'yuan'),
        (fen, millionths, mode, unit) => {
          const ratio = (millionths / 1_000_000).toFixed(6)
          const paid = round(exact(fen).times(exact(ratio)), mode, unit)
          if (BigInt(paid) !== oracle(BigInt(fen), BigInt(millionths), units[unit], mode))
            throw new Error(`${fen} × ${ratio} ${mode} ${unit}`)
        },
      ),
      { numRuns: runs },
    )
  })

  test('百分数', () => {
    expect(formatPercent(exact('0.755'))).toBe('75.5%')
    expect(formatPercent(exact('1'))).toBe('100%')
  })
})
