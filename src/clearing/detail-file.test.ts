import fc from 'fast-check'
import { zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { formatYuan } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { type DetailLine, MAX_ROWS, readDetailFile, readDetailObjects, readDetailText } from './detail-file.ts'
import { reconcile } from './reconcile.ts'
import { type OwnDetail, readResultFile, resultRow, resultText, zipOfText } from './result-file.ts'

const A = 'S001\tM001\tP001\t326.50\t210.00\t0.00\t0\tnull'
const B = 'S002\tM001\tP001\t-326.50\t-210.00\t0.00\t1\tnull'
const zipOf = (text: string | Uint8Array) =>
  zipSync({ '3202.txt': typeof text === 'string' ? new TextEncoder().encode(text) : text })
const faultsOf = (text: string): string[] => {
  const read = readDetailText(text)
  return isRefusal(read) ? (read.errors ?? []).map((e) => `${e.path} ${e.message}`) : []
}
const rowsOf = (text: string): readonly DetailLine[] => {
  const read = readDetailText(text)
  if (isRefusal(read)) throw new Error(read.detail)
  return read
}

describe('对账明细文件', () => {
  const S001: DetailLine = {
    row: 1,
    id: 'S001',
    visit: 'M001',
    person: 'P001',
    psn_no: 'P001',
    medfee: 32_650,
    fund: 21_000,
    acct: 0,
    refunded: false,
  }

  test('每一列都读得出；退费的一对是两行', () => {
    expect(readDetailFile(zipOf(`${A}\n${B}\n`))).toEqual([
      S001,
      { ...S001, row: 2, id: 'S002', medfee: -32_650, fund: -21_000, refunded: true },
    ])
  })

  test.each<[string, string]>([
    ['带 BOM', `\ufeff${A}\n`],
    ['Windows 换行', `${A}\r\n`],
    ['末行没有换行', A],
    ['没有最后一列', A.slice(0, -5)],
    ['个人账户写 null', A.replace('\t0.00\t', '\tnull\t')],
    ['个人账户为空', A.replace('\t0.00\t', '\t\t')],
    ['金额不写多余的零', A.replace('326.50', '326.5').replace('210.00', '210')],
  ])('写法不同、内容一样：%s', (_, text) => expect(readDetailFile(zipOf(text))).toEqual([S001]))

  test('表头与空行跳过，行号仍是文件里的行号', () => {
    expect(rowsOf(`setl_id\tmdtrt_id\tpsn_no\t…\n\n${A}\n`)).toEqual([{ ...S001, row: 3 }])
  })

  test('没有就诊ID、人员编号、退费标志，读作没有写', () => {
    expect(rowsOf('S001\tnull\t\t326.50\t210.00\t0.00\tnull')).toEqual([
      { ...S001, visit: null, person: null, psn_no: null, refunded: null },
    ])
  })

  test.each<[string, string, string]>([
    ['列数不够', `${A}\nS002\tM001`, 'line.2 第 2 行应有 8 列、以 TAB 分隔，实有 2 列'],
    ['用逗号分隔', A.replaceAll('\t', ','), 'line.1 第 1 行应有 8 列、以 TAB 分隔，实有 1 列'],
    ['列数太多', `${A}\tx`, 'line.1 第 1 行应有 8 列、以 TAB 分隔，实有 9 列'],
    ['缺单据号', A.replace('S001', 'null'), 'line.1 第 1 行：缺 setl_id'],
    ['单据号有空格', A.replace('S001', 'S 1'), 'line.1 第 1 行：setl_id 应为 1–40 位字母、数字或符号'],
    ['三位小数', A.replace('326.50', '326.505'), 'line.1 第 1 行：medfee_sumamt 应为最多两位小数的金额'],
    ['缺基金', A.replace('210.00', 'null'), 'line.1 第 1 行：fund_pay_sumamt 应为最多两位小数的金额'],
    ['千分位', A.replace('326.50', '1,326.50'), 'line.1 第 1 行：medfee_sumamt 应为最多两位小数的金额'],
    ['退费标志不是 0 或 1', A.replace('\t0\t', '\t2\t'), 'line.1 第 1 行：refd_setl_flag 应为 0 或 1'],
  ])('%s', (_, text, fault) => expect(faultsOf(text)).toEqual([fault]))

  test('所有的行都看完，一次说清', () => {
    const faulty = readDetailText(Array.from({ length: 300 }, (_, i) => `S${i}\tx`).join('\n'))
    expect(faulty).toMatchObject({ refusal: 'file_faulty' })
    if (!isRefusal(faulty)) throw new Error()
    expect(faulty.detail).toMatch(/^共 300 处有误：第 1 行应有 8 列/)
    expect(faulty.detail.length).toBeLessThan(150)
    expect(faulty.errors).toHaveLength(100)
  })

  test('不是 UTF-8 的（如 GBK），请对方另存', () => {
    expect(readDetailFile(zipOf(new Uint8Array([0xb6, 0xd4, 0xd5, 0xca])))).toMatchObject({
      refusal: 'file_faulty',
      detail: '文本不是 UTF-8 编码，请另存为 UTF-8',
    })
  })

  test('行数有上限', () => {
    const read = readDetailFile(zipOf(`${A}\n`.repeat(MAX_ROWS + 1)))
    expect(read).toMatchObject({ refusal: 'file_faulty', detail: `超过 ${MAX_ROWS} 行，请分段对账` })
  })

  test('随报文内嵌的明细，数字与文本都收', () => {
    const object = { setl_id: 'S001', mdtrt_id: 'M001', psn_no: 'P001', fund_pay_sumamt: '210.00', refd_setl_flag: 0 }
    expect(readDetailObjects([{ ...object, medfee_sumamt: 326.5, acct_pay: null, exp_content: '' }])).toEqual([S001])
    expect(readDetailObjects([{ ...object, medfee_sumamt: 0.1 + 0.2 }])).toMatchObject({
      errors: [{ path: 'line.1', message: '第 1 行：medfee_sumamt 应为最多两位小数的金额' }],
    })
    expect(readDetailObjects(new Array(MAX_ROWS + 1).fill(object))).toMatchObject({ refusal: 'file_faulty' })
  })

  test('写出什么，就读回什么', () => {
    const id = fc.stringMatching(/^[A-Za-z0-9-]{1,30}$/).filter((text) => text !== 'null')
    const fen = fc.integer({ min: -1e12, max: 1e12 })
    const row = fc.record({ id, visit: fc.option(id), person: fc.option(id), medfee: fen, fund: fen, acct: fen })
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), (rows) => {
        const cell = (text: string | null) => text ?? 'null'
        const amounts = (r: (typeof rows)[number]) => [r.medfee, r.fund, r.acct].map(formatYuan)
        const text = rows
          .map((r) => [r.id, cell(r.visit), cell(r.person), ...amounts(r), '0', 'null'].join('\t'))
          .join('\n')
        expect(rowsOf(text)).toEqual(rows.map((r, i) => ({ ...r, psn_no: r.person, row: i + 1, refunded: false })))
      }),
    )
  })
})

describe('对账结果文件', () => {
  const row = (id: string, change: Partial<DetailLine> = {}): DetailLine => ({
    row: 1,
    id,
    visit: 'M001',
    person: 'P001',
    psn_no: 'P001',
    medfee: 32_650,
    fund: 21_000,
    acct: 0,
    refunded: false,
    ...change,
  })
  const own = (id: string, change: Partial<OwnDetail> = {}): OwnDetail => {
    const { row: _, ...line } = row(id)
    const kept = { refunded: false, reverses: null, alias: null, assistance: 1000, psn_no: 'P001', msgid: `MSG-${id}` }
    return { ...line, ...kept, ...change }
  }

  test.each<[string, DetailLine[], OwnDetail[], string]>([
    [
      '中心有、医院无：给出报文ID，医院可以冲正',
      [],
      [own('1')],
      'P001\tM001\t1\tMSG-1\t000101\t0\t中心有、医院无\t326.50\t210.00\t0.00\tmaf_pay=10.00',
    ],
    [
      '中心有撤销、医院无',
      [row('1', { row: 7 })],
      [
        own('1', { refunded: true }),
        own('2', { medfee: -32_650, fund: -21_000, reverses: '1', refunded: true, assistance: -1000, psn_no: null }),
      ],
      'null\tM001\t2\tMSG-2\t000101\t1\t中心有、医院无，为 1 的撤销\t-326.50\t-210.00\t0.00\tmaf_pay=-10.00',
    ],
    ['医院有、中心无', [row('1')], [], 'P001\tM001\t1\tnull\t000102\t0\t医院有、中心无\t326.50\t210.00\t0.00\tnull'],
    [
      '重复的行',
      [row('1', { row: 3 }), row('1', { row: 9 })],
      [own('1')],
      'P001\tM001\t1\tMSG-1\t000102\t0\t与第 3 行重复\t326.50\t210.00\t0.00\tmaf_pay=10.00',
    ],
    [
      '数据不一致：写中心的数，说明里写双方的',
      [row('1', { fund: 20_000, person: 'P002' })],
      [own('1')],
      'P001\tM001\t1\tMSG-1\t000103\t0\t人员编号不一致；基金：医院 200.00、中心 210.00\t326.50\t210.00\t0.00\tmaf_pay=10.00',
    ],
    [
      '医院标了退费',
      [row('1', { refunded: true })],
      [own('1', { assistance: 0 })],
      'P001\tM001\t1\tMSG-1\t000103\t0\t医院已退费、中心未退费\t326.50\t210.00\t0.00\tnull',
    ],
  ])('%s', (_, theirs, ours, expected) => {
    const { differences } = reconcile(theirs, ours)
    expect(resultText(differences.map((d) => resultRow(d)))).toBe(`${expected}\n`)
  })

  test('中心知道的单据不在这一组里，说明在哪里', () => {
    const [difference] = reconcile([row('1')], []).differences
    if (!difference) throw new Error()
    expect(resultRow(difference, new Map([['1', '中心记在 2026-11-02']])).memo).toBe('中心记在 2026-11-02')
  })

  test('平台的结果文件：一致的行、不成行的不要，其余注明是谁说的', () => {
    const lines = [
      'P001\tM001\t1\tMSG-1\t000000\t0\tnull\t326.50\t210.00\t0.00\tnull',
      'P001\tM001\t2\tMSG-2\t000101\t0\t中心多\t326.50\t200.00\t0.00\tnull',
      'P001\tM001\t3\t\t3\t\t\t1\t1\t0',
      'x',
      '',
    ]
    const rows = readResultFile(zipOf(lines.join('\r\n')), '医保平台')
    if (isRefusal(rows)) throw new Error(rows.detail)
    expect(rows.map((r) => [r.setl_id, r.msgid, r.stmt_rslt, r.memo, r.fund_pay_sumamt])).toEqual([
      ['2', 'MSG-2', '000101', '医保平台：中心多', '200.00'],
      ['3', null, '000103', '医保平台：不一致', '1'],
    ])
    expect(readResultFile(new Uint8Array(3), '医保平台')).toMatchObject({ refusal: 'file_faulty' })
  })

  test('没有差异就是空文件；同样的行压出同样的字节', () => {
    expect(resultText([])).toBe('')
    const zip = () => zipOfText('结果.txt', 'x\n', Date.parse('2026-11-01T10:00:00+08:00'))
    expect(zip()).toEqual(zip())
  })
})
