/**
 * Bills as terminals send them. Everything that differs between two bills of a kind has a fixed width in bytes, so
 * that the load generator writes it into a prepared request instead of building one.
 */
export const BILL_NO = 'ZY-000000000000'
export const ID_NUMBER = '654002195001010000'
export const NAME = '患者名'

const item = (code: string, name: string, cost: string, parts: Record<string, string>) => ({
  code,
  name,
  cost,
  ...parts,
})

const inpatient = {
  bill_no: BILL_NO,
  visit_no: 'ZY2024050601',
  care_type: 'inpatient',
  patient: { id_type: 'resident_id', id_number: ID_NUMBER, name: NAME },
  insurance: { type: 'resident', admdvs: '654002' },
  admitted_on: '2024-05-06',
  discharged_on: '2024-05-13',
  diagnoses: [
    { code: 'J18.9', name: '肺炎' },
    { code: 'I10', name: '特发性高血压' },
  ],
  referral: 'not_needed',
  amounts: {
    total_cost: '4120.00',
    self_funded: '120.00',
    over_limit: '0.00',
    prior_self_pay: '200.00',
    policy_scope_cost: '3800.00',
    basic_insurance_paid: '2660.00',
    serious_illness_paid: '0.00',
    other_insurance_paid: '0.00',
    hospital_waived: '0.00',
  },
  items: [
    item('33010000100', '床位费', '420.00', { policy_scope_cost: '420.00' }),
    item('XJ01DDT017', '头孢曲松注射剂', '1900.00', { prior_self_pay: '200.00', policy_scope_cost: '1700.00' }),
    item('25030300100', '血常规检查', '680.00', { policy_scope_cost: '680.00' }),
    item('C0201011120', '一次性输液器', '1120.00', { self_funded: '120.00', policy_scope_cost: '1000.00' }),
  ],
}

const chronic = {
  bill_no: BILL_NO,
  visit_no: 'MZ2024061101',
  care_type: 'outpatient_chronic',
  patient: { id_type: 'resident_id', id_number: ID_NUMBER, name: NAME },
  insurance: { type: 'resident', admdvs: '654002' },
  visited_on: '2024-06-11',
  diagnoses: [{ code: 'E11.9', name: '2型糖尿病不伴有并发症' }],
  disease_code: 'M01600',
  amounts: {
    total_cost: '1260.00',
    policy_scope_cost: '1260.00',
    basic_insurance_paid: '756.00',
  },
  items: [
    item('XA10BAE040', '二甲双胍片', '360.00', { policy_scope_cost: '360.00' }),
    item('XA10BHX081', '西格列汀片', '900.00', { policy_scope_cost: '900.00' }),
  ],
}

/** Two bills of three are for a stay, one for a chronic disease; amounts keep everybody far below the yearly limit. */
export const BILLS: readonly string[] = [inpatient, inpatient, chronic].map((bill) => JSON.stringify(bill))

/** A bill with its variable parts filled in, for those who do not care about speed. */
export const billFor = (kind: number, billNo: string, idNumber: string, name: string): string =>
  (BILLS[kind % BILLS.length] as string).replace(BILL_NO, billNo).replace(ID_NUMBER, idNumber).replace(NAME, name)
