import { createHash } from 'node:crypto'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bookSketches, type Sketch, sketches } from '../../fixtures/booked.ts'
import { eachEngine, type Open, testKeys } from '../../test/engines.ts'
import { designate } from '../hospitals/designate.ts'
import { isRefusal } from '../kernel/refusal.ts'
import type { AnyStore } from '../store/open.ts'
import { auditPage } from './queries.ts'
import { reportFilter, safeCell } from './report.ts'
import { type ReportFormat, settlementsReport } from './settlements-report.ts'

const operator = { kind: 'operator', id: 'root' } as const
const auditor = { kind: 'staff', id: 'S1', roles: ['auditor'] } as const
const keys = testKeys()

async function ledger(open: Open, rows: Sketch[]): Promise<AnyStore> {
  const store = await open()
  const deps = { store, keys, now: Date.now }
  await designate(deps, operator, { code: 'H65400200001', name: '=HYPERLINK("x")', level: 2, admdvs: '654002' })
  await designate(deps, operator, { code: 'H65400200002', name: '伊宁市中医院', level: 2, admdvs: '654002' })
  await bookSketches(store, rows)
  return store
}

async function exported(store: AnyStore, format: ReportFormat, filter: Record<string, string> = {}): Promise<string> {
  const report = await settlementsReport({ store, keys, now: Date.now }, auditor, reportFilter.parse(filter), format)
  if (isRefusal(report)) throw new Error(report.detail)
  let text = ''
  for await (const part of report.text) text += part
  return text
}

/** The file as an auditor reads it: head, rows by their headings, foot. */
function readCsv(text: string) {
  const lines = parse(text, { bom: true, relax_column_count: true }) as string[][]
  const pairs = (cells: string[]) =>
    Object.fromEntries(cells.flatMap((c, i) => (i % 2 === 0 ? [[c, cells[i + 1]]] : [])))
  const headings = lines[2] ?? []
  const rows = lines.slice(3, -2).map((cells) => Object.fromEntries(headings.map((h, i) => [h, cells[i] ?? ''])))
  return {
    head: pairs((lines[0] ?? []).slice(1)),
    rows,
    foot: pairs((lines.at(-2) ?? []).slice(1)),
    sha256: lines.at(-1)?.[1],
  }
}

const fen = (yuan: string | undefined): number => Math.round(Number(yuan) * 100)

eachEngine((engine, open) => {
  describe('审计导出', () => {
    it('2,500 笔全部导出，行数与合计等于账簿，表头表尾一致', { timeout: 60_000 }, async () => {
      const rows = sketches(2500, (s, i) => (i % 100 === 7 ? { reversedAt: s.at + 1000 } : {}))
      const store = await ledger(open, rows)
      const { head, rows: out, foot } = readCsv(await exported(store, 'csv'))
      const paid = rows.reduce((sum, s) => sum + (s.reversedAt === undefined ? s.assistance : 0), 0)
      expect(out).toHaveLength(2525)
      expect(head).toEqual(foot)
      expect(head).toMatchObject({ 行数: '2525' })
      expect(fen(foot.救助金额)).toBe(paid)
      expect(out.reduce((sum, r) => sum + fen(r.救助金额), 0)).toBe(paid)
      expect(out.map((r) => Number(r.账簿序号))).toEqual(Array.from({ length: 2525 }, (_, i) => i + 1))
      expect(out.filter((r) => r.状态 === 'reversed')).toHaveLength(25)
      expect(out.filter((r) => r.状态 === 'reversal')).toHaveLength(25)
    })

    it('两种格式说的是同样的行；同样的数据导出两次，字节相同；摘要对得上', async () => {
      const store = await ledger(
        open,
        sketches(30, (s, i) => (i === 3 ? { reversedAt: s.at + 1 } : {})),
      )
      for (const format of ['csv', 'jsonl'] as const) {
        const text = await exported(store, format)
        expect(await exported(store, format)).toBe(text)
        const body = text.trimEnd()
        const cut = body.lastIndexOf('\n') + 1
        const sha256 = createHash('sha256').update(text.slice(0, cut)).digest('hex')
        expect(body.slice(cut)).toContain(sha256)
      }
      const lines = (await exported(store, 'jsonl'))
        .trim()
        .split('\n')
        .map((l) => JSON.parse(l))
      expect(lines).toHaveLength(31 + 3)
      expect(lines[0].head).toMatchObject({ ...lines.at(-2).foot })
      const inCsv = readCsv(await exported(store, 'csv')).rows
      expect(inCsv.map((r) => r.结算单号)).toEqual(lines.slice(1, -2).map((r) => r.settlement_no))
      expect(inCsv.map((r) => r.救助金额)).toEqual(lines.slice(1, -2).map((r) => r.assistance_paid))
    })

    it('以 upto 可以重做从前的导出：后来的结算和冲销不影响它', async () => {
      const store = await ledger(
        open,
        sketches(6, (s, i) => (i === 2 ? { reversedAt: s.at + 1 } : {})),
      )
      const early = readCsv(await exported(store, 'csv', { upto: '3' }))
      expect(early.rows.map((r) => r.状态)).toEqual(['settled', 'settled', 'settled'])
      const late = readCsv(await exported(store, 'csv'))
      expect(late.rows.slice(0, 4).map((r) => r.状态)).toEqual(['settled', 'settled', 'reversed', 'reversal'])
      await expect(exported(store, 'csv', { upto: '8' })).rejects.toThrow(/只到 7 号/)
    })

    it('每一个筛选条件都等于账簿里符合条件的行', async () => {
      const all = sketches(60, (s, i) => ({
        ...(i % 10 === 0 ? { reversedAt: s.at + 1000 } : {}),
        ...(i % 4 === 0 ? { category: null } : {}),
        ...(i % 5 === 0 ? { version: '2025-01-01' } : {}),
      }))
      const store = await ledger(open, all)
      const count = async (filter: Record<string, string>) => readCsv(await exported(store, 'csv', filter)).rows.length
      const twice = (keep: (s: Sketch) => boolean) =>
        all.filter(keep).length + all.filter((s) => keep(s) && s.reversedAt).length
      expect(await count({ hospital: 'H65400200002' })).toBe(twice((s) => s.hospital === 'H65400200002'))
      expect(await count({ township: '第3乡' })).toBe(twice((s) => s.township === '第3乡'))
      expect(await count({ category: 'dibao' })).toBe(twice((s) => s.category === 'dibao'))
      expect(await count({ category: 'none' })).toBe(twice((s) => s.category === null))
      expect(await count({ version: '2025-01-01' })).toBe(twice((s) => s.version === '2025-01-01'))
      expect(await count({ scheme: 'other' })).toBe(0)
      expect(await count({ state: 'settled' })).toBe(54)
      expect(await count({ state: 'reversed' })).toBe(6)
      expect(await count({ state: 'reversal' })).toBe(6)
      const onDay = (s: Sketch) =>
        s.at >= Date.parse('2026-03-02T00:00:00+08:00') && s.at < Date.parse('2026-03-03T00:00:00+08:00')
      expect(await count({ from: '2026-03-02', to: '2026-03-02' })).toBe(twice(onDay))
      expect(await count({ from: '2026-03-02', to: '2026-03-02', period_by: 'business_day' })).toBe(twice(onDay))
      const parts = [await count({ to: '2026-03-01' }), await count({ from: '2026-03-02' })]
      expect((parts[0] ?? 0) + (parts[1] ?? 0)).toBe(66)
    })

    it('没有姓名和证件号；化名在一次导出里认得同一人，两次不同的导出对不上', async () => {
      const store = await ledger(open, sketches(60))
      const a = readCsv(await exported(store, 'csv')).rows
      const b = readCsv(await exported(store, 'csv', { from: '2026-01-01' })).rows
      expect(a[0]?.人员化名).toBe(a[50]?.人员化名)
      expect(new Set(a.map((r) => r.人员化名)).size).toBe(50)
      expect(b[0]?.人员化名).not.toBe(a[0]?.人员化名)
    })

    it('以 = 开头的医院名称不会被表格软件当成公式；负数仍是数', async () => {
      const store = await ledger(
        open,
        sketches(2, (s) => ({ reversedAt: s.at + 1, hospital: 'H65400200001' })),
      )
      const { rows } = readCsv(await exported(store, 'csv'))
      expect(rows[0]?.医院名称).toBe(`'=HYPERLINK("x")`)
      expect(rows[1]?.救助金额).toBe('-1000.01')
    })

    it('每次导出先留一条记录：何人、何种筛选、多少行', async () => {
      const store = await ledger(open, sketches(5))
      await exported(store, 'jsonl', { state: 'settled' })
      const record = (await auditPage(store, 'desk', 0, 10)).at(-1)
      expect(record).toMatchObject({ actor: 'staff:S1', action: 'reports.export', subject: 'report:settlements.jsonl' })
      expect(JSON.parse(record?.detail ?? '')).toMatchObject({ rows: 5, filter: { state: 'settled', upto: 5 } })
    })

    it(`没有权限的人一行也读不到（${engine}）`, async () => {
      const store = await open()
      const clerk = { kind: 'staff', id: 'S1', roles: ['register_clerk'] } as const
      const refused = await settlementsReport({ store, keys, now: Date.now }, clerk, reportFilter.parse({}), 'csv')
      expect(refused).toMatchObject({ refusal: 'forbidden' })
      expect(await auditPage(store, 'desk', 0, 10)).toEqual([])
    })
  })
})

describe('表格公式', () => {
  it.each([
    '=1+1',
    '+1',
    '-cmd',
    '@SUM',
    '\t=1',
    '\r=1',
    ' =1',
    '\0=1',
    '＝1',
    '＋1',
    '－1',
    '＠x',
    'a;=1',
    'a\n=1',
    'a\r\n+1',
    'a,@x',
  ])('%j 前面加撇号', (text) => {
    expect(safeCell(text)).toMatch(/^'/)
    expect(safeCell(text)).not.toContain('\0')
  })

  it.each(['-12.00', '12.00', '伊宁市人民医院', 'ZY20261101-0031', 'a=b', ''])('%j 原样', (text) => {
    expect(safeCell(text)).toBe(text)
  })

  it('任何文字都不会以公式的样子开头', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '\0', ';', ' ', '1', '.', '0', '＝', 'a'),
        }),
        (text) => {
          const cell = safeCell(text)
          expect(/^[=+@\t\r\0＝＋－＠]/u.test(cell)).toBe(false)
          if (cell.startsWith('-')) expect(cell).toMatch(/^-\d+\.\d{2}$/)
        },
      ),
    )
  })
})

describe('导出的筛选条件', () => {
  it.each([
    { from: '2026-02-30' },
    { from: '2026-02-02', to: '2026-02-01' },
    { hospital: 'x' },
    { state: 'live' },
    { upto: '-1' },
    { limit: '5' },
    { category: '' },
  ])('%j 不接受', (filter) => {
    expect(reportFilter.safeParse(filter).success).toBe(false)
  })
})
