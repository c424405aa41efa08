import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isRefusal } from '../kernel/refusal.ts'
import { anyInsurerAnswer, insured, outpatient, outpatientDetail, PATIENT_ID } from './setlinfo.fixture.ts'
import { type Insured, readInsured, type Stage } from './setlinfo.ts'

const refused = (container: Record<string, unknown>, stage: Stage = 'settled'): string => {
  const read = readInsured(container, stage)
  return isRefusal(read) ? `${read.refusal} ${read.detail}` : 'read'
}
const row = (change: Record<string, unknown>) => [...outpatientDetail(), { fund_payamt: 0, ...change }]

describe('医保的结算结果', () => {
  test('金额读成整数分，身份和时间读出来', () => {
    expect(insured()).toMatchObject({
      setl_id: '300000000001',
      setl_time: { day: '2026-03-12' },
      certno: PATIENT_ID,
      amounts: { medfee_sumamt: 32_650, fund_pay_sumamt: 16_000, psn_part_amt: 16_650, psn_cash_pay: 14_650 },
      rows: [{ fund_pay_type: '390100', fund_payamt: 16_000, crt_payb_lmt_amt: null }, { fund_pay_type: '310200' }],
    } satisfies Record<keyof Insured & string, unknown> | object)
  })
  test.each<[string, Record<string, unknown>, Partial<Insured['amounts']>]>([
    ['文本金额', { medfee_sumamt: '326.5', inscp_scp_amt: '300.00' }, { medfee_sumamt: 32_650 }],
    ['个人负担没写：账户加现金', { psn_part_amt: null }, { psn_part_amt: 16_650 }],
    ['个人负担写在 psn_pay', { psn_part_amt: '', psn_pay: 166.5 }, { psn_part_amt: 16_650 }],
    ['现金没写：负担减账户', { psn_cash_pay: null }, { psn_cash_pay: 14_650 }],
    ['医院负担没写', { hosp_part_amt: null }, { hosp_part_amt: 0 }],
    [
      '医院负担写在 ownpay_hosp_part',
      { hosp_part_amt: null, ownpay_hosp_part: 10, medfee_sumamt: 336.5, fulamt_ownpay_amt: 30 },
      { hosp_part_amt: 1000 },
    ],
    [
      '拼错的键',
      { psn_part_amt: undefined, psn_part_am: 166.5, psn_cash_pay: undefined, pdn_cash_pay: 146.5 },
      { psn_part_amt: 16_650 },
    ],
    ['起付线没写', { act_pay_dedc: undefined }, { act_pay_dedc: 0 }],
  ])('%s', (_, change, expected) => expect(insured(outpatient(change)).amounts).toMatchObject(expected))

  test('没有明细、明细为空，都读得下去', () => {
    for (const detail of [undefined, null, []])
      expect(insured({ ...outpatient(), setldetail: detail }).rows).toEqual([])
  })
  test('平台没重复的，从请求里补', () => {
    const container = outpatient({ mdtrt_id: '', psn_no: null, med_type: undefined })
    const read = readInsured(container, 'settled', { mdtrt_id: 'M1', psn_no: 'P1', med_type: '14', insutype: '310' })
    expect(read).toMatchObject({ mdtrt_id: 'M1', psn_no: 'P1', med_type: '14', insutype: '390' })
  })
  test('预结算没有结算ID和时间', () =>
    expect(insured(outpatient({ setl_id: null, setl_time: null }), 'presettled')).toMatchObject({ setl_id: null }))
  test('撤销单据全是负数，个人负担和医院负担为空', () => {
    const cancel = Object.fromEntries(
      Object.entries(outpatient().setlinfo).map(([k, v]) => [
        k,
        typeof v === 'number' && !['age', 'balc', 'pool_prop_selfpay'].includes(k) ? -v : v,
      ]),
    )
    const read = insured(
      { setlinfo: { ...cancel, psn_part_amt: null, hosp_part_amt: null }, setldetail: [] },
      'cancelled',
    )
    expect(read.amounts).toMatchObject({ medfee_sumamt: -32_650, psn_part_amt: -16_650, hosp_part_amt: 0 })
  })
})

describe('医保的结算结果不平：说出两个数', () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    [
      '总额与范围',
      { fulamt_ownpay_amt: 20.01 },
      /^bill_does_not_add_up .*医疗费总额 medfee_sumamt 326.50 ≠ 全自费金额\+超限价自费费用\+先行自付金额\+符合政策范围金额 326.51/,
    ],
    [
      '总额与支付方',
      { fund_pay_sumamt: 150 },
      /医疗费总额 medfee_sumamt 326.50 ≠ 基金支付总额\+个人负担总金额\+医院负担金额 316.50/,
    ],
    ['基金含个人账户', { fund_pay_sumamt: 180 }, /326.50 ≠ .* 346.50（基金支付总额不应包含个人账户）/],
    ['个人负担', { psn_cash_pay: 146.49 }, /个人负担总金额 psn_part_amt 166.50 ≠ 个人账户支出\+个人现金支出 166.49/],
  ])('%s', (_, change, expected) => expect(refused(outpatient(change))).toMatch(expected))
})

describe('医保平台已计算医疗救助', () => {
  test.each<[string, Record<string, unknown>, unknown, RegExp]>([
    ['maf_pay', { maf_pay: 50 }, undefined, /50.00 元（医疗救助基金支出 maf_pay）/],
    ['610100', {}, row({ fund_pay_type: '610100', fund_payamt: '50.00' }), /50.00 元（结算明细 610100）/],
    ['610101', {}, row({ fund_pay_type: '610101', fund_payamt: 50 }), /610101/],
    ['其他，注明 610101', {}, row({ fund_pay_type: '999997', fund_payamt: 50, setl_proc_info: '610101' }), /999997/],
  ])('%s', (_, change, detail, expected) => {
    const said = refused(outpatient(change, detail ?? outpatientDetail()))
    expect(said.split(' ')[0]).toBe('assistance_already_paid')
    expect(said).toMatch(expected)
  })
  test.each<[string, Record<string, unknown>]>([
    ['救助为零的行', { fund_pay_type: '610100', fund_payamt: 0 }],
    ['优抚补助不是救助', { fund_pay_type: '610200', fund_payamt: 50 }],
    ['其他，另有说明', { fund_pay_type: '999997', fund_payamt: 50, setl_proc_info: '惠民保' }],
  ])('不算：%s', (_, change) => expect(refused(outpatient({}, row(change)))).toBe('read'))
})

describe('医保的结算结果有误', () => {
  test.each<[string, Record<string, unknown>, Stage, RegExp]>([
    ['没有 setlinfo', { setldetail: [] }, 'settled', /his_input_invalid 缺少医保结算信息 setlinfo/],
    ['没有总额', outpatient({ medfee_sumamt: '' }), 'settled', /医疗费总额 medfee_sumamt：必填/],
    ['结算没有结算ID', outpatient({ setl_id: '' }), 'settled', /结算ID setl_id：必填/],
    ['结算没有时间', outpatient({ setl_time: null }), 'settled', /结算时间 setl_time：必填/],
    ['负数', outpatient({ acct_pay: -20, psn_cash_pay: 186.5 }), 'settled', /个人账户支出 acct_pay：不能为负/],
    ['撤销写成正数', outpatient(), 'cancelled', /撤销单据的金额不能为正/],
    ['三位小数', outpatient({ balc: 0.001, medfee_sumamt: '326.505' }), 'settled', /medfee_sumamt：金额最多两位小数/],
    ['明细没有代码', outpatient({}, row({})), 'settled', /第3行 基金支付类型 fund_pay_type：必填/],
    [
      '明细为负',
      outpatient({}, row({ fund_pay_type: '390100', fund_payamt: -1 })),
      'settled',
      /第3行 基金支付金额 fund_payamt：不能为负/,
    ],
    ['明细不是行', outpatient({}, 'x'), 'settled', /第1行：须为对象/],
    ['两处一起说', outpatient({ medfee_sumamt: 'x' }, row({})), 'settled', /medfee_sumamt：.*；第3行/],
  ])('%s', (_, container, stage, expected) => expect(refused(container, stage)).toMatch(expected))

  test('凡是平的都读得下去', () => {
    fc.assert(
      fc.property(anyInsurerAnswer, (answer) => {
        expect(refused(answer)).toBe('read')
      }),
    )
  })
})
