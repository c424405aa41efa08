import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, dayOf } from '../kernel/day.ts'
import { checkCharacter, residentIdFault } from '../kernel/resident-id.ts'
import { categoryNames } from './category.ts'
import { readDay, readEnd, readIdNumber } from './cells.ts'
import { MAX_BYTES, MAX_ROWS } from './csv-text.ts'
import type { FaultCode } from './fault.ts'
import { readRoster, TEMPLATE } from './roster.ts'

const TODAY = '2026-11-01'
const utf8 = (text: string) => new TextEncoder().encode(text)
const read = (bytes: Uint8Array | string) =>
  readRoster(typeof bytes === 'string' ? utf8(bytes) : bytes, TODAY, categoryNames())
const number = (first17: string) => first17 + checkCharacter(first17)
const A = number('65400219620101001')
const B = number('65400219710203002')
const HEADER = TEMPLATE.join(',')
const good = {
  姓名: '张三',
  身份证号: A,
  救助类别: 'dibao',
  起始日期: '2026-01-01',
  截止日期: '',
  户主身份证号: '',
  乡镇街道: '巴彦岱镇',
  参保地: '654002',
}
const line = (changed: Partial<typeof good> = {}) => Object.values({ ...good, ...changed }).join(',')
const roster = (...lines: string[]) => [HEADER, ...lines].join('\n')

describe('每种错误：行号、代码、是否拒收', () => {
  const gbk = Uint8Array.from([0xd5, 0xc5, 0xc8, 0xfd]) // 张三
  const mixed = Buffer.concat([utf8(`${HEADER}\n`), gbk, utf8(`,${A},dibao,2026-01-01,,,x,654002\n`)])
  test.each<[FaultCode, number, Uint8Array | string]>([
    ['ENCODING', 2, mixed],
    ['ENCODING', 0, Uint8Array.from([0xff, 0xfe, 0x59, 0x00])],
    ['ENCODING', 0, Uint8Array.from([0x50, 0x4b, 3, 4, 0])],
    ['ENCODING', 2, `${HEADER}\n张三\u0000`],
    ['FILE_TOO_LARGE', 0, new Uint8Array(MAX_BYTES + 1)],
    ['TOO_MANY_ROWS', MAX_ROWS + 1, `${HEADER}\n${'\n'.repeat(MAX_ROWS + 10)}`],
    ['LINE_TOO_LONG', 2, roster('x'.repeat(100_000))],
    ['CSV_FORMAT', 2, roster(`"张三${line()}`)],
    ['HEADER_MISSING', 0, '姓名,救助类别\n张三,dibao'],
    ['HEADER_MISSING', 0, `${'说明\n'.repeat(10)}${roster(line())}`],
    ['HEADER_MISSING', 1, `${HEADER},身份证号码\n`],
    ['HEADER_MISSING', 0, ''],
    ['EMPTY_ROW', 2, roster(',,,,,,,', line())],
    ['EMPTY_ROW', 3, roster(line(), '', '', line({ 姓名: '李四', 身份证号: B }))],
    ['EMPTY_ROW', 3, roster(line(), HEADER, line({ 姓名: '李四', 身份证号: B }))],
    ['TOTAL_ROW_SKIPPED', 3, roster(line(), '合计,,1,,,,,')],
    ['NAME_INVALID', 2, roster(line({ 姓名: '' }))],
    ['NAME_INVALID', 2, roster(line({ 姓名: '=HYPERLINK(1)' }))],
    ['NAME_INVALID', 2, roster(line({ 姓名: '张3' }))],
    ['ID_SCIENTIFIC', 2, roster(line({ 身份证号: '6.54002E+17' }))],
    ['ID_PRECISION_LOST', 2, roster(line({ 身份证号: '654002196201010000' }))],
    ['ID_15', 2, roster(line({ 身份证号: '654002620101001' }))],
    ['ID_FORMAT', 2, roster(line({ 身份证号: `'${A}` }))],
    ['ID_FORMAT', 2, roster(line({ 身份证号: '' }))],
    ['ID_FORMAT', 2, roster(line({ 身份证号: A.slice(0, 17) }))],
    ['ID_FORMAT', 2, roster(line({ 身份证号: number('65400220990101001') }))],
    ['ID_CHECKSUM', 2, roster(line({ 身份证号: A.slice(0, 17) + ((Number(A[17]) + 1) % 10) }))],
    ['ID_CHECKSUM', 2, roster(line({ 户主身份证号: A.slice(0, 17) + ((Number(A[17]) + 1) % 10) }))],
    ['ID_DUP_IN_FILE', 3, roster(line(), line())],
    ['ID_DUP_IN_FILE', 3, roster(line(), line({ 姓名: '李四' }))],
    ['CATEGORY_UNKNOWN', 2, roster(line({ 救助类别: '富裕户' }))],
    ['TOWN_UNKNOWN', 2, roster(line({ 乡镇街道: '' }))],
    ['TOWN_UNKNOWN', 2, roster(line({ 乡镇街道: '@SUM(1)' }))],
    ['PLACE_INVALID', 2, roster(line({ 参保地: '伊宁' }))],
    ['DATE_INVALID', 2, roster(line({ 起始日期: '2026-02-30' }))],
    ['DATE_INVALID', 2, roster(line({ 起始日期: '2026年1月' }))],
    ['DATE_REVERSED', 2, roster(line({ 截止日期: '2025-12-31' }))],
    ['DATE_REVERSED', 2, roster(line({ 起始日期: '1961-12-31' }))],
    ['PERIOD_OVERLAP', 3, roster(line({ 截止日期: '2026-06-30' }), line({ 起始日期: '2026-06-30' }))],
  ])('%s 第 %i 行', (code, row, file) => {
    const { faults, statements } = read(file)
    const [found] = faults.filter((f) => f.code === code)
    expect(faults.map((f) => f.code)).toContain(code)
    expect(found).toMatchObject({ row, code, rejects: !['EMPTY_ROW', 'TOTAL_ROW_SKIPPED'].includes(code) })
    expect(found?.reason).not.toBe('')
    expect(found?.action).not.toBe('')
    if (found?.rejects) expect(statements.some((s) => s.row === row)).toBe(false)
    expect(JSON.stringify(faults)).not.toMatch(/\d{6}(?:19|20)\d{6}/)
  })

  test('一行有几处错误，一次全部指出；一行有错不影响别的行', () => {
    const { faults, statements } = read(roster('=1,12,无,13,x,,,', line()))
    expect(faults.map((f) => f.column)).toEqual([
      '姓名',
      '身份证号',
      '救助类别',
      '起始日期',
      '截止日期',
      '乡镇街道',
      '参保地',
    ])
    expect(statements.map((s) => s.row)).toEqual([3])
  })

  test('有号码被截成 15 位的文件，末三位 000 而校验相符的号码也不可信', () => {
    const chance = Array.from(
      { length: 999 },
      (_, i) => `654002196201${String((i % 28) + 1).padStart(2, '0')}${i % 10}00`,
    )
      .map((n) => n.slice(0, 17))
      .map(number)
      .find((id) => id.endsWith('000'))
    expect(chance).toBeDefined()
    expect(read(roster(line({ 身份证号: chance ?? '' }))).statements).toHaveLength(1)
    const damaged = read(roster(line({ 身份证号: chance ?? '' }), line({ 身份证号: '654002196201010000' })))
    expect(damaged.statements).toEqual([])
    expect(damaged.faults.map((f) => f.code)).toEqual(['ID_PRECISION_LOST', 'ID_PRECISION_LOST'])
  })
})

describe('名册的各种写法', () => {
  const header = '公民身份号码,救助对象类别(代码或名称),姓名*,乡镇（街道）,开始日期,结束日期,参保统筹区编码,备注'
  const other = `2026 年名册\n\n序号说明\n${header}\n${A},农村低保,张三,巴彦岱镇人民政府,2026/1/1,长期,654002,无\n`
  test('别名、列序、表头不在首行、多余的列', () => {
    const { faults, statements } = read(other)
    expect(faults).toEqual([])
    expect(statements).toEqual([
      {
        row: 5,
        mode: 'roster',
        id_type: 'resident_id',
        id_number: A,
        name: '张三',
        township: '巴彦岱镇',
        admdvs: '654002',
        period: { held: 1, category: 'dibao', from: '2026-01-01', to: null, ends: false },
      },
    ])
  })

  test('UTF-8、带 BOM 的 UTF-8、CRLF：同一结果', () => {
    const plain = read(other)
    expect(plain.encoding).toBe('utf-8')
    expect(read(`\uFEFF${other.replaceAll('\n', '\r\n')}`)).toEqual(plain)
  })

  test('GB18030 编码的名册', () => {
    const { encoding, statements, faults } = read(readFileSync(new URL('./roster.gb18030.csv', import.meta.url)))
    expect(encoding).toBe('gb18030')
    expect(faults).toEqual([])
    expect(statements.map((s) => [s.name, s.period?.category, s.township])).toEqual([
      ['买买提·吐尔逊', 'dibao', '巴彦岱镇'],
      ['张三', 'extremely_poor', '艾兰木巴格街道'],
      ['𠮷田', 'orphan', '达达木图镇'],
    ])
  })

  test('前后相接的两段不中断，次序颠倒也一样', () => {
    const { statements, faults } = read(
      roster(line({ 起始日期: '2026-07-01', 截止日期: '2026-12-31' }), line({ 截止日期: '2026-06-30' })),
    )
    expect(faults).toEqual([])
    expect(statements.map((s) => s.period)).toMatchObject([
      { from: '2026-01-01', to: '2026-06-30', ends: false },
      { from: '2026-07-01', to: '2026-12-31', ends: true },
    ])
  })

  test.each([
    ['2024-1-5', '2024-01-05'],
    ['2024/1/5', '2024-01-05'],
    ['2024.1.5', '2024-01-05'],
    ['20240105', '2024-01-05'],
    ['2024年1月5日', '2024-01-05'],
    ['２０２４-０１-０５', '2024-01-05'],
    ['2024-01-05 00:00:00', '2024-01-05'],
    ['45296', '2024-01-05'],
    ['2024-02-29', '2024-02-29'],
    ['2023-02-29', null],
    ['2024-13-01', null],
    ['05/01/2024', null],
    ['1', null],
    ['99999', null],
  ])('日期 %s', (text, day) => {
    const cell = readDay(text)
    expect(cell.fault ? null : cell.value).toBe(day)
  })

  test.each(['', '--', '长期', '永久', '9999-12-31', '2999/12/31', '20991231'])('截止日期 %s：长期', (text) => {
    expect(readEnd(text)).toEqual({ value: null })
  })

  test.each([
    ['低保对象', 'dibao'],
    ['最低生活保障对象', 'dibao'],
    ['dibao', 'dibao'],
    [' DIBAO ', 'dibao'],
    ['特困人员', 'extremely_poor'],
    ['低保边缘家庭成员', 'dibao_marginal'],
    ['因病致贫重病患者', 'illness_impoverished'],
    ['防止返贫监测对象', 'poverty_monitored'],
    ['返贫致贫人口', 'poverty_return'],
    ['孤儿', 'orphan'],
    ['本县特殊人员', 'local_kind'],
    ['事实无人抚养儿童', null],
  ])('救助类别 %s', (text, key) => {
    expect(categoryNames(new Map([['local_kind', '本县特殊人员']])).keyOf(text)).toBe(key)
  })
})

describe('公民身份号码', () => {
  const days = fc.integer({ min: 0, max: 40_000 }).map((n) => addDays('1912-01-01', n).replaceAll('-', ''))
  const numbers = fc
    .tuple(fc.integer({ min: 110000, max: 829999 }), days, fc.integer({ min: 0, max: 999 }))
    .map(([region, born, order]) => number(`${region}${born}${String(order).padStart(3, '0')}`))

  test('合格的号码被接受，小写 x、全角、前后空格是同一个号码', () => {
    fc.assert(
      fc.property(numbers, (id) => {
        expect(residentIdFault(id, TODAY)).toBeNull()
        const wide = [...id].map((c) => String.fromCodePoint((c.codePointAt(0) ?? 0) + 0xfee0)).join('')
        for (const form of [id, id.toLowerCase(), ` ${id} `, wide])
          expect(readIdNumber(form, TODAY)).toEqual({ value: id })
      }),
    )
  })

  test('错一位、相邻两位颠倒，都查得出来', () => {
    fc.assert(
      fc.property(numbers, fc.nat(17), fc.integer({ min: 1, max: 9 }), fc.nat(15), (id, at, by, swap) => {
        const digit = id[at] ?? ''
        if (digit !== 'X') {
          const wrong = id.slice(0, at) + ((Number(digit) + by) % 10) + id.slice(at + 1)
          expect(readIdNumber(wrong, TODAY).fault).toBeDefined()
        }
        const swapped = id.slice(0, swap) + id[swap + 1] + id[swap] + id.slice(swap + 2)
        if (swapped !== id) expect(readIdNumber(swapped, TODAY).fault).toBeDefined()
      }),
      { numRuns: 1000 },
    )
  })

  test('出生在将来的号码不接受', () => {
    const tomorrow = number(`654002${addDays(TODAY, 1).replaceAll('-', '')}001`)
    expect(readIdNumber(tomorrow, TODAY).fault?.code).toBe('ID_FORMAT')
    expect(dayOf(Date.parse('2026-10-31T16:00:00Z'))).toBe(TODAY)
    expect(readIdNumber(tomorrow, addDays(TODAY, 1)).fault).toBeUndefined()
  })
})
