import type { Sketch } from './bill.ts'

/**
 * Worked out by hand from the practice rule (ili-yining, 2023-01-01, an illustration), never read off an answer of the
 * service: what the fund pays, what is left for the patient at the counter, and the codes of every reason.
 */
export interface Row extends Sketch {
  readonly title: string
  readonly working: string
  readonly pays: string
  readonly patient_pays: string
  readonly because?: readonly string[]
}

/** 第十条 the base is what insurance leaves of the scope; 第十一条 ratios and deductibles of hospital stays. */
export const INPATIENT: readonly Row[] = [
  {
    title: '低保对象住院',
    who: 'dibao_1',
    amounts: {
      total_cost: '52000.00',
      self_funded: '1500.00',
      prior_self_pay: '500.00',
      policy_scope_cost: '50000.00',
      basic_insurance_paid: '34790.00',
    },
    working: '第十条 50000.00 − 34790.00 = 15210.00；第十一条 × 75% = 11407.50；个人 52000.00 − 34790.00 − 11407.50',
    pays: '11407.50',
    patient_pays: '5802.50',
  },
  {
    title: '特困人员住院，全额',
    who: 'extremely_poor_1',
    amounts: {
      total_cost: '8500.00',
      self_funded: '500.00',
      policy_scope_cost: '8000.00',
      basic_insurance_paid: '5000.00',
    },
    working: '第十一条 3000.00 × 100%；自费 500.00 由个人付',
    pays: '3000.00',
    patient_pays: '500.00',
  },
  {
    title: '孤儿住院，全额',
    who: 'orphan_1',
    amounts: { total_cost: '6000.00', policy_scope_cost: '6000.00', basic_insurance_paid: '3600.00' },
    working: '第十一条 2400.00 × 100%',
    pays: '2400.00',
    patient_pays: '0.00',
  },
  {
    title: '返贫致贫人口住院',
    who: 'poverty_return_1',
    amounts: { total_cost: '9000.00', policy_scope_cost: '9000.00', basic_insurance_paid: '5400.00' },
    working: '第十一条 3600.00 × 70%',
    pays: '2520.00',
    patient_pays: '1080.00',
  },
  {
    title: '监测对象住院',
    who: 'poverty_monitored_1',
    amounts: { total_cost: '7500.00', policy_scope_cost: '7500.00', basic_insurance_paid: '4500.00' },
    working: '第十一条 3000.00 × 70%',
    pays: '2100.00',
    patient_pays: '900.00',
  },
  {
    title: '低保边缘，先扣起付标准',
    who: 'dibao_marginal_1',
    amounts: { total_cost: '15000.00', policy_scope_cost: '15000.00', basic_insurance_paid: '9000.00' },
    working: '第十一条（6000.00 − 起付 2500.00）× 65%',
    pays: '2275.00',
    patient_pays: '3725.00',
  },
  {
    title: '低保边缘，正好等于起付标准：一分不付，且说明原因',
    who: 'dibao_marginal_1',
    amounts: { total_cost: '6250.00', policy_scope_cost: '6250.00', basic_insurance_paid: '3750.00' },
    working: '第十一条 2500.00 − 2500.00 = 0',
    pays: '0.00',
    patient_pays: '2500.00',
    because: ['below_deductible', 'gate_not_reached'],
  },
  {
    title: '因病致贫：住院和倾斜两项',
    who: 'illness_impoverished_1',
    amounts: { total_cost: '25000.00', policy_scope_cost: '25000.00', basic_insurance_paid: '15000.00' },
    working: '第十一条（10000.00 − 6300.00）× 60% = 2220.00；第十五条（10000.00 − 2220.00 − 5000.00）× 50% = 1390.00',
    pays: '3610.00',
    patient_pays: '6390.00',
  },
  {
    title: '倾斜救助门槛：负担正好 5000 元，不倾斜',
    who: 'dibao_2',
    amounts: { total_cost: '50000.00', policy_scope_cost: '50000.00', basic_insurance_paid: '30000.00' },
    working: '第十一条 20000.00 × 75% = 15000.00；第十五条 余 5000.00，须超过 5000.00',
    pays: '15000.00',
    patient_pays: '5000.00',
  },
  {
    title: '倾斜救助门槛：多四分，倾斜一分',
    who: 'dibao_2',
    amounts: { total_cost: '50000.04', policy_scope_cost: '50000.04', basic_insurance_paid: '30000.00' },
    working: '第十一条 20000.04 × 75% = 15000.03；第十五条（5000.01 − 5000.00）× 60% = 0.006，四舍五入 0.01',
    pays: '15000.04',
    patient_pays: '5000.00',
  },
  {
    title: '年度限额：超过两分，截断',
    who: 'dibao_3',
    amounts: { total_cost: '80000.02', policy_scope_cost: '80000.02' },
    working:
      '第十三条 80000.02 × 75% = 60000.015 → 60000.02，限额 60000.00；第十五条（20000.02 − 5000.00）× 60% = 9000.012 → 9000.01',
    pays: '69000.01',
    patient_pays: '11000.01',
    because: ['limit_cut'],
  },
  {
    title: '两种身份，取次序在前的一种，不累加',
    who: 'two_dibao_ill',
    amounts: { total_cost: '10000.00', policy_scope_cost: '10000.00', basic_insurance_paid: '6000.00' },
    working: '第五条 低保在因病致贫之前；第十一条 4000.00 × 75%',
    pays: '3000.00',
    patient_pays: '1000.00',
  },
]
