import { beforeAll, describe, expect, test } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { fresh } from '../../test/his-desk.ts'
import { publishCodes, refusedFor } from '../../test/his-message.ts'
import { hisWindow, psnOf, type Sent } from '../../test/his-window.ts'
import { type Person, residentId } from '../../test/people.ts'
import { openWorld, SOMEBODY, type World } from '../../test/world.ts'
import { settlementStumbles, takenForSuccess } from './clients.fixture.ts'

const OTHER: Person = { id: residentId(21), name: '吐尔逊·阿不都' }
const STRANGER: Person = { id: residentId(999), name: '无名氏' }
/** What the typed client of a clinic reads as a date that may not be empty. */
const DATES = ['setl_time', 'brdy', 'begndate', 'enddate', 'opt_time']
const notDates = (info: Record<string, unknown>): string[] =>
  DATES.filter(
    (name) => typeof info[name] !== 'string' || Number.isNaN(Date.parse(String(info[name]).replace(' ', 'T'))),
  )

eachEngine((engine, open) => {
  let w: World
  let at: ReturnType<typeof hisWindow>
  beforeAll(async () => {
    w = await openWorld(engine, open)
    await publishCodes(w)
    await w.register(OTHER)
    await w.service.deps.directory.now()
    at = hisWindow(w)
  })
  const lookUp = (p: Person, data: object, window = at) => window.send('5203', { data: { psn_no: psnOf(p), ...data } })
  const setlOf = (sent: Sent): string => sent.json.output.setlinfo.setl_id

  describe('5203 结算信息', () => {
    test('按结算ID：与结算时的答复同样的钱，金额都是数字、日期都是日期', async () => {
      const visit = fresh('MD')
      const settled = await at.settleStay(SOMEBODY, visit, { envelope: { opter: '0017', opter_name: '收费员甲' } })
      const answer = await lookUp(SOMEBODY, { setl_id: setlOf(settled), mdtrt_id: visit })
      const { setlinfo, setldetail, expContent } = answer.json.output
      expect(setlinfo).toMatchObject(settled.json.output.setlinfo)
      expect([setldetail, expContent]).toEqual([settled.json.output.setldetail, settled.json.output.expContent])
      expect(setlinfo).toMatchObject({
        refd_setl_flag: '0',
        pay_loc: '2',
        setl_type: '2',
        fixmedins_code: w.terminal.hospital,
        fixmedins_name: '医院 1',
        hosp_lv: '02',
        insu_optins: '654002',
        year: '2026',
        begndate: '2026-10-20',
        enddate: '2026-10-28',
        psn_pay: 250,
        cash_payamt: 250,
        opter_id: '0017',
        opter_name: '收费员甲',
        opt_time: '2026-11-01 10:00:00',
        medins_setl_id: settled.msgid,
      })
      expect(notDates(setlinfo)).toEqual([])
      expect(settlementStumbles(answer.text)).toEqual([])
      expect(Object.values(takenForSuccess(answer.text))).not.toContain(false)
    })

    test('按本系统的结算单号、按报文ID、按就诊ID，都是同一张', async () => {
      const visit = fresh('MD')
      const settled = await at.settleStay(SOMEBODY, visit)
      const { maf_setl_no } = JSON.parse(settled.json.output.expContent)
      for (const data of [
        { setl_id: maf_setl_no },
        { setl_id: '', msgid: settled.msgid },
        { setl_id: fresh('NONE'), msgid: settled.msgid },
        { mdtrt_id: visit },
        { msgid: settled.msgid, mdtrt_id: visit },
      ])
        expect((await lookUp(SOMEBODY, data)).json.output?.setlinfo.setl_id, JSON.stringify(data)).toBe(setlOf(settled))
    })

    test('撤销之后：原单和撤销单都注明已退费；就诊的有效结算是重新结算的那一张', async () => {
      const visit = fresh('MD')
      const settled = await at.settleStay(SOMEBODY, visit)
      const cancelled = await at.cancelStay(SOMEBODY, visit, setlOf(settled))
      const first = (await lookUp(SOMEBODY, { setl_id: setlOf(settled) })).json.output.setlinfo
      expect([first.refd_setl_flag, first.maf_pay]).toEqual(['1', 750])
      const negative = await lookUp(SOMEBODY, { msgid: cancelled.msgid })
      expect(negative.json.output.setlinfo).toMatchObject({
        setl_id: setlOf(cancelled),
        refd_setl_flag: '1',
        maf_pay: -750,
        psn_pay: -250,
        cash_payamt: -250,
        fund_pay_sumamt: -3750,
      })
      expect(settlementStumbles(negative.text)).toEqual([])
      expect(notDates(negative.json.output.setlinfo)).toEqual([])
      expect(refusedFor(await lookUp(SOMEBODY, { mdtrt_id: visit }))).toBe('record_not_found')
      const again = await at.settleStay(SOMEBODY, visit)
      expect((await lookUp(SOMEBODY, { mdtrt_id: visit })).json.output.setlinfo.setl_id).toBe(setlOf(again))
    })

    test('冲正之后：按原报文ID查到原单已退费，冲正单按它自己的号码', async () => {
      const settled = await at.settleStay(SOMEBODY, fresh('MD'))
      await at.undo(SOMEBODY, '2304', settled.msgid)
      const { setlinfo } = (await lookUp(SOMEBODY, { msgid: settled.msgid })).json.output
      expect(setlinfo).toMatchObject({ setl_id: setlOf(settled), refd_setl_flag: '1' })
      const pair = await at.send('2601', {
        data: { psn_no: psnOf(SOMEBODY), omsgid: settled.msgid, oinfno: '2304' },
      })
      expect(refusedFor(pair)).toBeNull()
      const documents = await w.store.read.select().from(w.store.tables.his_document)
      const back = documents.find((row) => row.reverses === setlOf(settled))
      const negative = await lookUp(SOMEBODY, { setl_id: back?.setl_id })
      expect(negative.json.output.setlinfo).toMatchObject({
        maf_pay: -750,
        refd_setl_flag: '1',
        setl_id: back?.setl_id,
      })
      expect(notDates(negative.json.output.setlinfo)).toEqual([])
    })

    test('没有收到答复：按报文ID，说出是哪一种', async () => {
      const never = await lookUp(SOMEBODY, { msgid: fresh('NEVER') })
      expect(refusedFor(never)).toBe('record_not_found')
      expect(never.json.err_msg).toMatch(/没有收到过报文 NEVER\d+，可用原报文重新发送/)
      const buried = fresh('BURIED')
      await at.undo(SOMEBODY, '2304', buried)
      expect(refusedFor(await lookUp(SOMEBODY, { msgid: buried }))).toBe('reversed_before_arrival')
      const refused = await at.settleStay(STRANGER, fresh('MD'))
      const told = await lookUp(STRANGER, { msgid: refused.msgid })
      expect([refusedFor(told), told.json.err_msg]).toEqual(['person_unknown', refused.json.err_msg])
      expect(told.json.inf_refmsgid).not.toBe(refused.json.inf_refmsgid)
    })

    test('同一秒的两笔共用一个报文ID：按人员编号分辨', async () => {
      const settled = await at.settleStay(SOMEBODY, fresh('MD'))
      const visit = fresh('MD')
      const first = await at.settleStay(OTHER, visit)
      const { msgid } = settled
      await at.cancelStay(OTHER, visit, setlOf(first), { setlinfo: { setl_id: fresh('BACK') } })
      const cancelled = await at.settleStay(OTHER, visit)
      const back = await at.send(
        '2305',
        { data: { psn_no: psnOf(OTHER), mdtrt_id: visit, setl_id: setlOf(cancelled) } },
        { msgid },
      )
      expect((await lookUp(SOMEBODY, { msgid })).json.output.setlinfo.setl_id).toBe(setlOf(settled))
      expect((await lookUp(OTHER, { msgid })).json.output.setlinfo.setl_id).toBe(setlOf(back))
    })

    test('人员、就诊对不上的拒绝；别的医院查不到', async () => {
      const settled = await at.settleStay(SOMEBODY, fresh('MD'))
      const setl_id = setlOf(settled)
      for (const data of [{ setl_id }, { msgid: settled.msgid }])
        expect(refusedFor(await lookUp(OTHER, data))).toBe('record_mismatch')
      expect(refusedFor(await lookUp(SOMEBODY, { setl_id, mdtrt_id: 'OTHER' }))).toBe('record_mismatch')
      expect(refusedFor(await lookUp(SOMEBODY, { setl_id: 'NONE' }))).toBe('record_not_found')
      const theirs = hisWindow(w, w.stranger)
      for (const data of [{ setl_id }, { msgid: settled.msgid }]) {
        const answer = await theirs.send('5203', { data: { psn_no: psnOf(SOMEBODY), ...data } }, { fixmedins_code: '' })
        expect(refusedFor(answer)).toBe('record_not_found')
      }
    })
  })
})
