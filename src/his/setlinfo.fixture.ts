import fc from 'fast-check'
import type { Fen } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { checkCharacter } from '../kernel/resident-id.ts'
import { yuan } from './fields.ts'
import { type Insured, readInsured, type Stage } from './setlinfo.ts'

export const FIRST_17 = '65400219620101000'
export const PATIENT_ID = FIRST_17 + checkCharacter(FIRST_17)

/** An outpatient visit the insurer has settled: 326.50 in all, 160.00 pooled, 20.00 from the account, 146.50 in cash. */
export const outpatientInfo = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  setl_id: '300000000001',
  setl_time: '2026-03-12 10:15:31',
  mdtrt_id: '65400220260312000001',
  psn_no: '65400200000000000000000001',
  psn_name: '古丽·沙拉',
  psn_cert_type: '01',
  certno: PATIENT_ID,
  gend: '2',
  naty: '05',
  brdy: '1962-01-01',
  age: 64.2,
  insutype: '390',
  psn_type: '1501',
  cvlserv_flag: '0',
  mdtrt_cert_type: '02',
  med_type: '11',
  medfee_sumamt: 326.5,
  fulamt_ownpay_amt: 20,
  overlmt_selfpay: 0,
  preselfpay_amt: 6.5,
  inscp_scp_amt: 300,
  act_pay_dedc: 100,
  hifp_pay: 160,
  pool_prop_selfpay: 0.8,
  cvlserv_pay: 0,
  hifes_pay: 0,
  hifmi_pay: 0,
  hifob_pay: 0,
  maf_pay: 0,
  oth_pay: 0,
  fund_pay_sumamt: 160,
  psn_part_amt: 166.5,
  acct_pay: 20,
  psn_cash_pay: 146.5,
  hosp_part_amt: 0,
  balc: 180,
  acct_mulaid_pay: 0,
  medins_setl_id: 'H65400200001202603121015300001',
  clr_optins: '654002',
  clr_way: '1',
  clr_type: '11',
  ...change,
})
export const outpatientDetail = (): Record<string, unknown>[] => [
  {
    fund_pay_type: '390100',
    fund_pay_type_name: '城乡居民基本医疗保险基金',
    fund_payamt: 160,
    inscp_scp_amt: 300,
    crt_payb_lmt_amt: null,
    setl_proc_info: null,
  },
  { fund_pay_type: '310200', fund_payamt: 20, inscp_scp_amt: 300 },
]
export const outpatient = (change: Record<string, unknown> = {}, detail: unknown = outpatientDetail()) => ({
  setlinfo: outpatientInfo(change),
  setldetail: detail,
  expContent: null,
})

export function insured(container: Record<string, unknown> = outpatient(), stage: Stage = 'settled'): Insured {
  const read = readInsured(container, stage)
  if (isRefusal(read)) throw new Error(`${read.refusal} ${read.detail}`)
  return read
}

/** An answer of an insurer whose sums hold: a total cut into parts of scope, and again into who pays. */
export const anyInsurerAnswer: fc.Arbitrary<Record<string, unknown>> = fc
  .record({
    scope: fc.tuple(money(), money(), money(), money()),
    cuts: fc.array(fc.nat(1000), { minLength: 8, maxLength: 8 }),
    asText: fc.boolean(),
    nulls: fc.boolean(),
    inpatient: fc.boolean(),
  })
  .map(({ scope, cuts, asText, nulls, inpatient }) => {
    const total = scope.reduce((sum, part) => sum + part, 0)
    const [hifp, hifmi, hifob, cvlserv, hosp, acct, cash] = split(total, cuts)
    const fund = hifp + hifmi + hifob + cvlserv
    const write = (fen: Fen) => (asText ? String(yuan(fen)) : yuan(fen))
    return outpatient(
      {
        ...(inpatient ? { med_type: '21', clr_type: '21' } : {}),
        medfee_sumamt: write(total),
        fulamt_ownpay_amt: write(scope[0]),
        overlmt_selfpay: write(scope[1]),
        preselfpay_amt: write(scope[2]),
        inscp_scp_amt: write(scope[3]),
        act_pay_dedc: null,
        hifp_pay: write(hifp),
        hifmi_pay: write(hifmi),
        hifob_pay: write(hifob),
        cvlserv_pay: write(cvlserv),
        fund_pay_sumamt: write(fund),
        acct_pay: write(acct),
        psn_cash_pay: write(cash),
        psn_part_amt: nulls ? null : write(acct + cash),
        hosp_part_amt: nulls && hosp === 0 ? '' : write(hosp),
      },
      [
        { fund_pay_type: '390100', fund_payamt: write(hifp), inscp_scp_amt: write(scope[3]) },
        { fund_pay_type: '390200', fund_payamt: write(hifmi) },
        { fund_pay_type: '330100', fund_payamt: write(hifob), setl_proc_info: '' },
        { fund_pay_type: '320100', fund_payamt: write(cvlserv), crt_payb_lmt_amt: null },
        { fund_pay_type: '999996', fund_payamt: write(hosp) },
        { fund_pay_type: '310200', fund_payamt: write(acct) },
      ],
    )
  })

function money(): fc.Arbitrary<Fen> {
  return fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 50_000_000 }))
}

type Seven = [number, number, number, number, number, number, number]
/** Seven parts that make the whole, to the fen. */
function split(total: Fen, cuts: readonly number[]): Seven {
  const weight = cuts.reduce((sum, cut) => sum + cut, 0) || 1
  const parts = cuts.slice(0, 6).map((cut) => Math.floor((total / weight) * cut))
  const rest = total - parts.reduce((sum, part) => sum + part, 0)
  return [...parts, rest] as Seven
}
