import { beforeAll, describe, expect, test } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { fresh, hisDesk, newMessage } from '../../test/his-desk.ts'
import { publishCodes, refusedFor } from '../../test/his-message.ts'
import { hisWindow, psnOf } from '../../test/his-window.ts'
import { checkLedger } from '../../test/oracle.ts'
import { residentId } from '../../test/people.ts'
import { bill, HOSPITAL, openWorld, SOMEBODY, UNCATEGORISED, type World } from '../../test/world.ts'
import { settlementStumbles, takenForSuccess } from './clients.fixture.ts'
import { psnBlind } from './kept.ts'

const OTHER = { id: residentId(3), name: '吐尔逊·阿不都' }
const STRANGER = { id: residentId(999), name: '无名氏' }

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
  const row = (answer: { json: { output: { setldetail: { fund_pay_type: string }[] } } }) =>
    answer.json.output.setldetail.find((r) => r.fund_pay_type === '610100') as unknown as Record<string, unknown>

  describe('住院结算（医保已结）', () => {
    test('救助并入医保结算信息：4,000 元医保付 3,000，低保对象自付 1,000 的 75% 由救助支付', async () => {
      const answer = await at.settleStay(SOMEBODY, fresh('MD'))
      expect(refusedFor(answer)).toBeNull()
      const { setlinfo } = answer.json.output
      expect(setlinfo).toMatchObject({
        maf_pay: 750,
        fund_pay_sumamt: 3750,
        psn_part_amt: 250,
        psn_cash_pay: 250,
        medfee_sumamt: 4000,
        medins_setl_id: answer.msgid,
        psn_name: SOMEBODY.name,
      })
      expect(row(answer)).toMatchObject({ fund_payamt: 750, fund_pay_type_name: '医疗救助基金' })
      expect(row(answer).setl_proc_info).toMatch(/救助结算单号 \d{14}.*依据 ili-yining 办法 2023-01-01 版/)
      expect(settlementStumbles(answer.text)).toEqual([])
      expect(Object.values(takenForSuccess(answer.text))).not.toContain(false)
    })

    test('同一报文再发，答复逐字节相同；报文ID用于别的内容即拒绝', async () => {
      const first = await at.settleStay(SOMEBODY, fresh('MD'))
      expect((await at.again(first)).text).toBe(first.text)
      const reused = await at.settleStay(OTHER, fresh('MD'), { envelope: { msgid: first.msgid } })
      expect(refusedFor(reused)).toBe('idempotency_key_reused')
      expect(reused.text).not.toContain(SOMEBODY.name)
    })

    test('同一就诊换报文ID再结算：拒绝，并告知原结算ID', async () => {
      const visit = fresh('MD')
      const first = await at.settleStay(SOMEBODY, visit)
      const second = await at.settleStay(SOMEBODY, visit)
      expect(refusedFor(second)).toBe('bill_already_settled')
      expect(second.json.err_msg).toContain(first.json.output.setlinfo.setl_id)
    })

    test('在册但当日不属于任何救助类别：救助为零，写明原因', async () => {
      const answer = await at.settleStay(UNCATEGORISED, fresh('MD'))
      expect(answer.json.output.setlinfo).toMatchObject({ maf_pay: 0, psn_cash_pay: 1000 })
      expect(row(answer).setl_proc_info).toContain('[no_category]')
    })

    test('登记册中没有此人：拒绝，可由医院继续按医保结果收费', async () => {
      const answer = await at.settleStay(STRANGER, fresh('MD'))
      expect(refusedFor(answer)).toBe('person_unknown')
      expect((await at.again(answer)).text).toBe(answer.text)
    })

    test.each([
      ['姓名与登记不符', 'name_mismatch', { info: { psn_name: '别人' } }],
      ['基金支付总额不平', 'bill_does_not_add_up', { info: { fund_pay_sumamt: 3100 } }],
      ['请求与医保的总额不同', 'bill_does_not_add_up', { data: { medfee_sumamt: '4000.01' } }],
      ['医保已付过救助', 'assistance_already_paid', { info: { maf_pay: 10, hifp_pay: 2990 } }],
      ['医疗类别不在代码表', 'his_input_invalid', { info: { med_type: '99' }, data: { med_type: '99' } }],
      ['没有入院日期', 'his_input_invalid', { info: { begndate: '' } }],
    ])('%s', async (_, code, change) => {
      expect(refusedFor(await at.settleStay(SOMEBODY, fresh('MD'), change))).toBe(code)
    })

    test('别人的就诊：不结算，也不收别人的诊断和明细', async () => {
      const visit = await at.stay(OTHER)
      expect(refusedFor(await at.settleStay(SOMEBODY, visit))).toBe('record_mismatch')
      const row = { mdtrt_id: visit, psn_no: psnOf(SOMEBODY), feedetl_sn: '1', det_item_fee_sumamt: 1 }
      expect(refusedFor(await at.send('2301', { feedetail: [row] }))).toBe('record_mismatch')
      expect(refusedFor(await at.settleStay(OTHER, visit))).toBeNull()
    })

    test('明细再多，结算也不去读；多得一次答不完的，5204 说明', async () => {
      const visit = await at.stay(OTHER)
      const psn_blind = psnBlind(w.service.deps.keys, psnOf(OTHER))
      const key = newMessage('2301')
      const lines = { mdtrt_id: visit, infno: '2301', msgid: key.slice(5), psn_blind, sealed: '-'.repeat(32_000_001) }
      await hisDesk(w).note({ key, message: lines, answer: 'kept' })
      expect(refusedFor(await at.settleStay(OTHER, visit))).toBeNull()
      const asked = await at.send('5204', { data: { psn_no: psnOf(OTHER), mdtrt_id: visit } })
      expect(asked.json.err_msg).toMatch(/明细过多.*\[his_input_invalid\]$/)
    })

    test('没有带医保结算信息', async () => {
      const answer = await at.send('2304', {
        data: { psn_no: psnOf(SOMEBODY), mdtrt_id: fresh('MD'), medfee_sumamt: 1 },
      })
      expect(refusedFor(answer)).toBe('his_input_invalid')
      expect(answer.json.err_msg).toContain('setlinfo')
    })
  })

  describe('撤销与冲正', () => {
    test('撤销：新结算ID，金额全部为负；再次撤销被拒绝；之后可以重新结算', async () => {
      const visit = fresh('MD')
      const settled = await at.settleStay(SOMEBODY, visit)
      const { setl_id } = settled.json.output.setlinfo
      const cancelled = await at.cancelStay(SOMEBODY, visit, setl_id, { setlinfo: { setl_id: `${setl_id}-N` } })
      expect(cancelled.json.output.setlinfo).toMatchObject({
        setl_id: `${setl_id}-N`,
        maf_pay: -750,
        fund_pay_sumamt: -3750,
        psn_cash_pay: -250,
        medins_setl_id: cancelled.msgid,
      })
      expect((await at.again(cancelled)).text).toBe(cancelled.text)
      const twice = await at.cancelStay(SOMEBODY, visit, setl_id)
      expect(refusedFor(twice)).toBe('already_reversed')
      expect(twice.json.err_msg).toContain(`${setl_id}-N`)
      expect(refusedFor(await at.settleStay(SOMEBODY, visit))).toBeNull()
    })

    test.each([
      ['太长、有空格', 'N 1'.repeat(20)],
      ['不是文本', { id: 1 }],
      ['别的单据的', null],
    ])('医保撤销单据的结算ID不能用（%s）：照样撤销，用我们的号；读不懂的列不转回', async (_, given) => {
      const visit = fresh('MD')
      const { setl_id } = (await at.settleStay(SOMEBODY, visit)).json.output.setlinfo
      const other = (await at.settleStay(SOMEBODY, fresh('MD'))).json.output.setlinfo.setl_id
      const setlinfo = { setl_id: given ?? other, setl_time: { at: 1 }, balc: 'x', clr_way: [] }
      const cancelled = await at.cancelStay(SOMEBODY, visit, setl_id, { setlinfo })
      expect(cancelled.json.output.setlinfo).toMatchObject({ maf_pay: -750, balc: 0, clr_way: '1' })
      expect(settlementStumbles(cancelled.text)).toEqual([])
      expect(cancelled.json.output.setlinfo.setl_id).toMatch(/^20261101100000\w{8}$/)
      const asked = await at.send('5203', { data: { psn_no: psnOf(SOMEBODY), setl_id } })
      expect(asked.json.output.setlinfo.refd_setl_flag).toBe('1')
    })

    test('没有收到结算答复：2601 冲正，再冲一次仍成功，原报文再来被拒绝', async () => {
      const visit = fresh('MD')
      const lost = await at.settleStay(SOMEBODY, visit)
      expect(refusedFor(await at.undo(SOMEBODY, '2304', lost.msgid))).toBeNull()
      expect(refusedFor(await at.undo(SOMEBODY, '2304', lost.msgid))).toBeNull()
      expect(refusedFor(await at.undo(OTHER, '2304', lost.msgid))).toBe('record_mismatch')
      const late = await at.again(lost)
      expect(refusedFor(late)).toBe('reversed_before_arrival')
      expect((await at.again(lost)).text).toBe(late.text)
      expect(refusedFor(await at.settleStay(SOMEBODY, visit))).toBeNull()
    })

    test('只在本服务冲正，医保的结算没有动：同一医保结算可以再报一次，撤销撤的是后一次', async () => {
      const visit = fresh('MD')
      const info = { setl_id: fresh('SETL') }
      for (let time = 1; time <= 2; time++) {
        const lost = await at.settleStay(SOMEBODY, visit, { info })
        expect(refusedFor(lost)).toBeNull()
        expect(refusedFor(await at.undo(SOMEBODY, '2304', lost.msgid))).toBeNull()
      }
      const kept = await at.settleStay(SOMEBODY, visit, { info })
      expect(kept.json.output.setlinfo).toMatchObject({ setl_id: info.setl_id, maf_pay: 750 })
      expect((await at.again(kept)).text).toBe(kept.text)
      const taken = await at.settleStay(SOMEBODY, fresh('MD'), { info })
      expect(refusedFor(taken)).toBe('setl_id_taken')
      const cancelled = await at.cancelStay(SOMEBODY, visit, info.setl_id)
      expect(cancelled.json.output.setlinfo.maf_pay).toBe(-750)
      const looked = await at.send('5203', {
        data: { psn_no: psnOf(SOMEBODY), setl_id: info.setl_id, mdtrt_id: visit },
      })
      expect(looked.json.output.setlinfo).toMatchObject({ setl_id: info.setl_id, refd_setl_flag: '1' })
    })

    test('定长字段把报文ID补了空格：冲正写不写空格，冲的都是它', async () => {
      const visit = fresh('MD')
      const padded = `${fresh('PAD')}         `
      const settled = await at.settleStay(SOMEBODY, visit, { envelope: { msgid: padded } })
      expect(settled.json.output.setlinfo.medins_setl_id).toBe(padded.trim())
      expect(refusedFor(await at.undo(SOMEBODY, '2304', padded))).toBeNull()
      const asked = await at.send('5203', {
        data: { psn_no: psnOf(SOMEBODY), setl_id: settled.json.output.setlinfo.setl_id },
      })
      expect(asked.json.output.setlinfo.refd_setl_flag).toBe('1')
      expect(refusedFor(await at.settleStay(SOMEBODY, visit, { envelope: { msgid: padded.trim() } }))).toBe(
        'idempotency_key_reused',
      )
    })

    test('终端自己的接口办理的结算，不由这里撤销：没有人员编号可以核对', async () => {
      const { json } = await w.settle(bill())
      const answer = await at.send('2208', { data: { psn_no: 'X', mdtrt_id: 'X', setl_id: json.settlement_no } })
      expect(refusedFor(answer)).toBe('settlement_not_found')
      const look = await w.call('GET', `/v1/settlements/${json.settlement_no}`, { terminal: w.terminal })
      expect(look.json.status).toBe('settled')
    })

    test('冲正先到：原报文晚到时拒绝', async () => {
      const visit = fresh('MD')
      const late = `${HOSPITAL}20261101109999`
      expect(refusedFor(await at.undo(SOMEBODY, '2304', late))).toBeNull()
      const answer = await at.settleStay(SOMEBODY, visit, { envelope: { msgid: late } })
      expect(refusedFor(answer)).toBe('reversed_before_arrival')
    })

    test('有结算的就诊不能撤销入院，告知结算ID；撤销结算后可以', async () => {
      const visit = fresh('MD')
      const settled = await at.settleStay(SOMEBODY, visit)
      const { setl_id } = settled.json.output.setlinfo
      const data = { psn_no: psnOf(SOMEBODY), mdtrt_id: visit }
      const refused = await at.send('2404', { data })
      expect(refusedFor(refused)).toBe('settlement_in_the_way')
      expect(refused.json.err_msg).toContain(setl_id)
      expect(refusedFor(await at.cancelStay(SOMEBODY, visit, setl_id))).toBeNull()
      expect(refusedFor(await at.send('2404', { data }))).toBeNull()
      expect((await at.again(settled)).text).toBe(settled.text)
    })

    test('预结算、明细不能冲正', async () => {
      expect(refusedFor(await at.undo(SOMEBODY, '2303', 'x'))).toBe('reversal_not_reversible')
    })
  })

  test('账平', async () => {
    await checkLedger(w.store)
  })
})
