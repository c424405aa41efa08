import { beforeAll, describe, expect, test } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { fresh } from '../../test/his-desk.ts'
import { publishCodes, refusedFor } from '../../test/his-message.ts'
import { hisWindow, psnOf, type Sent } from '../../test/his-window.ts'
import { type Person, residentId } from '../../test/people.ts'
import { openWorld, SOMEBODY, UNCATEGORISED, type World } from '../../test/world.ts'
import { takenForSuccess } from './clients.fixture.ts'
import { outpatientInfo } from './setlinfo.fixture.ts'

const OTHER: Person = { id: residentId(21), name: '吐尔逊·阿不都' }
const SUMMED: Person = { id: residentId(22), name: '赛力克' }
const STRANGER: Person = { id: residentId(999), name: '无名氏' }

eachEngine((engine, open) => {
  let w: World
  let at: ReturnType<typeof hisWindow>
  beforeAll(async () => {
    w = await openWorld(engine, open)
    await publishCodes(w)
    await w.register(OTHER, SUMMED)
    await w.service.deps.directory.now()
    at = hisWindow(w)
  })
  const setlOf = (sent: Sent): string => sent.json.output.setlinfo.setl_id
  const clinic = (p: Person, mdtrt_id: string, chrg_bchno: string) => {
    const whose = { psn_no: psnOf(p), mdtrt_id }
    const fee = (feedetl_sn: string, det_item_fee_sumamt: number) => ({
      ...whose,
      feedetl_sn,
      chrg_bchno,
      det_item_fee_sumamt: String(det_item_fee_sumamt),
      cnt: '2',
      pric: String(det_item_fee_sumamt / 2),
      fee_ocur_time: '2026-10-30 10:00:00',
      med_list_codg: 'XA01',
      rxno: 'R1',
    })
    return {
      upload: () => at.send('2204', { feedetail: [fee(`${chrg_bchno}1`, 300), fee(`${chrg_bchno}2`, 26.5)] }),
      settle: () =>
        at.send('2207', {
          data: { ...whose, med_type: '11', medfee_sumamt: 326.5, chrg_bchno, insutype: '390', invono: 'F1' },
          setlinfo: outpatientInfo({
            ...whose,
            setl_id: fresh('SETL'),
            setl_time: '2026-10-30 10:15:31',
            psn_name: p.name,
            certno: p.id,
          }),
          setldetail: [],
        }),
    }
  }
  const register = async (p: Person): Promise<string> => {
    const data = {
      psn_no: psnOf(p),
      insutype: '390',
      begntime: '2026-10-30 09:30:00',
      ipt_otp_no: 'MZ1',
      med_type: '11',
    }
    return (await at.send('2201', { data })).json.output.data.mdtrt_id
  }

  describe('5204 费用明细', () => {
    const fees = (p: Person, data: object) => at.send('5204', { data: { psn_no: psnOf(p), ...data } })

    test('结算之后立即可查：一批一查，全部也可查；撤销明细之后没有', async () => {
      const mdtrt_id = await register(SOMEBODY)
      const [one, two] = [clinic(SOMEBODY, mdtrt_id, 'A'), clinic(SOMEBODY, mdtrt_id, 'B')]
      await one.upload()
      await two.upload()
      const settled = await one.settle()
      const all = await fees(SOMEBODY, { mdtrt_id })
      expect(all.json.output.map((r: Record<string, unknown>) => [r.feedetl_sn, r.setl_id])).toEqual([
        ['A1', setlOf(settled)],
        ['A2', setlOf(settled)],
        ['B1', ''],
        ['B2', ''],
      ])
      const { output } = (await fees(SOMEBODY, { mdtrt_id, setl_id: setlOf(settled) })).json
      expect(output).toHaveLength(2)
      expect(output[1]).toMatchObject({
        feedetl_sn: 'A2',
        det_item_fee_sumamt: 26.5,
        cnt: 2,
        pric: 13.25,
        pric_uplmt_amt: 999999,
        fulamt_ownpay_amt: 0,
        prd_days: 0,
        rx_drord_no: 'R1',
        med_list_codg: 'XA01',
        fee_ocur_time: '2026-10-30 10:00:00',
        mdtrt_id,
      })
      expect(Object.values(takenForSuccess(all.text))).not.toContain(false)
      await at.send('2205', { data: { psn_no: psnOf(SOMEBODY), mdtrt_id, chrg_bchno: '0000' } })
      expect((await fees(SOMEBODY, { mdtrt_id })).json.output).toHaveLength(2)
    })

    test('没有上传过的：成功，空的列表——否则有的医院会撤销刚做的结算', async () => {
      const visit = fresh('MD')
      const settled = await at.settleStay(SOMEBODY, visit)
      const answer = await fees(SOMEBODY, { mdtrt_id: visit, setl_id: setlOf(settled) })
      expect([refusedFor(answer), answer.json.output]).toEqual([null, []])
      expect((await fees(SOMEBODY, { mdtrt_id: fresh('MD') })).json.output).toEqual([])
    })

    test('住院的明细随整个住院', async () => {
      const visit = fresh('MD')
      const row = {
        mdtrt_id: visit,
        psn_no: psnOf(SOMEBODY),
        feedetl_sn: '1',
        det_item_fee_sumamt: -20,
        cnt: -1,
        pric: 20,
      }
      await at.send('2301', { feedetail: [row, { ...row, feedetl_sn: '2', det_item_fee_sumamt: 20, cnt: 1 }] })
      const settled = await at.settleStay(SOMEBODY, visit)
      const { output } = (await fees(SOMEBODY, { mdtrt_id: visit, setl_id: setlOf(settled) })).json
      expect(output.map((r: Record<string, unknown>) => [r.det_item_fee_sumamt, r.setl_id])).toEqual([
        [-20, setlOf(settled)],
        [20, setlOf(settled)],
      ])
    })

    test('别人的就诊拒绝', async () => {
      const mdtrt_id = await register(SOMEBODY)
      await clinic(SOMEBODY, mdtrt_id, 'A').upload()
      expect(refusedFor(await fees(OTHER, { mdtrt_id }))).toBe('record_mismatch')
    })
  })

  describe('5201 就诊、5303 在院', () => {
    const visits = async (p: Person, data: object = {}) =>
      (await at.send('5201', { data: { psn_no: psnOf(p), ...data } })).json.output.mdtrtinfo as Record<
        string,
        unknown
      >[]
    const inHospital = async (p: Person) =>
      (await at.send('5303', { data: { psn_no: psnOf(p) } })).json.output.data as Record<string, unknown>[]

    test('只有人员编号、没有出示证件的就诊：不说出生日期', async () => {
      await at.settleStay(SOMEBODY, fresh('MD'))
      const psn_no = psnOf(SOMEBODY)
      const mdtrt_id = fresh('MD')
      await at.send('2201', { data: { psn_no, mdtrt_id, begntime: '2026-10-30 09:00:00' } })
      const answer = await at.send('5201', { data: { psn_no, mdtrt_id } })
      expect(answer.json.output.mdtrtinfo).toMatchObject([{ certno: '', brdy: '', age: 0, maf_psn_flag: '1' }])
    })

    test('门诊、住院、只结算过的，各一行；救助对象有标志，不是的为空', async () => {
      const outpatient = await register(OTHER)
      const stay = await at.stay(OTHER)
      const only = fresh('MD')
      await at.settleStay(OTHER, only)
      const rows = await visits(OTHER)
      const one = (mdtrt_id: string) => rows.find((row) => row.mdtrt_id === mdtrt_id)
      expect(one(outpatient)).toMatchObject({
        psn_no: psnOf(OTHER),
        psn_name: '吐*·阿*',
        begntime: '2026-10-30 09:30:00',
        endtime: '2026-10-30 09:30:00',
        med_type: '11',
        ipt_otp_no: 'MZ1',
        maf_psn_flag: '1',
        geso_val: 0,
        hosp_lv: '02',
      })
      expect(one(stay)).toMatchObject({ med_type: '21', dscg_maindiag_code: 'I21.9', endtime: '2026-10-28 16:00:00' })
      expect(one(only)).toMatchObject({ insutype: '390', maf_psn_flag: '1' })
      const plain = await register(UNCATEGORISED)
      expect(await visits(UNCATEGORISED)).toMatchObject([{ mdtrt_id: plain, maf_psn_flag: '' }])
    })

    test('按就诊ID、按日期、按类别；撤销了的没有；别人的没有', async () => {
      const mdtrt_id = await register(SUMMED)
      expect(await visits(SUMMED, { mdtrt_id })).toHaveLength(1)
      expect(await visits(OTHER, { mdtrt_id })).toEqual([])
      expect(await visits(SUMMED, { begntime: '2026-10-30', endtime: '2026-10-30', mdtrt_id })).toHaveLength(1)
      expect(await visits(SUMMED, { begntime: '2026-10-31' })).toEqual([])
      expect(await visits(SUMMED, { endtime: '2026-10-29' })).toEqual([])
      expect(await visits(SUMMED, { med_type: '21' })).toEqual([])
      await at.send('2202', { data: { psn_no: psnOf(SUMMED), mdtrt_id, ipt_otp_no: 'MZ1' } })
      expect(await visits(SUMMED)).toEqual([])
      expect(await visits(STRANGER)).toEqual([])
    })

    test('在院：入院而没有出院的；撤销出院又在院', async () => {
      const stay = await at.stay(SUMMED)
      expect(await inHospital(SUMMED)).toEqual([])
      await at.send('2405', { data: { psn_no: psnOf(SUMMED), mdtrt_id: stay } })
      expect(await inHospital(SUMMED)).toMatchObject([{ mdtrt_id: stay, endtime: '', begntime: '2026-10-20 09:00:00' }])
    })
  })

  describe('5206 累计', () => {
    const sum = async (p: Person, cum_ym = '', window = at) => {
      const { json } = await window.send('5206', { data: { psn_no: psnOf(p), cum_ym } }, { fixmedins_code: '' })
      return json.output.cuminfo
    }

    test('救助累计：本年各家医院已付的，冲销的退回；按月按就诊的月份', async () => {
      const visit = fresh('MD')
      const settled = await at.settleStay(SUMMED, visit)
      await hisWindow(w, w.stranger).settleStay(SUMMED, fresh('MD'), { envelope: { fixmedins_code: '' } })
      const row = { insutype: '390', year: '2026', cum_ym: '202611', cum_type_code: 'D610101' }
      expect(await sum(SUMMED)).toEqual([{ ...row, cum: 1500 }])
      expect(await sum(SUMMED, '202610')).toEqual([{ ...row, cum_ym: '202610', cum: 1500 }])
      expect(await sum(SUMMED, '202609')).toEqual([{ ...row, cum_ym: '202609', cum: 0 }])
      expect(await sum(SUMMED, '202510')).toMatchObject([{ year: '2025', cum: 0 }])
      await at.cancelStay(SUMMED, visit, setlOf(settled))
      expect(await sum(SUMMED)).toEqual([{ ...row, cum: 750 }])
      expect(await sum(SUMMED, '202610')).toMatchObject([{ cum: 750 }])
    })

    test('没有见过的人员编号：请先调用1101；不在登记册中的，零', async () => {
      expect(refusedFor(await at.send('5206', { data: { psn_no: fresh('P') } }))).toBe('record_not_found')
      const data = { mdtrt_cert_type: '02', mdtrt_cert_no: STRANGER.id, psn_no: psnOf(STRANGER) }
      await at.send('1101', { data })
      expect(await sum(STRANGER)).toMatchObject([{ cum: 0, cum_type_code: 'D610101' }])
    })
  })
})
