import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatYuan, MAX_FEN } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import {
  amount,
  type Column,
  count,
  day,
  decimal,
  flag,
  ident,
  moment,
  month,
  otherwise,
  price,
  quantity,
  required,
  text,
  Wrong,
  yuan,
} from './fields.ts'
import { columns, dataOf, readNode, readRows } from './read-node.ts'

/** What a column reads, or its fault in words. */
const of = <T>(column: Column<T>, raw: unknown): T | null | string => {
  const read = column(raw)
  return read instanceof Wrong ? read.why : read
}

describe('金额', () => {
  test.each<[string, unknown, number | null]>([
    ['整数', 9, 900],
    ['小数', 3043.64, 304_364],
    ['零', 0.0, 0],
    ['大额', 23442.46, 2_344_246],
    ['一位小数的文本', '69.6', 6960],
    ['两位小数的文本', '388.23', 38_823],
    ['负数文本', '-3520.0', -352_000],
    ['负数', -25.1, -2510],
    ['零的文本', '0', 0],
    ['多余的零', '326.5000', 32_650],
    ['正号', '+1.50', 150],
    ['没有整数位', '.50', 50],
    ['没有小数位', '69.', 6900],
    ['前面的零', '007.10', 710],
    ['负零', '-0.00', 0],
    ['前后空格', ' 9.00 ', 900],
    ['指数写法的数字是普通数字', 1e3, 100_000],
    ['最大', '99999999999.99', MAX_FEN],
    ['空', '', null],
    ['空格', '  ', null],
    ['null', null, null],
    ['没写', undefined, null],
  ])('%s', (_, raw, fen) => expect(of(amount, raw)).toBe(fen))

  test.each<[string, unknown, string]>([
    ['三位小数', '1.005', '金额最多两位小数'],
    ['浮点误差', 0.1 + 0.2, '金额最多两位小数'],
    ['指数写法的文本', '1e3', '须为金额，如 1234.50'],
    ['极大', 1e21, '数额过大'],
    ['极小', 1e-9, '小数位过多'],
    ['超过范围', '100000000000.00', '数额过大'],
    ['千分位', '1,234.50', '须为金额，如 1234.50'],
    ['全角', '１２.00', '须为金额，如 1234.50'],
    ['NaN', Number.NaN, '须为金额，如 1234.50'],
    ['无穷', Number.POSITIVE_INFINITY, '须为金额，如 1234.50'],
    ['只有小数点', '.', '须为金额，如 1234.50'],
    ['只有负号', '-', '须为金额，如 1234.50'],
    ['真假', true, '须为金额，如 1234.50'],
    ['对象', {}, '须为文本或数字'],
  ])('拒绝%s', (_, raw, why) => expect(of(amount, raw)).toBe(why))

  const fen = fc.integer({ min: -MAX_FEN, max: MAX_FEN })
  test('写出去的数字和文本都读得回来，一分不差', () => {
    fc.assert(
      fc.property(fen, (f) => {
        const same = f === 0 ? 0 : f
        expect(of(amount, yuan(f))).toBe(same)
        expect(of(amount, JSON.parse(JSON.stringify(yuan(f))))).toBe(same)
        expect(of(amount, formatYuan(f))).toBe(same)
        expect(of(amount, `${formatYuan(f)}00`)).toBe(same)
      }),
    )
  })
  test('读出的总是整数分，从不是负零', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.float(), fc.string(), fc.jsonValue()), (raw) => {
        const read = amount(raw)
        if (read instanceof Wrong || read === null) return
        expect(Number.isSafeInteger(read) && !Object.is(read, -0)).toBe(true)
      }),
    )
  })
  test('写成数字与写成文本，读出一样', () => {
    const fen = fc.integer({ min: -MAX_FEN - 9, max: MAX_FEN + 9 })
    const number = fc.oneof(
      fc.double(),
      fen,
      fen.map((f) => f / 100),
      fen.map((f) => f / 1000),
    )
    fc.assert(
      fc.property(number, (raw) => {
        if (!String(raw).includes('e')) expect(of(amount, raw)).toBe(of(amount, String(raw)))
      }),
      { numRuns: 5000 },
    )
  })
})

describe('数量、单价、比例', () => {
  test.each<[string, Column<string>, unknown, string | null]>([
    ['数量', quantity, '-20.0', '-20'],
    ['单价', price, '176.0', '176'],
    ['单价六位', price, 0.123456, '0.123456'],
    ['年龄', decimal(4, 1), 69.2, '69.2'],
    ['负零', quantity, '-0.0000', '0'],
    ['没写', price, '', null],
    ['数量五位小数', quantity, '0.00001', '最多 4 位小数'],
    ['单价过大', price, '12345678901', '数字过大'],
    ['不是数字', price, 'x', '须为数字'],
    ['极小', price, 1e-9, '小数位过多'],
  ])('%s', (_, column, raw, expected) => expect(of(column, raw)).toBe(expected))

  test.each<[string, unknown, number | string | null]>([
    ['文本', '67', 67],
    ['数字', 67, 67],
    ['带零的', '67.0', 67],
    ['负数', '-1', '须为整数'],
    ['小数', '1.5', '须为整数'],
  ])('笔数：%s', (_, raw, expected) => expect(of(count, raw)).toBe(expected))
})

describe('文本和标志', () => {
  test.each<[string, Column<string>, unknown, string | null]>([
    ['去掉空格', text(5), ' 张三 ', '张三'],
    ['按字数算', text(2), '𠮷野', '𠮷野'],
    ['太长', text(2), '三个字', '最多 2 个字'],
    ['数字', text(30), 310047079277, '310047079277'],
    ['丢了位数的数字', text(30), 1e25, '须为文本'],
    ['空', text(5), '', null],
    ['不可见字符', text(5), 'a\u0000b', '含有不可见字符'],
    ['反转书写方向', text(5), 'a\u202eb', '含有不可见字符'],
    ['半个字', text(5), 'a\ud800b', '含有不可见字符'],
    ['编号', ident(30), '654002A0001', '654002A0001'],
    ['编号里有空格', ident(30), 'A 1', '须为 1–30 个字母、数字或符号，无空格'],
    ['编号太长', ident(3), 'ABCD', '须为 1–3 个字母、数字或符号，无空格'],
    ['标志', flag, '1', '1'],
    ['标志是数字', flag, 0, '0'],
    ['标志是真假', flag, true, '1'],
    ['标志写错', flag, 'Y', '须为 0 或 1'],
    ['年月', month, '2026-03', '202603'],
    ['没有的月', month, '202613', '须为年月，如 202603'],
  ])('%s', (_, column, raw, expected) => expect(of(column, raw)).toBe(expected))
})

describe('日期和时间', () => {
  test.each<[string, unknown, string | null]>([
    ['规范', '2026-03-12', '2026-03-12'],
    ['日期时间', '2026-03-12 10:15:30', '2026-03-12'],
    ['带空格的横线', '2019 - 04 - 08', '2019-04-08'],
    ['紧凑', '20260312', '2026-03-12'],
    ['紧凑的日期时间', '20260312101530', '2026-03-12'],
    ['到毫秒的', '20260312101530123', '2026-03-12'],
    ['数字', 20260312, '2026-03-12'],
    ['斜线，不补零', '2026/3/2 8:05:00', '2026-03-02'],
    ['T 和毫秒', '2026-03-12T10:15:30.123', '2026-03-12'],
    ['没有秒', '2026-03-12 10:15', '2026-03-12'],
    ['C# 的空日期', '0001-01-01 00:00:00', null],
    ['空', '', null],
    ['没有的日子', '2026-02-30', '须为日期，如 2026-03-12'],
    ['没有的钟点', '2026-03-12 25:00:00', '须为日期，如 2026-03-12'],
    ['文字', '今天', '须为日期，如 2026-03-12'],
  ])('%s', (_, raw, expected) => expect(of(day, raw)).toBe(expected))

  test('时刻按北京时间', () => {
    expect(moment('2026-03-12 10:15:30')).toEqual({ day: '2026-03-12', at: Date.parse('2026-03-12T02:15:30Z') })
    expect(moment('2026-03-12T02:15:30Z')).toMatchObject({ at: Date.parse('2026-03-12T02:15:30Z') })
    expect(moment('2026-03-12')).toMatchObject({ at: Date.parse('2026-03-11T16:00:00Z') })
  })
})

describe('节点', () => {
  const schema = columns({
    psn_no: required(ident(30)),
    medfee_sumamt: required(amount),
    hifp_pay: otherwise(amount, 0),
    memo: text(5),
  })
  const detail = (read: unknown): string => (isRefusal(read) ? `${read.refusal} ${read.detail}` : 'read')

  test.each<[string, Record<string, unknown>]>([
    ['data', { data: { psn_no: 1, medfee_sumamt: '1' } }],
    ['mdtrtinfo', { mdtrtinfo: { psn_no: '1', medfee_sumamt: 1 } }],
    ['data 为 null', { data: null, mdtrtinfo: { psn_no: '1', medfee_sumamt: 1 } }],
    ['拼错的键', { data: { psn_no: '1', med_fee_sumamt: 1, other: {} } }],
  ])('%s', (_, input) => {
    const expected = { psn_no: '1', medfee_sumamt: 100, hifp_pay: 0, memo: null }
    expect(readNode(schema, input, ['data', 'mdtrtinfo'])).toEqual(expected)
    expect(dataOf(input)).not.toBeNull()
  })
  test('拼对的优先于拼错的', () => {
    const input = { data: { psn_no: '1', medfee_sumamt: 1, hifp_pay: '2', hlfp_pay: '3' } }
    expect(readNode(schema, input, ['data'])).toMatchObject({ hifp_pay: 200 })
    const wrong = { data: { psn_no: '1', medfee_sumamt: 1, hlfp_pay: '3' } }
    expect(readNode(schema, wrong, ['data'])).toMatchObject({ hifp_pay: 300 })
  })
  test('所有错误一次说完，用字段的中文名', () =>
    expect(detail(readNode(schema, { data: { medfee_sumamt: '1.005', memo: '六个字的备注' } }, ['data']))).toBe(
      'his_input_invalid 人员编号 psn_no：必填；医疗费总额 medfee_sumamt：金额最多两位小数；memo：最多 5 个字',
    ))
  test('没有节点', () =>
    expect(detail(readNode(schema, { data: [] }, ['data', 'mdtrtinfo']))).toMatch('输入须有对象 data 或 mdtrtinfo'))

  const rows = columns({ cnt: required(quantity), memo: text(5) })
  test.each<[string, unknown, unknown]>([
    [
      '列表',
      [{ cnt: 1 }, { cnt: '-2.0' }],
      [
        { cnt: '1', memo: null },
        { cnt: '-2', memo: null },
      ],
    ],
    ['单行不成列表', { cnt: 1 }, [{ cnt: '1', memo: null }]],
    ['没写', undefined, []],
  ])('行：%s', (_, feedetail, expected) => expect(readRows(rows, { feedetail }, 'feedetail', 0)).toEqual(expected))
  test('行的错误说是第几行', () => {
    expect(detail(readRows(rows, { feedetail: [{ cnt: 1 }, { cnt: 'x' }, 3] }, 'feedetail', 1))).toBe(
      'his_input_invalid 第2行 数量 cnt：须为数字；第3行：须为对象',
    )
    expect(detail(readRows(rows, {}, 'feedetail', 1))).toBe('his_input_invalid 费用明细 feedetail：至少一行')
  })
})
