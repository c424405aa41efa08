import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { archiveBill, billSchema, careDays, paidByOthers, readArchivedBill } from '../settlement/bill.ts'
import { billNoOf } from './requests-settle.ts'
import { anyInsurerAnswer, insured, outpatient, outpatientDetail, PATIENT_ID } from './setlinfo.fixture.ts'
import { bill, CODES, inpatient, read, refused, source, stay } from './to-bill.fixture.ts'
import type { BillSource } from './to-bill.ts'
import { foldVisit } from './visit.ts'

describe('账单从医保的结果里来', () => {
  test('门诊：金额、险种、参保地、就诊日', () =>
    expect(bill()).toEqual({
      patient: { id_number: PATIENT_ID, name: '古丽·沙拉' },
      bill: {
        bill_no: expect.stringMatching(/^HIS-[0-9a-f]{36}$/),
        visit_no: '65400220260312000001',
        care_type: 'outpatient',
        insurance: { type: 'resident', admdvs: '654002' },
        visited_on: '2026-03-12',
        diagnoses: [],
        disease_code: null,
        referral: 'not_needed',
        circumstances: [],
        amounts: {
          total_cost: 32_650,
          self_funded: 2000,
          over_limit: 0,
          prior_self_pay: 650,
          policy_scope_cost: 30_000,
          insurance_deductible: 10_000,
          basic_insurance_paid: 16_000,
          serious_illness_paid: 0,
          other_insurance_paid: 0,
          commercial_paid: 0,
          hospital_waived: 0,
          temporary_relief_paid: 0,
          donation_paid: 0,
          personal_account_paid: 2000,
        },
        items: [],
      },
    }))
  test('本地代码表说是医疗救助的基金，与全国的 610100 一样：已付过，不再救助', () => {
    const local = { ...CODES, payerOf: (code: string) => (code === '610199' ? 'assistance' : CODES.payerOf(code)) }
    const answer = (fund_payamt: number) =>
      insured(outpatient({}, [...outpatientDetail(), { fund_pay_type: '610199', fund_payamt }]))
    expect(refused({ insured: answer(12), codes: local })).toMatch(
      /^assistance_already_paid .*12\.00 元（结算明细 610199）/,
    )
    expect(refused({ insured: answer(0), codes: local })).toBe('made')
  })

  test('其他基金归其他基本保障，特惠保险按明细归商业保险，医院负担归减免', () => {
    const answer = outpatient(
      {
        hifp_pay: 100,
        hifmi_pay: 20,
        hifob_pay: 10,
        cvlserv_pay: 5,
        oth_pay: 15,
        fund_pay_sumamt: 150,
        hosp_part_amt: 10,
      },
      [
        ...outpatientDetail(),
        { fund_pay_type: '620100', fund_payamt: 15 },
        { fund_pay_type: '999996', fund_payamt: 10 },
      ],
    )
    expect(bill({ insured: insured(answer) }).bill.amounts).toMatchObject({
      basic_insurance_paid: 10_000,
      serious_illness_paid: 2000,
      other_insurance_paid: 1500,
      commercial_paid: 1500,
      hospital_waived: 1000,
      personal_account_paid: 2000,
    })
  })
  test('急诊', () => expect(bill({ insured: insured(outpatient({ med_type: '13' })) }).bill.referral).toBe('emergency'))
  test('州本级的参保地是自治州', () =>
    expect(bill({ envelope: { ...source().envelope, insuplc_admdvs: '654099' } }).bill.insurance.admdvs).toBe('654000'))
  test('信封没写参保地：用清算经办机构', () =>
    expect(bill({ envelope: { ...source().envelope, insuplc_admdvs: '' } }).bill.insurance.admdvs).toBe('654002'))

  test.each<[string, string, Record<string, unknown>, string | RegExp]>([
    ['门诊一批', '2207', { mdtrt_id: 'M1', chrg_bchno: '1' }, 'M1/1'],
    ['预结算与结算相同', '2206', { mdtrt_id: 'M1', chrg_bchno: '1' }, 'M1/1'],
    ['住院出院结算', '2304', { mdtrt_id: 'M1' }, 'M1/Z'],
    ['住院中途结算', '2304', { mdtrt_id: 'M1', mid_setl_flag: '1' }, 'M1/M'],
    ['太长的', '2207', { mdtrt_id: 'M'.repeat(30), chrg_bchno: 'B'.repeat(30) }, /^HIS-[0-9a-f]{36}$/],
  ])('账单号：%s', (_, infno, change, expected) => expect(billNoOf(infno, read(infno, change))).toMatch(expected))
})

describe('日期', () => {
  const consulted = foldVisit([
    { infno: '2203', at: 0, input: { mdtrtinfo: { mdtrt_id: 'M', psn_no: 'P', begntime: '2026-03-11 23:50:00' } } },
  ])
  test.each<[string, Partial<BillSource>, string]>([
    ['就诊信息的时间', { visit: consulted }, '2026-03-11'],
    ['请求的就诊时间', { data: read('2207', { begntime: '2026-03-10 08:00:00' }) }, '2026-03-10'],
    ['结算时间', { insured: insured(outpatient({ setl_time: '2026-03-09 08:00:00' })) }, '2026-03-09'],
    ['预结算用交易时间', { insured: insured(outpatient({ setl_time: null }), 'presettled') }, '2026-03-12'],
    [
      '交易时间读不懂，用今天',
      {
        insured: insured(outpatient({ setl_time: null }), 'presettled'),
        envelope: { ...source().envelope, inf_time: 'x' },
        today: '2026-03-13',
      },
      '2026-03-13',
    ],
  ])('门诊：%s', (_, change, expected) => expect(bill(change).bill.visited_on).toBe(expected))

  test.each<[string, Partial<BillSource>, [string, string]]>([
    ['2401、2402', { visit: stay('2026-03-01 08:00:00', '2026-03-10 10:00:00') }, ['2026-03-01', '2026-03-10']],
    [
      '医保结算信息',
      { insured: inpatient({ begndate: '2026-03-02', enddate: '2026-03-11' }) },
      ['2026-03-02', '2026-03-11'],
    ],
    [
      '请求',
      { data: read('2304', { begndate: '20260303', dscgTime: '2026-03-09 10:00:00' }) },
      ['2026-03-03', '2026-03-09'],
    ],
    [
      '中途结算到结算日',
      { visit: stay('2026-03-01', null), data: read('2304', { mid_setl_flag: '1' }) },
      ['2026-03-01', '2026-03-12'],
    ],
    ['出院前的预结算', { visit: stay('2026-03-01', null), preview: true }, ['2026-03-01', '2026-03-12']],
  ])('住院：%s', (_, change, [admitted_on, discharged_on]) =>
    expect(bill({ insured: inpatient(), data: read('2304'), ...change }, '2304').bill).toMatchObject({
      care_type: 'inpatient',
      admitted_on,
      discharged_on,
    }),
  )

  test.each<[string, Partial<BillSource>, RegExp]>([
    ['都没有', {}, /缺少入院日期，请先上传2401.*缺少出院日期，请先上传2402/],
    [
      '没有出院',
      { visit: stay('2026-03-01', null) },
      /^his_input_invalid 结束日期 enddate：缺少出院日期，请先上传2402，或在setlinfo中填写$/,
    ],
    ['出院早于入院', { visit: stay('2026-03-10', '2026-03-01') }, /出院日期 2026-03-01 早于入院日期 2026-03-10/],
  ])('住院，%s：说出要传什么', (_, change, expected) =>
    expect(refused({ insured: inpatient(), data: read('2304'), ...change }, '2304')).toMatch(expected),
  )

  test('还没有到的日子不结算：那一年的限额还不能用；平台的钟可以快一天，预结算可以预计出院', () => {
    const change = (end: string) => ({
      insured: inpatient(),
      data: read('2304'),
      visit: stay('2026-03-01', end),
      today: '2026-03-12',
    })
    expect(bill(change('2026-03-13'), '2304').bill.discharged_on).toBe('2026-03-13')
    expect(refused(change('2027-01-02'), '2304')).toBe(
      'his_input_invalid 结束日期 enddate：2027-01-02 在将来（今天是 2026-03-12）',
    )
    expect(bill({ ...change('2026-03-20'), preview: true }, '2303').bill.discharged_on).toBe('2026-03-20')
    expect(refused({ insured: insured(outpatient({ setl_time: '2030-01-01 00:00:00' })) })).toMatch(
      /begntime：2030-01-01 在将来/,
    )
  })
})

describe('诊断和病种', () => {
  const diagnosed = (...codes: string[]) =>
    foldVisit([
      {
        infno: '2203',
        at: 0,
        input: {
          mdtrtinfo: { mdtrt_id: 'M', psn_no: 'P', dise_codg: 'M03900' },
          diseinfo: codes.map((diag_code, i) => ({ diag_code, diag_srt_no: i, diag_name: `名${i}` })),
        },
      },
    ])
  test.each<[string, Partial<BillSource>, string[], string | null]>([
    ['没有', {}, [], null],
    ['就诊信息', { visit: diagnosed('I10', 'E11.9') }, ['I10', 'E11.9'], 'M03900'],
    ['请求的病种', { data: read('2207', { dise_codg: 'M01600', dise_name: '糖尿病' }) }, ['M01600'], 'M01600'],
    ['带剑号的代码', { visit: diagnosed('A17.0†', '（无）', 'M36.0*') }, ['A17.0+', 'M36.0*'], 'M03900'],
    ['病种写成汉字', { data: read('2207', { dise_codg: '糖尿病' }) }, [], null],
    [
      '五十个诊断',
      { visit: diagnosed(...Array.from({ length: 50 }, (_, i) => `C${i}`)) },
      Array.from({ length: 40 }, (_, i) => `C${i}`),
      'M03900',
    ],
  ])('%s', (_, change, codes, disease) => {
    const made = bill(change).bill
    expect(made.diagnoses.map((one) => one.code)).toEqual(codes)
    expect(made.disease_code).toBe(disease)
  })
})

describe('病人是谁', () => {
  const OLD = PATIENT_ID.slice(0, 6) + PATIENT_ID.slice(8, 17)
  test.each<[string, Record<string, unknown>, Record<string, unknown>, string | null, string | null]>([
    ['医保登记的证件', {}, {}, PATIENT_ID, '古丽·沙拉'],
    ['15 位旧号码', { certno: OLD }, {}, PATIENT_ID, '古丽·沙拉'],
    ['证件类型不是身份证而号码是', { psn_cert_type: '90' }, {}, PATIENT_ID, '古丽·沙拉'],
    ['医保没有证件，窗口用身份证', { certno: '', psn_name: null }, {}, PATIENT_ID, null],
    ['都是别的证件', { psn_cert_type: '99', certno: 'E1' }, { mdtrt_cert_type: '03' }, null, '古丽·沙拉'],
    ['电子凭证', { certno: null }, { mdtrt_cert_type: '01', mdtrt_cert_no: PATIENT_ID }, null, '古丽·沙拉'],
    ['校验码错的号码', { certno: '654002196201010001' }, { mdtrt_cert_no: '' }, null, '古丽·沙拉'],
  ])('%s', (_, info, change, id_number, name) =>
    expect(bill({ insured: insured(outpatient(info)), data: read('2207', change) }).patient).toEqual({
      id_number,
      name,
    }),
  )
})

describe('请求与医保的结果说的不是一回事：拒绝', () => {
  test.each<[string, Partial<BillSource>, RegExp]>([
    [
      '人员编号',
      { data: read('2207', { psn_no: 'P2' }) },
      /his_input_invalid 人员编号 psn_no：请求与医保结算信息不一致/,
    ],
    [
      '就诊ID',
      { data: read('2207', { mdtrt_id: 'M2' }) },
      /his_input_invalid 就诊ID mdtrt_id：请求为 M2，医保结算信息为 65400220260312000001/,
    ],
    [
      '总额',
      { data: read('2207', { medfee_sumamt: '326.51' }) },
      /bill_does_not_add_up 医疗费总额 medfee_sumamt：请求 326.51 ≠ 医保结算信息 326.50/,
    ],
    [
      '没有列出的医疗类别',
      { insured: insured(outpatient({ med_type: '9901' })) },
      /his_input_invalid 医疗类别 med_type：9901 不在本地代码表/,
    ],
    [
      '没有列出的险种',
      { insured: insured(outpatient({ insutype: '39999' })) },
      /险种类型 insutype：39999 不在本地代码表/,
    ],
    [
      '没有参保地',
      { envelope: { ...source().envelope, insuplc_admdvs: '' }, insured: insured(outpatient({ clr_optins: null })) },
      /参保地医保区划 insuplc_admdvs：必填/,
    ],
    [
      '基金各项多于总额',
      { insured: insured(outpatient({ hifp_pay: 200 })) },
      /bill_does_not_add_up 基金支付总额 fund_pay_sumamt 160.00 小于其中各项之和 200.00/,
    ],
  ])('%s', (_, change, expected) => expect(refused(change)).toMatch(expected))
})

test('任何平的医保结果：账单自己也平，个人应付就是现金，存下还读得回来', () => {
  fc.assert(
    fc.property(anyInsurerAnswer, (answer) => {
      const theirs = insured(answer)
      const yuan = String((answer.setlinfo as Record<string, unknown>).medfee_sumamt)
      const visit = stay('2026-03-01', '2026-03-10')
      const made = bill(
        { insured: theirs, visit, data: read('2304', { medfee_sumamt: yuan, med_type: '' }) },
        '2304',
      ).bill
      const whole = { ...made, patient: { id_type: 'resident_id' as const, id_number: PATIENT_ID, name: '古丽' } }
      expect(made.amounts.total_cost - paidByOthers(made.amounts)).toBe(theirs.amounts.psn_cash_pay)
      expect(readArchivedBill(archiveBill(whole))).toEqual({ ...made, patient: { id_type: 'resident_id' } })
      const wire = { ...JSON.parse(archiveBill(whole)), patient: whole.patient, diagnoses: [{ code: 'A', name: 'a' }] }
      expect(billSchema.safeParse(wire).error).toBeUndefined()
      expect(careDays(whole).from <= careDays(whole).to).toBe(true)
    }),
  )
})
