import { zipSync } from 'fflate'
import { beforeAll, describe, expect, it } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { done } from '../../test/people.ts'
import type { AnyStore } from '../store/open.ts'
import { type DetailLine, readDetailFile } from './detail-file.ts'
import { cancelled, NOVEMBER, NOW, type Office, openOffice, sums } from './documents.fixture.ts'
import { fetchFile, receiveFile } from './exchange-file.ts'
import { reconcileRows } from './reconcile-rows.ts'
import type { ResultRow } from './result-file.ts'
import type { StatedTotals } from './totals.ts'
import { textOfZip } from './zip.ts'

eachEngine((_, open) => {
  let store: AnyStore
  beforeAll(async () => {
    store = await open()
  })
  describe('文件（9101、9102）', () => {
    it('上传什么就下载什么；名字里的路径不要', async () => {
      const { deps, terminal } = await openOffice(store)
      const bytes = Uint8Array.from({ length: 3000 }, (_, i) => i % 256)
      const info = await done(receiveFile(deps, terminal, { filename: 'C:\\his\\../../对账 11.zip', bytes }))
      expect(info).toEqual({
        file_qury_no: expect.stringMatching(/^F\d{14}[0-9A-Z]{8}$/),
        filename: '对账 11.zip',
        dld_endtime: NOW + 30 * 86_400_000,
      })
      expect(await fetchFile(deps, terminal, info.file_qury_no)).toEqual({ ...info, bytes })
    })

    it('只有本院能下载，期限过后不能', async () => {
      const office = await openOffice(store)
      const { deps, terminal } = office
      const { file_qury_no: no } = await done(receiveFile(deps, terminal, { filename: 'a', bytes: new Uint8Array(1) }))
      const stranger = await openOffice(store)
      expect(await fetchFile(deps, stranger.terminal, no)).toMatchObject({ refusal: 'record_not_found' })
      expect(await fetchFile(deps, terminal, 'F0')).toMatchObject({ refusal: 'record_not_found' })
      expect(await fetchFile(office.later(30), terminal, no)).toMatchObject({ file_qury_no: no })
      expect(await fetchFile(office.later(31), terminal, no)).toMatchObject({
        detail: expect.stringContaining('期限'),
      })
    })

    it('空文件不收；库里的文件是封存的', async () => {
      const { deps, terminal, kept } = await openOffice(store)
      expect(await receiveFile(deps, terminal, { filename: 'a', bytes: new Uint8Array() })).toMatchObject({
        refusal: 'file_faulty',
      })
      const secret = 'P0000000000000000001'
      await done(receiveFile(deps, terminal, { filename: 'a', bytes: new TextEncoder().encode(secret) }))
      const [row] = await kept('his_file')
      expect(JSON.stringify(row)).not.toContain(secret)
      expect(JSON.stringify(row)).not.toContain(Buffer.from(secret).toString('base64').slice(0, 20))
    })
  })

  describe('对明细账（3202）', () => {
    const line = (setl_id: string, change: string[] = []): string =>
      [setl_id, `M-${setl_id}`, 'P001', '326.50', '210.00', '1.50', '0', 'null']
        .map((cell, i) => change[i] ?? cell)
        .join('\t')
    const read = async (...lines: string[]): Promise<readonly DetailLine[]> =>
      done(Promise.resolve(readDetailFile(zipSync({ 'a.txt': new TextEncoder().encode(lines.join('\n')) }))))
    const stated = (lines: readonly DetailLine[]): StatedTotals => ({
      count: lines.length,
      medfee: lines.reduce((sum, l) => sum + l.medfee, 0),
      fund: lines.reduce((sum, l) => sum + l.fund, 0),
      cash: 0,
    })
    const rowsOf = async (office: Office, lines: readonly DetailLine[], change: object = {}, platform?: ResultRow[]) =>
      done(
        reconcileRows(office.deps, office.terminal, {
          group: { ...NOVEMBER, insutype: null, ...change },
          stated: stated(lines),
          lines,
          ...(platform ? { platform } : {}),
        }),
      )
    const fetched = async (office: Office, no: string): Promise<string> => {
      const { bytes } = await done(fetchFile(office.deps, office.terminal, no))
      const text = textOfZip(bytes, 1e6)
      return text instanceof Uint8Array ? new TextDecoder().decode(text) : text.detail
    }

    it('一致的，结果文件是空的', async () => {
      const office = await openOffice(store, [{ setl_id: '1' }, { setl_id: '2' }])
      const found = await rowsOf(office, await read(line('2'), line('1')))
      expect(found).toMatchObject({ stmt_rslt: '000000', rows: [], ours: sums(2) })
      expect(await fetched(office, found.file.file_qury_no)).toBe('')
    })

    it('每一种差异都在结果文件里，中心多的带着人员编号和报文ID，可以冲正', async () => {
      const one = { setl_id: '1' }
      const office = await openOffice(store, [
        one,
        { setl_id: '2', psn_no: 'P002' },
        cancelled({ setl_id: '2', psn_no: 'P002' }, '3'),
        { setl_id: '4' },
        { setl_id: '5', setl_day: '2026-12-01' },
        { setl_id: '6' },
        cancelled({ setl_id: '6' }, '7', '2601'),
      ])
      const lines = await read(
        line('2', ['2', 'M-2', 'P002']),
        line('4', ['4', 'M-4', 'P009', '326.50', '200.00']),
        line('5'),
        line('6'),
        line('9'),
        line('9'),
      )
      const found = await rowsOf(office, lines)
      expect(found.stmt_rslt).toBe('000103')
      expect(found.file.filename).toBe('3202_20261101_20261130.zip')
      const rest = '326.50\t210.00\t1.50'
      expect((await fetched(office, found.file.file_qury_no)).split('\n')).toEqual([
        `P001\tM-4\t4\tMSG-4\t000103\t0\t人员编号不一致；基金：医院 200.00、中心 210.00\t${rest}\tmaf_pay=10.00`,
        `P001\tM-5\t5\tnull\t000102\t0\t不在本次范围：中心记在 2026-12-01，险种 390，清算类别 11，经办机构 654002\t${rest}\tnull`,
        `P001\tM-6\t6\tnull\t000102\t0\t中心已按 2601 冲正\t${rest}\tnull`,
        `P001\tM-9\t9\tnull\t000102\t0\t医院有、中心无\t${rest}\tnull`,
        `P001\tM-9\t9\tnull\t000102\t0\t与第 5 行重复\t${rest}\tnull`,
        `P001\tM-1\t1\tMSG-1\t000101\t0\t中心有、医院无\t${rest}\tmaf_pay=10.00`,
        `P002\tM-2\t3\tMSG-3\t000101\t1\t中心有、医院无，为 2 的撤销\t-326.50\t-210.00\t-1.50\tmaf_pay=-10.00`,
        '',
      ])
    })

    it('差异只有一种时，总的结果就是那一种', async () => {
      const office = await openOffice(store, [{ setl_id: '1' }])
      expect((await rowsOf(office, await read(line('1'), line('2')))).stmt_rslt).toBe('000102')
      expect((await rowsOf(office, [])).stmt_rslt).toBe('000101')
    })

    it('明细与申报的合计不符，不对：丢了的行会被当成中心多的', async () => {
      const { deps, terminal, kept } = await openOffice(store, [{ setl_id: '1' }, { setl_id: '2' }])
      const lines = await read(line('1'))
      const ask = { group: NOVEMBER, lines, stated: { ...sums(2), cash: 0 } }
      expect(await reconcileRows(deps, terminal, ask)).toMatchObject({
        refusal: 'file_faulty',
        detail:
          '明细的合计与申报的不一致：笔数：申报 2、文件 1；总费用：申报 653.00、文件 326.50；基金：申报 420.00、文件 210.00；个人账户：申报 3.00、文件 1.50',
      })
      expect(await kept('reconciliation')).toEqual([])
    })

    it('医保平台查出的差异并在结果里，本系统已经说过的单据不重复', async () => {
      const office = await openOffice(store, [{ setl_id: '1' }, { setl_id: '2' }])
      const lines = await read(line('1'))
      const [own] = (await rowsOf(office, lines)).rows
      if (!own) throw new Error()
      const platform = [
        { ...own, memo: '平台的话' },
        { ...own, setl_id: '1', memo: '平台的话' },
      ]
      const { rows } = await rowsOf(office, lines, {}, platform)
      expect(rows.map((r) => [r.setl_id, r.memo])).toEqual([
        ['2', '中心有、医院无'],
        ['1', '平台的话'],
      ])
    })

    it('几千份单据，一页一页读，一份不少', async () => {
      const sketches = Array.from({ length: 7001 }, (_, i) => ({
        setl_id: `S${i}`,
        setl_day: `2026-11-${String((i % 30) + 1).padStart(2, '0')}`,
      }))
      const office = await openOffice(store, sketches)
      const lines = await read(...sketches.slice(1).map((s) => line(s.setl_id)))
      const { rows, ours } = await rowsOf(office, lines)
      expect(ours.count).toBe(7001)
      expect(rows.map((r) => r.setl_id)).toEqual(['S0'])
    })
  })
})
