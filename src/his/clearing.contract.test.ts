import { beforeAll, describe, expect, test } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { fresh } from '../../test/his-desk.ts'
import { publishCodes, refusedFor } from '../../test/his-message.ts'
import { hisWindow, psnOf } from '../../test/his-window.ts'
import { done, OPERATOR, residentId } from '../../test/people.ts'
import { openWorld, SOMEBODY, type World } from '../../test/world.ts'
import { verifyAudit } from '../audit/verify.ts'
import { GROUP, hospitalBooks, totalsOf, zipOf } from './clearing.fixture.ts'

const SECOND = { id: residentId(3), name: '吐尔逊·阿不都' }

/** Second step: the hospital settles with the insurer itself, and with us; then it holds its books against ours. */
eachEngine((engine, open) => {
  let w: World
  let at: ReturnType<typeof hisWindow>
  let books: ReturnType<typeof hospitalBooks>
  beforeAll(async () => {
    w = await openWorld(engine, open)
    await publishCodes(w)
    await w.register(SECOND)
    await w.service.deps.directory.now()
    at = hisWindow(w)
    books = hospitalBooks(w, at)
    books.note(await at.settleStay(SOMEBODY, fresh('MD')))
    const visit = fresh('MD')
    const { setl_id = '' } = books.note(await at.settleStay(SECOND, visit))
    books.note(await at.cancelStay(SECOND, visit, setl_id))
  })

  describe('对总账（3201）', () => {
    test('结算、撤销都是一笔，医院与中心相符', async () => {
      expect(await books.totals()).toEqual({
        setl_optins: '654002',
        stmt_rslt: '000000',
        stmt_rslt_dscr:
          '相符：中心 3 笔（含撤销），总费用 4000.00，基金 3750.00（含医疗救助 750.00，不含个人账户），个人账户 0.00',
      })
    })

    test.each<[string, (n: number) => object, string]>([
      ['医院少了一笔', () => ({ fixmedins_setl_cnt: 2 }), '000101'],
      ['医院多了一笔', () => ({ fixmedins_setl_cnt: 4 }), '000102'],
      ['基金里没有医疗救助', () => ({ fund_pay_sumamt: 3000 }), '000103'],
    ])('%s', async (_, change, stmt_rslt) => {
      expect(await books.totals(books.rows, change(0))).toMatchObject({ stmt_rslt })
    })

    test('只对未退费的、只对退费的；标志写别的不收', async () => {
      const [first, ...pair] = books.rows
      expect(await books.totals(first ? [first] : [], { refd_setl_flag: '0' })).toMatchObject({ stmt_rslt: '000000' })
      expect(await books.totals(pair, { refd_setl_flag: 1 })).toMatchObject({ stmt_rslt: '000000' })
      expect((await books.totals(pair, { refd_setl_flag: '2' })).err_msg).toMatch(/须为 0 或 1.*\[his_input_invalid\]$/)
    })

    test('日期写反，不收', async () => {
      expect((await books.totals(books.rows, { stmt_begndate: '2026-12-01' })).err_msg).toMatch(/早于/)
    })
  })

  describe('对明细账（9101、3202、9102）', () => {
    test('相符，结果文件是空的', async () => expect(await books.details()).toEqual([]))

    test('撤销那一行仍写原结算ID的，也认', async () => {
      const [first, second, third] = books.rows
      if (!first || !second || !third) throw new Error()
      expect(await books.details([first, second, { ...third, setl_id: second.setl_id ?? '' }])).toEqual([])
    })

    test('没有收到答复的结算：总账不平，明细账给出报文ID，2601 冲正后再对就平了', async () => {
      const lost = await at.settleStay(SOMEBODY, fresh('MD'))
      expect(await books.totals()).toMatchObject({ stmt_rslt: '000101' })
      const [row, ...others] = await books.details()
      expect(others).toEqual([])
      expect(row).toMatchObject({
        psn_no: psnOf(SOMEBODY),
        setl_id: lost.json.output.setlinfo.setl_id,
        msgid: lost.msgid,
        stmt_rslt: '000101',
        memo: '中心有、医院无',
        fund_pay_sumamt: '3750.00',
        exp_content: 'maf_pay=750.00',
      })
      expect(refusedFor(await at.undo(SOMEBODY, '2304', row?.msgid ?? ''))).toBeNull()
      expect(await books.totals()).toMatchObject({ stmt_rslt: '000000' })
      expect(await books.details()).toEqual([])
    })

    test('医院多的、数据不一致的、人不对的', async () => {
      const [first, ...pair] = books.rows
      if (!first) throw new Error()
      const wrong = { ...first, fund_pay_sumamt: '3000.00', psn_no: psnOf(SECOND) }
      const found = await books.details([wrong, ...pair, { ...first, setl_id: 'X1' }])
      expect(found.map((row) => [row.stmt_rslt, row.setl_id, row.memo])).toEqual([
        ['000103', first.setl_id, '人员编号不一致；基金：医院 3000.00、中心 3750.00'],
        ['000102', 'X1', '医院有、中心无'],
      ])
    })

    const totals = () => ({ ...GROUP, ...totalsOf(books.rows) })
    test('明细在报文里：逐行的、整个文件的、Java 的字节列表', async () => {
      const zip = zipOf(books.rows)
      const signed = Array.from(zip, (b) => (b > 127 ? b - 256 : b))
      for (const fsUploadIn of [books.rows, { in: signed, filename: 'a.zip' }]) {
        const { json } = await at.send('3202', { data: totals(), fsUploadIn })
        expect(json.output.fileinfo).toEqual({
          file_qury_no: expect.stringMatching(/^F/),
          filename: '3202_20261001_20261130.zip',
          dld_endtime: '2026-12-01 10:00:00',
        })
        expect(await books.fetched(json.output.fileinfo)).toEqual([])
      }
    })

    test.each<[string, () => Promise<object>, string, RegExp]>([
      ['没有文件查询号', async () => ({ data: totals() }), 'his_input_invalid', /file_qury_no：必填/],
      ['没有这个文件', async () => ({ data: { ...totals(), file_qury_no: 'F0' } }), 'record_not_found', /没有这个文件/],
      [
        '文件不是压缩包',
        async () => {
          const sent = await at.send('9101', { fsUploadIn: { in: 'AAAA', filename: 'a.zip' } })
          return { data: { ...totals(), file_qury_no: sent.json.output.file_qury_no } }
        },
        'file_faulty',
        /不是 ZIP/,
      ],
      [
        '某一行有误，写出行号',
        async () => ({
          data: totals(),
          fsUploadIn: books.rows.map((r, i) => ({ ...r, acct_pay: i === 1 ? 'x' : '0' })),
        }),
        'file_faulty',
        /第 2 行：acct_pay/,
      ],
      ['明细不是行', async () => ({ data: totals(), fsUploadIn: [1] }), 'his_input_invalid', /每一行须为对象/],
      [
        '明细比申报的少',
        async () => ({ data: totals(), fsUploadIn: books.rows.slice(1) }),
        'file_faulty',
        /笔数：申报 3、文件 2/,
      ],
    ])('拒绝：%s', async (_, input, code, why) => {
      const answer = await at.send('3202', await input())
      expect(refusedFor(answer)).toBe(code)
      expect(answer.json.err_msg).toMatch(why)
    })

    test('别的医院不能下载', async () => {
      const sent = await at.send('9101', { fsUploadIn: { in: 'AAAA', filename: 'a.zip' } })
      const { file_qury_no } = sent.json.output
      const asked = await books.asStranger('9102', { fsDownloadIn: { file_qury_no } })
      expect(refusedFor(asked)).toBe('record_not_found')
      const used = await books.asStranger('3202', { data: { ...totals(), file_qury_no } })
      expect(refusedFor(used)).toBe('record_not_found')
    })
  })

  describe('清算（3203、3204）', () => {
    test('合计与中心不一致，拒绝并写出双方的数', async () => {
      const answer = await books.apply(books.rows, { fund_appy_sum: '3000.00', med_sumfee: '3250.00' })
      expect(refusedFor(answer)).toBe('totals_differ')
      expect(answer.json.err_msg).toContain('基金：医院 3000.00、中心 3750.00')
    })

    test('申请、重复申请、撤销、再申请', async () => {
      const first = (await books.apply()).json.output.result.clr_appy_evt_id
      expect(first).toMatch(/^C\d{14}/)
      expect((await books.apply()).json.output.result.clr_appy_evt_id).toBe(first)
      const changed = await books.apply(books.rows, { clr_way: '3' })
      expect(refusedFor(changed)).toBe('already_done')
      expect(changed.json.err_msg).toContain(first)
      const foreign = await books.asStranger('3204', { data: { clr_appy_evt_id: first } })
      expect(refusedFor(foreign)).toBe('record_not_found')
      expect(refusedFor(await books.withdraw(first))).toBeNull()
      expect(refusedFor(await books.withdraw(first))).toBe('already_done')
      expect((await books.apply(books.rows, { clr_way: '3' })).json.output.result.clr_appy_evt_id).not.toBe(first)
    })
  })

  test('审计核对得上', async () => {
    expect(await done(verifyAudit(w.service.deps, OPERATOR))).toMatchObject({ faultCount: 0 })
  })
})
