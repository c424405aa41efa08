import type { Row } from './rows-inpatient.ts'

const small = { total_cost: '250.00', policy_scope_cost: '250.00', basic_insurance_paid: '150.00' }

/** Minority names are typed in many ways; none of them may send a patient away. */
const NAMES: readonly Row[] = [
  ['点打成 •', '阿依达娜•努尔兰'],
  ['点打成全角 ．', '阿依达娜．努尔兰'],
  ['点打成减号', '阿依达娜-努尔兰'],
  ['没有点', '阿依达娜努尔兰'],
  ['点前后有空格', '阿依达娜 · 努尔兰'],
].map(([how, name = '']) => ({
  title: `姓名：${how}`,
  who: 'kazakh',
  patient: { name },
  amounts: small,
  working: '第十一条 100.00 × 75%',
  pays: '75.00',
  patient_pays: '25.00',
}))

const thousand = { total_cost: '2500.00', policy_scope_cost: '2500.00', basic_insurance_paid: '1500.00' }

/** Who is helped, on which day: 第四条 categories, by the day of discharge. */
export const PEOPLE_ROWS: readonly Row[] = [
  ...NAMES,
  {
    title: '身份证末位小写 x',
    who: 'check_x',
    patient: { id_number: '65990019720212001x' },
    amounts: small,
    working: '第十一条 100.00 × 75%',
    pays: '75.00',
    patient_pays: '25.00',
  },
  {
    title: '出院日是低保的最后一天',
    who: 'ended',
    days: { admitted_on: '2023-12-20', discharged_on: '2023-12-31' },
    amounts: thousand,
    working: '第四条 12 月 31 日仍是低保；第十一条 1000.00 × 75%',
    pays: '750.00',
    patient_pays: '250.00',
  },
  {
    title: '低保停后一天出院：0.00，附原因，照样记账',
    who: 'ended',
    days: { admitted_on: '2023-12-28', discharged_on: '2024-01-01' },
    amounts: thousand,
    working: '第四条 当天没有身份',
    pays: '0.00',
    patient_pays: '1000.00',
    because: ['no_category'],
  },
  {
    title: '在册但没有救助类别：0.00，附原因',
    who: 'no_category',
    amounts: thousand,
    working: '第四条 当天没有身份',
    pays: '0.00',
    patient_pays: '1000.00',
    because: ['no_category'],
  },
  {
    title: '喀什参保：按参保地的办法，不按就医地',
    who: 'kashgar',
    insured: '653101',
    referral: 'filed',
    amounts: { total_cost: '25000.00', policy_scope_cost: '25000.00', basic_insurance_paid: '15000.00' },
    working: '喀什办法：低保对象住院 10000.00 × 80%',
    pays: '8000.00',
    patient_pays: '2000.00',
  },
  {
    title: '第三人责任：不救助，附原因',
    who: 'dibao_10',
    amounts: thousand,
    more: { circumstances: ['third_party_liability'] },
    working: '第十六条 应由第三人负担',
    pays: '0.00',
    patient_pays: '1000.00',
    because: ['excluded_third_party_liability'],
  },
  {
    title: '带四条明细，合计相符',
    who: 'dibao_10',
    amounts: {
      total_cost: '2800.00',
      self_funded: '300.00',
      over_limit: '100.00',
      prior_self_pay: '200.00',
      policy_scope_cost: '2200.00',
      basic_insurance_paid: '1400.00',
    },
    more: {
      items: [
        { code: 'XA10', name: '注射用药', cost: '1200.00', policy_scope_cost: '1000.00', prior_self_pay: '200.00' },
        { code: 'CT01', name: 'CT 平扫', cost: '800.00', policy_scope_cost: '800.00' },
        { code: 'BED1', name: '床位费', cost: '500.00', policy_scope_cost: '400.00', over_limit: '100.00' },
        { code: 'ZF01', name: '护工费', cost: '300.00', self_funded: '300.00' },
      ],
    },
    working: '第十条 2200.00 − 1400.00 = 800.00；第十一条 × 75%；个人 2800.00 − 1400.00 − 600.00',
    pays: '600.00',
    patient_pays: '800.00',
  },
]
