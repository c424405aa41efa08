import { addDays, type Day } from '../kernel/day.ts'
import { type Fen, formatYuan } from '../kernel/money.ts'
import { type Fault, isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'
import { readResidentId } from '../kernel/resident-id.ts'
import type { AmountName, Amounts, InsuranceType } from '../rules/claim.ts'
import type { Care, Codes } from '../rules/codes.ts'
import type { Bill } from '../settlement/bill.ts'
import type { Envelope } from './envelope.ts'
import { dayIn } from './fields.ts'
import { columnName } from './names.ts'
import { inputInvalid } from './read-node.ts'
import { billNoOf, type SettleData } from './requests-settle.ts'
import type { Insured } from './setlinfo.ts'
import type { Diagnosis, Visit } from './visit.ts'

/** Everything a settlement of the national interface says about one bill. */
export interface BillSource {
  readonly envelope: Pick<Envelope, 'infno' | 'insuplc_admdvs' | 'inf_time'>
  readonly data: SettleData
  readonly insured: Insured
  readonly visit: Visit
  readonly codes: Codes
  /** The day it is judged on, for messages that name none. */
  readonly today: Day
  /** A pre-settlement: the stay need not have ended. */
  readonly preview: boolean
}
/** Who the patient is by the message itself; null where only the insurer's number tells. */
export interface Patient {
  readonly id_number: string | null
  readonly name: string | null
}
export interface ReadBill {
  readonly bill: Omit<Bill, 'patient'>
  readonly patient: Patient
}

const fault = (column: string, message: string): Fault => ({
  path: column,
  message: `${columnName(column)}：${message}`,
})

/** The request and the insurer's answer must speak of the same thing. */
function disagreement({ data, insured }: BillSource): Refusal | null {
  const faults: Fault[] = []
  if (insured.psn_no !== null && insured.psn_no !== data.psn_no)
    faults.push(fault('psn_no', '请求与医保结算信息不一致'))
  if (insured.mdtrt_id !== null && insured.mdtrt_id !== data.mdtrt_id) {
    faults.push(fault('mdtrt_id', `请求为 ${data.mdtrt_id}，医保结算信息为 ${insured.mdtrt_id}，须一致`))
  }
  if (faults.length > 0) return inputInvalid(faults)
  const [asked, settled] = [data.medfee_sumamt, insured.amounts.medfee_sumamt]
  if (asked === settled) return null
  return refuse(
    'bill_does_not_add_up',
    `${columnName('medfee_sumamt')}：请求 ${formatYuan(asked)} ≠ 医保结算信息 ${formatYuan(settled)}`,
  )
}

/** Payers that only the funds' rows tell apart; everything else the funds paid is other insurance. */
const BY_ROW = ['commercial_paid', 'temporary_relief_paid', 'donation_paid'] as const satisfies readonly AmountName[]

function amountsOf({ insured: { amounts: a, rows }, codes }: BillSource): Amounts | Refusal {
  const special = Object.fromEntries(BY_ROW.map((name) => [name, 0])) as Record<(typeof BY_ROW)[number], Fen>
  for (const { fund_pay_type, fund_payamt } of rows) {
    const payer = codes.payerOf(fund_pay_type)
    // Areas have codes of their own for it, beside those that mean it everywhere.
    if (payer === 'assistance' && fund_payamt !== 0)
      return refuse(
        'assistance_already_paid',
        `医保平台的结算已含医疗救助 ${formatYuan(fund_payamt)} 元（结算明细 ${fund_pay_type}）`,
      )
    const name = BY_ROW.find((one) => one === payer)
    if (name) special[name] += fund_payamt
  }
  const named = a.hifp_pay + a.hifmi_pay + BY_ROW.reduce((sum, name) => sum + special[name], 0)
  if (named > a.fund_pay_sumamt) {
    return refuse(
      'bill_does_not_add_up',
      `${columnName('fund_pay_sumamt')} ${formatYuan(a.fund_pay_sumamt)} 小于其中各项之和 ${formatYuan(named)}`,
    )
  }
  return {
    total_cost: a.medfee_sumamt,
    self_funded: a.fulamt_ownpay_amt,
    over_limit: a.overlmt_selfpay,
    prior_self_pay: a.preselfpay_amt,
    policy_scope_cost: a.inscp_scp_amt,
    insurance_deductible: a.act_pay_dedc,
    basic_insurance_paid: a.hifp_pay,
    serious_illness_paid: a.hifmi_pay,
    other_insurance_paid: a.fund_pay_sumamt - named,
    hospital_waived: a.hosp_part_amt,
    personal_account_paid: a.acct_pay,
    ...special,
  }
}

/** What the kind of visit, the insurance and the place are by the area's codes; a code nobody listed is named. */
function meaningsOf(source: BillSource): { care: Care; type: InsuranceType; admdvs: string } | Refusal {
  const { insured, visit, data, envelope, codes } = source
  const med_type = insured.med_type ?? data.med_type ?? visit.med_type
  const insutype = insured.insutype ?? data.insutype ?? visit.insutype
  const place = envelope.insuplc_admdvs || insured.insu_admdvs || insured.clr_optins || insured.insu_optins
  const care = med_type === null ? null : codes.careOf(med_type)
  const type = insutype === null ? null : codes.insuranceOf(insutype)
  const faults: Fault[] = []
  const unknown = (column: string, code: string | null) =>
    faults.push(fault(column, code === null ? '必填' : `${code} 不在本地代码表，请联系医保经办机构增补`))
  if (care === null) unknown('med_type', med_type)
  if (type === null) unknown('insutype', insutype)
  const admdvs = place ? codes.areaOf(place) : null
  if (admdvs === null || !/^\d{6}$/.test(admdvs)) faults.push(fault('insuplc_admdvs', '必填，6 位数字'))
  return care && type && admdvs && faults.length === 0 ? { care, type, admdvs } : inputInvalid(faults)
}

type Days = Pick<Bill, 'visited_on' | 'admitted_on' | 'discharged_on'>

const stay = (admitted_on: Day, discharged_on: Day): Days | Refusal =>
  admitted_on <= discharged_on
    ? { admitted_on, discharged_on }
    : inputInvalid([fault('enddate', `出院日期 ${discharged_on} 早于入院日期 ${admitted_on}，请核对2401、2402`)])

/** Clocks of platforms differ by less; a day further on would be judged by the limit of a year that has not begun. */
const AHEAD = 1

function aheadOf({ today, preview }: BillSource, column: string, day: Day): Refusal | null {
  if (preview || day <= today || day <= addDays(today, AHEAD)) return null
  return inputInvalid([fault(column, `${day} 在将来（今天是 ${today}）`)])
}

/** The days of the care: as the visit was told, else as the settlement says, else refused with what to send. */
function daysOf(source: BillSource, care: Care): Days | Refusal {
  const { visit, insured, data, envelope, today } = source
  const settled = insured.setl_time?.day ?? dayIn(envelope.inf_time) ?? today
  if (care.care_type !== 'inpatient') {
    const visited_on = visit.begin?.day ?? data.begntime?.day ?? settled
    return aheadOf(source, 'begntime', visited_on) ?? { visited_on }
  }
  const admitted = visit.begin?.day ?? insured.begndate?.day ?? data.begndate ?? data.begntime?.day
  const discharged = visit.end?.day ?? insured.enddate?.day ?? data.enddate ?? data.dscgTime?.day ?? data.endtime?.day
  // A stay is settled on the way, or tried, before it ends: up to that day.
  const end = discharged ?? (source.preview || data.mid_setl_flag === '1' ? settled : undefined)
  if (admitted !== undefined && end !== undefined) return aheadOf(source, 'enddate', end) ?? stay(admitted, end)
  const faults: Fault[] = []
  if (admitted === undefined) faults.push(fault('begndate', '缺少入院日期，请先上传2401，或在setlinfo中填写'))
  if (end === undefined) faults.push(fault('enddate', '缺少出院日期，请先上传2402，或在setlinfo中填写'))
  return inputInvalid(faults)
}

const MAX_DIAGNOSES = 40
/** A code as a bill may hold it; marks like a dagger are dropped, and what is then empty is nobody's code. */
const plainCode = (code: string): string =>
  code
    .normalize('NFKC')
    .replace(/†/g, '+')
    .replace(/[^A-Za-z0-9.+*-]/g, '')
    .slice(0, 20)

function diagnosesOf({ visit, data }: BillSource): Diagnosis[] {
  const told =
    visit.diagnoses.length > 0 || !data.dise_codg
      ? visit.diagnoses
      : [{ code: data.dise_codg, name: data.dise_name ?? '' }]
  return told
    .map(({ code, name }) => ({ code: plainCode(code), name: [...(name.trim() || code)].slice(0, 100).join('') }))
    .filter(({ code }) => code !== '')
    .slice(0, MAX_DIAGNOSES)
}

/** Who it is by the certificate the insurer has on file, else by the ID number shown at the counter. */
function patientOf(insured: Insured, data: Pick<SettleData, 'mdtrt_cert_type' | 'mdtrt_cert_no'>): Patient {
  const shown = data.mdtrt_cert_type === '02' ? data.mdtrt_cert_no : null
  const id_number = readResidentId(insured.certno ?? '') ?? readResidentId(shown ?? '')
  return { id_number, name: insured.psn_name?.normalize('NFC') ?? null }
}

/** The bill our rules judge, out of the request, the insurer's answer and what was told of the visit. */
export function toBill(source: BillSource): ReadBill | Refusal {
  const { envelope, data, insured, visit } = source
  const disagrees = disagreement(source)
  if (disagrees) return disagrees
  const meanings = meaningsOf(source)
  if (isRefusal(meanings)) return meanings
  const days = daysOf(source, meanings.care)
  if (isRefusal(days)) return days
  const amounts = amountsOf(source)
  if (isRefusal(amounts)) return amounts
  const { care } = meanings
  return {
    patient: patientOf(insured, data),
    bill: {
      bill_no: billNoOf(envelope.infno, data),
      visit_no: data.mdtrt_id,
      care_type: care.care_type,
      insurance: { type: meanings.type, admdvs: meanings.admdvs },
      ...days,
      diagnoses: diagnosesOf(source),
      disease_code: plainCode(data.dise_codg ?? visit.dise_codg ?? '') || null,
      referral: care.referral ?? 'not_needed',
      circumstances: [...(care.circumstances ?? [])],
      amounts,
      items: [],
    },
  }
}
