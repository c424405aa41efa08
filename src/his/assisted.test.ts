import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Added,
  assistedOutput,
  cancelledOutput,
  NO_LIMIT,
  previewOutput,
  type SettlementOutput,
} from './assisted.ts'
import { settlementStumbles, TYPED_AMOUNTS, takenForSuccess } from './clients.fixture.ts'
import { answerOf } from './envelope.ts'
import { yuan } from './fields.ts'
import { anyInsurerAnswer, insured, outpatient, PATIENT_ID } from './setlinfo.fixture.ts'
import { type Insured, identityFaults, readInsured, SETL_AMOUNTS } from './setlinfo.ts'

const STAMP = { refmsgid: '654002202603121015300000000001', received: 0, answered: 0 }
const added = (change: Partial<Added> = {}): Added => ({
  assistance: 10_000,
  left: 490_000,
  working: '医疗救助 100.00 元',
  settlement_no: '20260312101531ABCDEFGH',
  msgid: 'H65400200001202603121015300009',
  ...change,
})
const CANCEL = { setl_id: 'R1', setl_time: '2026-03-13 09:00:00', msgid: 'M2', settlement_no: 'R1' }

describe('把医疗救助加进医保的结果', () => {
  const output = assistedOutput(insured(), added())
  test('基金增加的就是现金减少的', () =>
    expect(output.setlinfo).toMatchObject({
      maf_pay: 100,
      fund_pay_sumamt: 260,
      psn_part_amt: 66.5,
      psn_cash_pay: 46.5,
      acct_pay: 20,
      medfee_sumamt: 326.5,
      hifp_pay: 160,
      setl_id: '300000000001',
      medins_setl_id: 'H65400200001202603121015300009',
      balc: 180,
      pool_prop_selfpay: 0.8,
      age: 64.2,
    }))
  test('结算明细多一行医疗救助基金', () =>
    expect(output.setldetail.at(-1)).toEqual({
      fund_pay_type: '610100',
      fund_pay_type_name: '医疗救助基金',
      fund_payamt: 100,
      inscp_scp_amt: 300,
      crt_payb_lmt_amt: 4900,
      setl_proc_info: '救助结算单号 20260312101531ABCDEFGH。医疗救助 100.00 元',
    }))
  test('医保的行还在，空的金额写成 0', () => {
    expect(output.setldetail).toHaveLength(3)
    expect(output.setldetail[0]).toMatchObject({ fund_pay_type: '390100', fund_payamt: 160, crt_payb_lmt_amt: 0 })
  })
  test('救助为零也有这一行', () => {
    const { setlinfo, setldetail } = assistedOutput(insured(), added({ assistance: 0, left: 0 }))
    expect(setlinfo).toMatchObject({ maf_pay: 0, fund_pay_sumamt: 160, psn_cash_pay: 146.5 })
    expect(setldetail.at(-1)).toMatchObject({ fund_pay_type: '610100', fund_payamt: 0, crt_payb_lmt_amt: 0 })
  })
  test('医保写了为零的救助行：只留我们的一行', () => {
    const detail = ['610100', '610101'].map((fund_pay_type) => ({ fund_pay_type, fund_payamt: 0 }))
    const { setldetail } = assistedOutput(insured(outpatient({}, detail)), added())
    expect(setldetail.map((row) => row.fund_pay_type)).toEqual(['610100'])
  })
  test('不设限额的写最大的数', () =>
    expect(assistedOutput(insured(), added({ left: null })).setldetail.at(-1)?.crt_payb_lmt_amt).toBe(yuan(NO_LIMIT)))
  test('过程不超过 4000 字', () => {
    const { setldetail } = assistedOutput(insured(), added({ working: '算'.repeat(5000) }))
    expect(String(setldetail.at(-1)?.setl_proc_info)).toHaveLength(4000)
  })
  test('不认识的列原样退回，拼错的键改正', () => {
    const { setlinfo } = assistedOutput(
      insured(outpatient({ hifdm_pay: '0.00', exp: [1], psn_cash_pay: undefined, pdn_cash_pay: 146.5 })),
      added(),
    )
    expect(setlinfo).toMatchObject({ hifdm_pay: '0.00', exp: [1], psn_cash_pay: 46.5 })
    expect(setlinfo).not.toHaveProperty('pdn_cash_pay')
  })
  test('个人负担另写一列的，也跟着减', () =>
    expect(
      assistedOutput(insured(outpatient({ psn_pay: 166.5, cash_payamt: '146.50' })), added()).setlinfo,
    ).toMatchObject({
      psn_pay: 66.5,
      cash_payamt: 46.5,
    }))
  test('另写的一列说的是别的事，不动', () =>
    expect(assistedOutput(insured(outpatient({ psn_pay: 1 })), added()).setlinfo.psn_pay).toBe(1))
  test('医保没写的列补上，出生日期从证件号来', () => {
    const bare = outpatient({ brdy: null, age: '', gend: undefined, naty: null, clr_type: null, balc: null })
    expect(assistedOutput(insured(bare), added()).setlinfo).toMatchObject({
      brdy: '1962-01-01',
      age: 64,
      gend: '',
      naty: '',
      clr_type: '11',
      balc: 0,
    })
    const inpatient = outpatient({ med_type: '2101', clr_type: '', certno: 'E123', brdy: null, age: null })
    expect(assistedOutput(insured(inpatient), added()).setlinfo).toMatchObject({ clr_type: '21', brdy: null, age: 0 })
  })
  test('超过现金的救助是我们的错', () =>
    expect(() => assistedOutput(insured(), added({ assistance: 14_651 }))).toThrow('exceeds'))

  test.each<[string, unknown, unknown]>([
    ['没有', null, '{"maf_setl_no":"N1"}'],
    ['对象', { crtYearBalc: 1 }, { crtYearBalc: 1, maf_setl_no: 'N1' }],
    ['文本里的对象', '{"a":1}', '{"a":1,"maf_setl_no":"N1"}'],
    ['别的文本', 'abc', 'abc'],
    ['文本里的列表', '[1]', '[1]'],
  ])('expContent：%s', (_, expContent, expected) =>
    expect(assistedOutput(insured({ ...outpatient(), expContent }), added({ settlement_no: 'N1' })).expContent).toEqual(
      expected,
    ),
  )

  test('预结算：结算ID、时间、清算方式、经办机构为空，没有结算单号', () => {
    const preview = previewOutput(insured(outpatient(), 'presettled'), added())
    expect(preview.setlinfo).toMatchObject({
      setl_id: null,
      setl_time: null,
      clr_way: null,
      clr_optins: null,
      maf_pay: 100,
    })
    expect(preview.expContent).toBeNull()
    expect(preview.setldetail.at(-1)?.setl_proc_info).toBe('医疗救助 100.00 元')
  })
})

describe('撤销', () => {
  const cancelled = cancelledOutput(assistedOutput(insured(), added()), CANCEL)
  test('新的结算ID，金额全部变号，余额、比例、年龄不变', () => {
    expect(cancelled.setlinfo).toMatchObject({
      setl_id: 'R1',
      setl_time: '2026-03-13 09:00:00',
      medins_setl_id: 'M2',
      medfee_sumamt: -326.5,
      maf_pay: -100,
      fund_pay_sumamt: -260,
      psn_cash_pay: -46.5,
      act_pay_dedc: -100,
      overlmt_selfpay: 0,
      balc: 180,
      pool_prop_selfpay: 0.8,
      age: 64.2,
    })
    expect(cancelled.setldetail.at(-1)).toMatchObject({
      fund_payamt: -100,
      inscp_scp_amt: -300,
      crt_payb_lmt_amt: 4900,
    })
    expect(cancelled.expContent).toBe('{"maf_setl_no":"R1"}')
  })
  test('平台自己加的金额也变号', () => {
    const extended = assistedOutput(insured(outpatient({ hifdm_pay: '1.50', psn_pay: 166.5 })), added())
    expect(cancelledOutput(extended, CANCEL).setlinfo).toMatchObject({ hifdm_pay: -1.5, psn_pay: -66.5 })
  })
  test('零不写成负零', () => expect(Object.is(cancelled.setlinfo.oth_pay, 0)).toBe(true))
  test('医保自己的撤销单据加上负的救助，与我们变号的一样', () => {
    const theirs = insured(
      amountsOnly(cancelledOutput(assistedOutput(insured(), added({ assistance: 0 })), CANCEL)),
      'cancelled',
    )
    const ours = assistedOutput(theirs, added({ assistance: -10_000, settlement_no: 'R1', msgid: 'M2' }))
    for (const name of SETL_AMOUNTS) expect(ours.setlinfo[name]).toBe(cancelled.setlinfo[name])
  })
})

const amountsOnly = (output: SettlementOutput) => ({
  ...output,
  setldetail: output.setldetail.filter((row) => row.fund_pay_type !== '610100'),
})

describe('任何平的医保结果，加上任何不超过现金的救助', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  const withAny = (check: (theirs: Insured, output: SettlementOutput, assistance: number) => void) =>
    fc.assert(
      fc.property(anyInsurerAnswer, share, (answer, part) => {
        const theirs = insured(answer)
        const assistance = Math.floor(theirs.amounts.psn_cash_pay * part)
        check(theirs, assistedOutput(theirs, added({ assistance })), assistance)
      }),
    )

  test('三个等式仍然成立，总额不变', () => {
    withAny((theirs, output, assistance) => {
      const again = readInsured({ ...output, setlinfo: { ...output.setlinfo, maf_pay: 0 }, setldetail: [] }, 'settled')
      if ('refusal' in again) throw new Error(again.detail)
      expect(identityFaults(again.amounts)).toEqual([])
      expect(again.amounts.medfee_sumamt).toBe(theirs.amounts.medfee_sumamt)
      expect(again.amounts.psn_cash_pay).toBe(theirs.amounts.psn_cash_pay - assistance)
      expect(again.amounts.fund_pay_sumamt).toBe(theirs.amounts.fund_pay_sumamt + assistance)
    })
  })
  test('maf_pay 与 610100 行相同', () => {
    withAny((_, output, assistance) => {
      expect(output.setlinfo.maf_pay).toBe(yuan(assistance))
      expect(output.setldetail.at(-1)?.fund_payamt).toBe(yuan(assistance))
    })
  })
  test('变号两次还是原来的', () => {
    withAny((_, output) => {
      const twice = cancelledOutput(cancelledOutput(output, CANCEL), CANCEL)
      for (const name of [...SETL_AMOUNTS, ...TYPED_AMOUNTS]) expect(twice.setlinfo[name]).toBe(output.setlinfo[name])
      expect(twice.setldetail).toEqual(output.setldetail)
    })
  })
  test('每一家系统都读得下去：预结算、结算、撤销', () => {
    withAny((theirs, output, assistance) => {
      const preview = previewOutput(theirs, added({ assistance }))
      for (const one of [preview, output, cancelledOutput(output, CANCEL)]) {
        const text = answerOf({ ...one }, STAMP)
        expect(settlementStumbles(text)).toEqual([])
        expect(Object.values(takenForSuccess(text))).not.toContain(false)
      }
    })
  })
  test('救助是谁的，看得见', () => expect(assistedOutput(insured(), added()).setlinfo.certno).toBe(PATIENT_ID))
})
