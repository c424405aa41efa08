import type { Fen } from '../../src/kernel/money.ts'

/** The four parts of a bill; their sum is the bill. */
export interface Split {
  readonly fulamt_ownpay_amt: Fen
  readonly overlmt_selfpay: Fen
  readonly preselfpay_amt: Fen
  readonly inscp_scp_amt: Fen
}
/** All amounts of a settlement document, in fen; a cancellation holds them with the other sign. */
export interface Amounts extends Split {
  readonly medfee_sumamt: Fen
  readonly act_pay_dedc: Fen
  readonly hifp_pay: Fen
  readonly cvlserv_pay: Fen
  readonly hifmi_pay: Fen
  readonly hifob_pay: Fen
  readonly maf_pay: Fen
  readonly fund_pay_sumamt: Fen
  readonly psn_part_amt: Fen
  readonly acct_pay: Fen
  readonly psn_cash_pay: Fen
  readonly hosp_part_amt: Fen
}
export interface Detail {
  readonly fund_pay_type: string
  readonly fund_pay_type_name: string
  readonly fund_payamt: Fen
}
export interface Insured {
  readonly insutype: string
  readonly inpatient: boolean
  readonly civilServant: boolean
  readonly split: Split
  /** Deductible paid already: of the year for outpatients, of the stay for inpatients. */
  readonly deductiblePaid: Fen
  /** What the person bore within the scope this year, before supplements. */
  readonly borne: Fen
  readonly balance: Fen
  readonly useAccount: boolean
  /** Pays half of the person's part as medical assistance: a platform that has assistance of its own. */
  readonly assists: boolean
}

/** The whole insurance law of this platform, made up: yuan as fen, shares in thousandths. */
export const LAW = {
  resident: {
    outpatient: { deductible: 100_00, share: 600 },
    inpatient: { deductible: 500_00, share: 750 },
    supplement: { above: 12_000_00, share: 600 },
  },
  employee: {
    outpatient: { deductible: 200_00, share: 700 },
    inpatient: { deductible: 400_00, share: 850 },
    supplement: { above: 8_000_00, share: 800 },
  },
  /** Of what a civil servant would still bear above the deductible. */
  civilServants: 500,
  /** Of what is above the price limit, borne by the hospital for inpatients. */
  hospitals: 200,
  assistance: 500,
} as const

export const isResident = (insutype: string): boolean => insutype.startsWith('39') || insutype === '380'

/** Rounded down to the fen; taken apart so that no product leaves the exact integers. */
const shareOf = (fen: Fen, permille: number): Fen =>
  Math.floor(fen / 1000) * permille + Math.floor(((fen % 1000) * permille) / 1000)

export function insure(insured: Insured): Amounts {
  const { split, inpatient, borne } = insured
  const law = isResident(insured.insutype) ? LAW.resident : LAW.employee
  const { deductible, share } = inpatient ? law.inpatient : law.outpatient
  const scope = split.inscp_scp_amt
  const medfee = split.fulamt_ownpay_amt + split.overlmt_selfpay + split.preselfpay_amt + scope
  const act_pay_dedc = Math.min(scope, Math.max(0, deductible - insured.deductiblePaid))
  const hifp_pay = shareOf(scope - act_pay_dedc, share)
  const rest = scope - hifp_pay
  const above = (total: Fen) => Math.max(0, total - law.supplement.above)
  const supplement = shareOf(above(borne + rest) - above(borne), law.supplement.share)
  const afterFunds = Math.max(0, rest - supplement - act_pay_dedc)
  const cvlserv_pay = insured.civilServant ? shareOf(afterFunds, LAW.civilServants) : 0
  const hosp_part_amt = inpatient ? shareOf(split.overlmt_selfpay, LAW.hospitals) : 0
  const insurance = hifp_pay + supplement + cvlserv_pay
  const maf_pay = insured.assists ? shareOf(medfee - insurance - hosp_part_amt, LAW.assistance) : 0
  const fund_pay_sumamt = insurance + maf_pay
  const psn_part_amt = medfee - fund_pay_sumamt - hosp_part_amt
  const acct_pay = insured.useAccount ? Math.min(Math.max(0, insured.balance), psn_part_amt) : 0
  return {
    ...split,
    medfee_sumamt: medfee,
    act_pay_dedc,
    hifp_pay,
    cvlserv_pay,
    hifmi_pay: isResident(insured.insutype) ? supplement : 0,
    hifob_pay: isResident(insured.insutype) ? 0 : supplement,
    maf_pay,
    fund_pay_sumamt,
    psn_part_amt,
    acct_pay,
    psn_cash_pay: psn_part_amt - acct_pay,
    hosp_part_amt,
  }
}

/** The rows of setldetail: every payer that pays something, the personal account and the hospital among them. */
export function detailsOf(insutype: string, a: Amounts): Detail[] {
  const resident = isResident(insutype)
  const rows: readonly (readonly [string, string, Fen])[] = [
    resident
      ? ['390100', '城乡居民基本医疗保险基金', a.hifp_pay]
      : ['310100', '城镇职工基本医疗保险统筹基金', a.hifp_pay],
    ['390200', '城乡居民大病医疗保险资金', a.hifmi_pay],
    ['330100', '大额医疗费用补助基金', a.hifob_pay],
    ['320100', '公务员医疗补助基金', a.cvlserv_pay],
    ['610100', '医疗救助基金', a.maf_pay],
    ['310200', '城镇职工基本医疗保险个人账户基金', a.acct_pay],
    ['999996', '医院垫付', a.hosp_part_amt],
  ]
  return rows
    .filter(([, , fen]) => fen !== 0)
    .map(([fund_pay_type, fund_pay_type_name, fund_payamt]) => ({ fund_pay_type, fund_pay_type_name, fund_payamt }))
}

/** Every amount with the other sign, for a document that takes another one back. */
export const negated = (a: Amounts): Amounts =>
  Object.fromEntries(Object.entries(a).map(([name, fen]) => [name, 0 - (fen as Fen)])) as unknown as Amounts
