import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkCharacter } from '../kernel/resident-id.ts'
import { archiveBill, billSchema, calendarFault, paidByOthers, readArchivedBill } from './bill.ts'

const id = (first17: string) => first17 + checkCharacter(first17)
const wire = (change: Record<string, unknown> = {}) => ({
  bill_no: 'ZY20261101-0031',
  visit_no: 'ZY0031',
  care_type: 'inpatient',
  patient: { id_type: 'resident_id', id_number: id('65400219620101000'), name: '古丽·沙拉' },
  insurance: { type: 'resident', admdvs: '654002' },
  admitted_on: '2026-10-20',
  discharged_on: '2026-11-01',
  diagnoses: [{ code: 'I21.9', name: '急性心肌梗死' }],
  amounts: {
    total_cost: '52000.00',
    self_funded: '1500.00',
    prior_self_pay: '500.00',
    policy_scope_cost: '50000.00',
    basic_insurance_paid: '34790.00',
  },
  ...change,
})
const faults = (change: Record<string, unknown>): string[] => {
  const result = billSchema.safeParse(wire(change))
  return result.success ? [] : result.error.issues.map((i) => `${i.path.join('.')} ${i.message}`)
}
const amounts = (change: Record<string, string>) => ({ amounts: { ...wire().amounts, ...change } })

describe('账单的样子', () => {
  test('没写的金额是零，没写的转诊是不需要', () => {
    const bill = billSchema.parse(wire())
    expect(bill.amounts).toMatchObject({ total_cost: 5_200_000, serious_illness_paid: 0, donation_paid: 0 })
    expect(bill).toMatchObject({ referral: 'not_needed', items: [], circumstances: [], disease_code: null })
    expect(paidByOthers(bill.amounts)).toBe(3_479_000)
  })

  test.each<[string, Record<string, unknown>, RegExp]>([
    ['多写的键', { assistance_paid: '1.00' }, /Unrecognized|assistance_paid/],
    ['金额写成数字', { amounts: { total_cost: 1 } }, /amounts.total_cost/],
    ['总费用没写', { amounts: {} }, /amounts.total_cost/],
    ['住院没写出院日', { discharged_on: undefined }, /discharged_on 住院账单须填出院日期/],
    ['住院没写入院日', { admitted_on: undefined }, /admitted_on 住院账单须填入院日期/],
    ['住院写了就诊日', { visited_on: '2026-11-01' }, /visited_on 住院账单不填就诊日期/],
    ['出院早于入院', { discharged_on: '2026-10-19' }, /discharged_on 出院日期 2026-10-19 早于入院日期 2026-10-20/],
    ['没有的日子', { discharged_on: '2026-02-30' }, /discharged_on/],
    ['门诊写了入院日', { care_type: 'outpatient', visited_on: '2026-11-01' }, /admitted_on 门诊账单不填/],
    [
      '门诊没写就诊日',
      { care_type: 'outpatient', admitted_on: undefined, discharged_on: undefined },
      /visited_on 门诊账单须填/,
    ],
    [
      '身份证校验码错',
      { patient: { id_number: '654002196201010001', name: '古' } },
      /patient.id_number 身份证号校验码不符/,
    ],
    ['15 位旧身份证', { patient: { id_number: '654002620101001', name: '古' } }, /patient.id_number/],
    ['没有姓名', { patient: { id_number: id('65400219620101000'), name: '  ' } }, /patient.name 不能为空/],
    ['没有诊断', { diagnoses: [] }, /diagnoses 至少一个诊断/],
    ['账单号有空格', { bill_no: 'A 1' }, /bill_no/],
    ['参保地五位', { insurance: { type: 'resident', admdvs: '65400' } }, /insurance.admdvs/],
    ['没有的就诊类型', { care_type: 'dental' }, /care_type/],
  ])('%s：指出在哪里', (_, change, expected) => expect(faults(change).join('\n')).toMatch(expected))

  test('小写 x 的身份证号与大写相同', () => {
    const lower = Array.from({ length: 200 }, (_, i) =>
      id(`6540021962010100${String(i).padStart(3, '0').slice(-1)}`),
    ).find((n) => n.endsWith('X'))
    const number = lower ?? id('65400219620101000')
    expect(
      billSchema.parse(wire({ patient: { id_number: number.toLowerCase(), name: '古丽' } })).patient.id_number,
    ).toBe(number)
  })
})

describe('账单合计', () => {
  test.each<[string, Record<string, unknown>, string]>([
    [
      '各部分之和少一分',
      amounts({ self_funded: '1499.99' }),
      'amounts.total_cost [bill_does_not_add_up] 总费用 = 自费 + 超限价 + 先行自付 + 政策范围内：52000.00 ≠ 51999.99',
    ],
    [
      '支付超过总费用一分',
      amounts({ commercial_paid: '17210.01' }),
      'amounts [bill_does_not_add_up] 各方支付合计 52000.01 超过总费用 52000.00',
    ],
    [
      '明细少一分',
      {
        items: [
          {
            code: 'A',
            name: '床位费',
            cost: '51999.99',
            self_funded: '1500.00',
            prior_self_pay: '500.00',
            policy_scope_cost: '50000.00',
          },
        ],
      },
      'items [bill_does_not_add_up] 总费用 = 明细金额之和：52000.00 ≠ 51999.99',
    ],
    [
      '明细的自费对不上',
      {
        items: [
          {
            code: 'A',
            name: '床位费',
            cost: '52000.00',
            self_funded: '1.00',
            prior_self_pay: '500.00',
            policy_scope_cost: '50000.00',
          },
        ],
      },
      'items [bill_does_not_add_up] self_funded = 明细之和：1500.00 ≠ 1.00',
    ],
  ])('%s：说出哪个和、两个数', (_, change, expected) => expect(faults(change)).toEqual([expected]))

  test.each<[string, Record<string, unknown>]>([
    ['支付正好等于总费用', amounts({ commercial_paid: '17210.00' })],
    [
      '明细正好',
      {
        items: [
          {
            code: 'A',
            name: '床位费',
            cost: '52000.00',
            self_funded: '1500.00',
            prior_self_pay: '500.00',
            policy_scope_cost: '50000.00',
          },
        ],
      },
    ],
  ])('%s：可以', (_, change) => expect(faults(change)).toEqual([]))
})

describe('日历才知道的错', () => {
  const bill = billSchema.parse(wire())
  test.each([
    ['2026-11-01', null],
    ['2026-10-31', 'discharged_on'],
  ])('今天是 %s', (today, path) => expect(calendarFault(bill, today)?.errors?.[0]?.path ?? null).toBe(path))

  test('出生在将来的身份证号', () => {
    const unborn = billSchema.parse(wire({ patient: { id_number: id('65400220261102000'), name: '古丽' } }))
    expect(calendarFault(unborn, '2026-11-01')?.errors).toEqual([
      { path: 'patient.id_number', message: '出生日期在将来' },
    ])
    expect(calendarFault(unborn, '2026-11-02')).toBeNull()
  })

  test('住了十一个年头', () => {
    const long = billSchema.parse(wire({ admitted_on: '2015-12-31' }))
    expect(calendarFault(long, '2026-11-01')?.errors?.[0]).toEqual({
      path: 'admitted_on',
      message: '住院超过十年，请核对',
    })
  })
})

test('归档的账单没有姓名和号码，读回来与原来一样', () => {
  const yuan = fc
    .integer({ min: 0, max: 5_000_000 })
    .map((fen) => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`)
  fc.assert(
    fc.property(yuan, (self) => {
      const bill = billSchema.parse(wire({ amounts: { total_cost: self, self_funded: self } }))
      const archived = archiveBill(bill)
      expect(archived).not.toContain(bill.patient.id_number)
      expect(archived).not.toContain(bill.patient.name)
      expect(readArchivedBill(archived)).toEqual({ ...bill, patient: { id_type: 'resident_id' } })
    }),
    { numRuns: 200 },
  )
})
