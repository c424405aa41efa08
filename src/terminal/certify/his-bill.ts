import { formatYuan, parseYuan } from '../../kernel/money.ts'
import { STRANGER, type Townsman, townsman } from './people.ts'
import type { Amount } from './readers.ts'
import type { Row } from './rows-inpatient.ts'

type Fen = number
export type Amounts = Partial<Record<Amount, Fen>>

/** A visit as a hospital system knows it; the insurer's amounts stand in it where the hospital settles with the insurer first. */
export interface HisBill {
  readonly patient: Townsman
  readonly infno: '2207' | '2304'
  readonly med_type: string
  readonly insutype: string
  readonly insuplc: string
  /** First and last day. */
  readonly days: readonly [string, string]
  readonly dise_codg: string
  readonly amounts: Amounts
  /** Rows of funds beside the pooled one. */
  readonly funds: readonly (readonly [code: string, fen: Fen])[]
}

const CARE: Readonly<Record<string, readonly ['2207' | '2304', string]>> = {
  inpatient: ['2304', '21'],
  outpatient: ['2207', '11'],
  outpatient_chronic: ['2207', '14'],
}
/** How the kind of visit tells the referral; not being referred has no code of its own. */
const BY_REFERRAL: Readonly<Record<string, string>> = { emergency: '24', referred: '23', filed: '23' }

const sum = (...parts: readonly Fen[]): Fen => parts.reduce((total, part) => total + part, 0)

/**
 * The bill of a row as the national interface tells it, so that one figure worked out by hand holds at both doors;
 * null where its columns have no words for it (donations, items, circumstances, nobody's insurance).
 */
export function hisBillOf(row: Row): HisBill | null {
  const { care = 'inpatient', referral, insurance = 'resident', more, amounts: wire } = row
  const known = CARE[care]
  if (!known || more || insurance === 'none' || referral === 'none' || wire.donation_paid) return null
  const fen = (name: string): Fen => parseYuan(wire[name] ?? '0.00')
  const commercial = fen('commercial_paid')
  const fund = sum(fen('basic_insurance_paid'), fen('serious_illness_paid'), commercial)
  const [total, hosp, acct] = [fen('total_cost'), fen('hospital_waived'), fen('personal_account_paid')]
  const part = total - fund - hosp
  const [infno, med_type] = known
  const who = row.who === 'stranger' ? STRANGER : townsman(row.who)
  const [first = '2024-05-06', last = '2024-05-16'] = row.days ? Object.values(row.days) : []
  return {
    patient: { ...who, ...row.patient },
    infno,
    med_type: (referral && BY_REFERRAL[referral]) || med_type,
    insutype: insurance === 'employee' ? '310' : '390',
    insuplc: row.insured ?? '654002',
    days: infno === '2304' ? [first, last] : ['2024-05-20', '2024-05-20'],
    dise_codg: row.diagnosis?.[0] ?? '',
    amounts: {
      medfee_sumamt: total,
      fulamt_ownpay_amt: fen('self_funded'),
      overlmt_selfpay: fen('over_limit'),
      preselfpay_amt: fen('prior_self_pay'),
      inscp_scp_amt: fen('policy_scope_cost'),
      hifp_pay: fen('basic_insurance_paid'),
      hifmi_pay: fen('serious_illness_paid'),
      fund_pay_sumamt: fund,
      hosp_part_amt: hosp,
      acct_pay: acct,
      psn_part_amt: part,
      psn_cash_pay: part - acct,
    },
    funds: commercial > 0 ? [['620100', commercial]] : [],
  }
}

/** How a dialect writes an amount. */
export type WriteAmount = (fen: Fen) => string | number

export const asText: WriteAmount = formatYuan
export const asNumber: WriteAmount = (fen) => Number(formatYuan(fen))
/** Without trailing zeros, as some write "69.6" and "9". */
export const asShortText: WriteAmount = (fen) => String(Number(formatYuan(fen)))

export interface Ids {
  readonly psn_no: string
  readonly mdtrt_id: string
  readonly chrg_bchno: string
  readonly setl_id: string
}

/** The node of 2206, 2207, 2303 or 2304. */
export function requestNode(bill: HisBill, ids: Ids, write: WriteAmount): Record<string, unknown> {
  const {
    medfee_sumamt = 0,
    fulamt_ownpay_amt = 0,
    overlmt_selfpay = 0,
    preselfpay_amt = 0,
    inscp_scp_amt = 0,
  } = bill.amounts
  const split = { fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt }
  return {
    psn_no: ids.psn_no,
    mdtrt_cert_type: '02',
    mdtrt_cert_no: bill.patient.id_number,
    med_type: bill.med_type,
    medfee_sumamt: write(medfee_sumamt),
    psn_setlway: '01',
    mdtrt_id: ids.mdtrt_id,
    ...(bill.infno === '2207' ? { chrg_bchno: ids.chrg_bchno } : { mid_setl_flag: '0' }),
    acct_used_flag: (bill.amounts.acct_pay ?? 0) > 0 ? '1' : '0',
    insutype: bill.insutype,
    invono: '',
    ...(bill.dise_codg ? { dise_codg: bill.dise_codg } : {}),
    ...Object.fromEntries(Object.entries(split).map(([name, fen]) => [name, write(fen)])),
  }
}

/** What the insurer answered the hospital, handed on to us beside the request. */
export function insurersAnswer(bill: HisBill, ids: Ids, write: WriteAmount): Record<string, unknown> {
  const { patient, amounts, days, insutype, med_type } = bill
  const pooled = amounts.hifp_pay ?? 0
  const rows = [[insutype === '310' ? '310100' : '390100', pooled] as const, ...bill.funds]
  const serious = amounts.hifmi_pay ?? 0
  if (serious > 0) rows.push(['390200', serious])
  const inscp_scp_amt = write(amounts.inscp_scp_amt ?? 0)
  return {
    setlinfo: {
      ...{ setl_id: ids.setl_id, mdtrt_id: ids.mdtrt_id, psn_no: ids.psn_no },
      ...{ psn_name: patient.name, psn_cert_type: '01', certno: patient.id_number },
      ...{ insutype, med_type, psn_type: insutype === '310' ? '1101' : '1501', cvlserv_flag: '0' },
      ...{ setl_time: `${days[1]} 10:15:30`, begndate: days[0], enddate: days[1] },
      ...{
        mdtrt_cert_type: '02',
        clr_type: bill.infno === '2304' ? '21' : '11',
        clr_way: '1',
        clr_optins: bill.insuplc,
      },
      ...Object.fromEntries(Object.entries(amounts).map(([name, fen]) => [name, write(fen ?? 0)])),
    },
    setldetail: rows.map(([fund_pay_type, fen]) => ({ fund_pay_type, fund_payamt: write(fen), inscp_scp_amt })),
  }
}
