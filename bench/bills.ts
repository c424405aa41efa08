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

const visit = {
  psn_no: `6540${ID_NUMBER}`,
  mdtrt_cert_type: '02',
  mdtrt_cert_no: ID_NUMBER,
  med_type: '14',
  medfee_sumamt: '1260.00',
  psn_setlway: '01',
  mdtrt_id: BILL_NO,
  chrg_bchno: '1',
  acct_used_flag: '0',
  insutype: '390',
  dise_codg: 'M01600',
  dise_name: '2型糖尿病',
}

/** The chronic bill as the insurer has settled it. */
const setlinfo = {
  mdtrt_id: BILL_NO,
  setl_id: BILL_NO,
  psn_no: visit.psn_no,
  psn_name: NAME,
  psn_cert_type: '01',
  certno: ID_NUMBER,
  gend: '2',
  naty: '05',
  brdy: '1960-01-01',
  age: 64.4,
  insutype: '390',
  psn_type: '1501',
  cvlserv_flag: '0',
  setl_time: '2024-06-11 10:15:31',
  mdtrt_cert_type: '02',
  med_type: '14',
  medfee_sumamt: 1260,
  fulamt_ownpay_amt: 0,
  overlmt_selfpay: 0,
  preselfpay_amt: 0,
  inscp_scp_amt: 1260,
  act_pay_dedc: 0,
  hifp_pay: 756,
  pool_prop_selfpay: 0.6,
  cvlserv_pay: 0,
  hifes_pay: 0,
  hifmi_pay: 0,
  hifob_pay: 0,
  maf_pay: 0,
  oth_pay: 0,
  fund_pay_sumamt: 756,
  psn_part_amt: 504,
  acct_pay: 0,
  psn_cash_pay: 504,
  hosp_part_amt: 0,
  balc: 0,
  acct_mulaid_pay: 0,
  medins_setl_id: BILL_NO,
  clr_optins: '654002',
  clr_way: '1',
  clr_type: '11',
}
const setldetail = [
  { fund_pay_type: '390100', fund_pay_type_name: '城乡居民基本医疗保险基金', fund_payamt: 756, inscp_scp_amt: 1260 },
]

const envelope = (input: object) => ({
  infno: '2207',
  msgid: `${BILL_NO}-${'0'.repeat(14)}`,
  mdtrtarea_admvs: '654002',
  insuplc_admdvs: '654002',
  recer_sys_code: 'YBXT',
  dev_no: '',
  dev_safe_info: '',
  cainfo: '',
  signtype: '',
  infver: 'V1.0',
  opter_type: '1',
  opter: '1001',
  opter_name: '收费员',
  inf_time: '2024-06-11 10:15:30',
  fixmedins_code: '',
  sign_no: '',
  input,
})

/** The same chronic bill over the national interface: with the insurer's answer inside, and without. */
export const MESSAGES = {
  his: [JSON.stringify(envelope({ data: visit, setlinfo, setldetail }))],
  hisPlain: [JSON.stringify(envelope({ data: visit }))],
} as const
