import { fresh } from './his-desk.ts'
import { his, message, type Way } from './his-message.ts'
import type { Person } from './people.ts'
import type { Answer, Terminal } from './world.ts'

/** A stay as the insurer has settled it: 4,000.00 in scope, 3,000.00 pooled, 1,000.00 in cash. */
export const stayInfo = (p: Person, mdtrt_id: string, change: Record<string, unknown> = {}) => ({
  mdtrt_id,
  setl_id: fresh('SETL'),
  psn_no: psnOf(p),
  psn_name: p.name,
  psn_cert_type: '01',
  certno: p.id,
  gend: '2',
  naty: '05',
  brdy: '1962-01-01',
  age: 64.0,
  insutype: '390',
  psn_type: '1501',
  cvlserv_flag: '0',
  setl_time: '2026-10-28 16:20:00',
  mdtrt_cert_type: '02',
  med_type: '21',
  begndate: '2026-10-20',
  enddate: '2026-10-28',
  medfee_sumamt: 4000,
  fulamt_ownpay_amt: 0,
  overlmt_selfpay: 0,
  preselfpay_amt: 0,
  inscp_scp_amt: 4000,
  act_pay_dedc: 300,
  hifp_pay: 3000,
  pool_prop_selfpay: 0.75,
  cvlserv_pay: 0,
  hifes_pay: 0,
  hifmi_pay: 0,
  hifob_pay: 0,
  maf_pay: 0,
  oth_pay: 0,
  fund_pay_sumamt: 3000,
  psn_part_amt: 1000,
  acct_pay: 0,
  psn_cash_pay: 1000,
  hosp_part_amt: 0,
  balc: 0,
  acct_mulaid_pay: 0,
  medins_setl_id: 'insurer',
  clr_optins: '654002',
  clr_way: '1',
  clr_type: '21',
  ...change,
})

export const psnOf = (p: Person): string => `6540${p.id}`

const data = (p: Person, mdtrt_id: string, change: Record<string, unknown>) => ({
  psn_no: psnOf(p),
  mdtrt_cert_type: '02',
  mdtrt_cert_no: p.id,
  medfee_sumamt: '4000.00',
  psn_setlway: '01',
  mdtrt_id,
  insutype: '390',
  acct_used_flag: '1',
  mid_setl_flag: '0',
  ...change,
})
/** An outpatient's batch: the deductible of 100.00, then 60 % of the rest. */
const charge = { med_type: '11', medfee_sumamt: '500.00', chrg_bchno: '1' }
const insurerDetail = [
  { fund_pay_type: '390100', fund_pay_type_name: '居民基本医疗保险基金', fund_payamt: 3000, inscp_scp_amt: 4000 },
]

export interface Sent extends Answer {
  readonly msgid: string
  readonly body: Record<string, unknown>
}

/** A window of a hospital that speaks the national interface. */
export function hisWindow(w: Way, as: Terminal = w.terminal) {
  async function send(infno: string, input: unknown, change: Record<string, unknown> = {}): Promise<Sent> {
    const body = message(infno, input, change)
    return { ...(await his(w, body, { as })), msgid: String(body.msgid), body }
  }
  return {
    send,
    again: (sent: { readonly body: Record<string, unknown> }) => his(w, sent.body, { as }),
    /** 2304 in the second step, the insurer's answer inside. */
    settleStay(p: Person, mdtrt_id: string, change: { data?: object; info?: object; envelope?: object } = {}) {
      const input = {
        data: data(p, mdtrt_id, { ...change.data }),
        setlinfo: stayInfo(p, mdtrt_id, { ...change.info }),
        setldetail: insurerDetail,
      }
      return send('2304', input, { ...change.envelope })
    },
    /** Admission and discharge, as told to a platform; gives the visit's number. */
    async stay(p: Person): Promise<string> {
      const admission = {
        psn_no: psnOf(p),
        insutype: '390',
        begntime: '2026-10-20 09:00:00',
        med_type: '21',
        ipt_no: fresh('ZY'),
      }
      const diagnosis = {
        diag_type: '1',
        maindiag_flag: '1',
        diag_srt_no: 1,
        diag_code: 'I21.9',
        diag_name: '急性心肌梗死',
      }
      const admitted = await send('2401', { mdtrtinfo: admission, diseinfo: [diagnosis] })
      const mdtrt_id = String(admitted.json.output?.result?.mdtrt_id)
      await send('2402', { dscginfo: { mdtrt_id, psn_no: psnOf(p), endtime: '2026-10-28 16:00:00' }, diseinfo: [] })
      return mdtrt_id
    },
    settleThrough: (p: Person, mdtrt_id: string, envelope: object = {}) =>
      send('2304', { data: data(p, mdtrt_id, {}) }, { ...envelope }),
    tryThrough: (p: Person, mdtrt_id: string) => send('2303', { data: data(p, mdtrt_id, {}) }),
    cancelStay: (p: Person, mdtrt_id: string, setl_id: string, more: object = {}, envelope: object = {}) =>
      send('2305', { data: { psn_no: psnOf(p), mdtrt_id, setl_id }, ...more }, { ...envelope }),
    /** Registration of an outpatient, as told to a platform; gives the visit's number. */
    async come(p: Person): Promise<string> {
      const ipt_otp_no = fresh('MZ')
      const registration = { psn_no: psnOf(p), insutype: '390', begntime: '2026-10-28 09:00:00', ipt_otp_no }
      const registered = await send('2201', { data: registration })
      return String(registered.json.output?.data?.mdtrt_id)
    },
    chargeThrough: (p: Person, mdtrt_id: string, envelope: object = {}) =>
      send('2207', { data: { ...data(p, mdtrt_id, charge) } }, { ...envelope }),
    cancelCharge: (p: Person, mdtrt_id: string, setl_id: string, envelope: object = {}) =>
      send('2208', { data: { psn_no: psnOf(p), mdtrt_id, setl_id } }, { ...envelope }),
    undo: (p: Person, oinfno: string, omsgid: string) => send('2601', { data: { psn_no: psnOf(p), omsgid, oinfno } }),
  }
}
