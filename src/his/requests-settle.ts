import { sha256 } from '../kernel/canonical.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { amount, day, flag, ident, moment, otherwise, required, text } from './fields.ts'
import { columns, DATA_NODES, inputInvalid, type Node, type Row, readNode } from './read-node.ts'

/** What is asked of a settlement: to try it, make it, take it back, look at it. */
const settle = {
  psn_no: required(ident(30)),
  mdtrt_id: required(ident(30)),
  medfee_sumamt: required(amount),
  mdtrt_cert_type: text(6),
  mdtrt_cert_no: text(200),
  med_type: ident(6),
  insutype: ident(6),
  psn_setlway: text(6),
  acct_used_flag: text(3),
  invono: text(50),
  mid_setl_flag: otherwise(flag, '0' as const),
  fulamt_ownpay_amt: amount,
  overlmt_selfpay: amount,
  preselfpay_amt: amount,
  inscp_scp_amt: amount,
  dise_codg: text(50),
  dise_name: text(500),
  begndate: day,
  enddate: day,
  begntime: moment,
  endtime: moment,
  dscgTime: moment,
  chrg_bchno: ident(30),
}
const settleData = columns(settle)
const outpatientData = columns({ ...settle, med_type: required(ident(6)), chrg_bchno: required(ident(30)) })
/** The request of 2206/2207 or 2303/2304. */
export type SettleData = Row<typeof settleData>

export const read2207 = (input: Node): SettleData | Refusal => readNode(outpatientData, input, DATA_NODES)
export const read2304 = (input: Node): SettleData | Refusal => readNode(settleData, input, DATA_NODES)
export const isOutpatientInfno = (infno: string): boolean => infno.startsWith('22')
/** The request of whichever of the four it is. */
export const readSettle = (infno: string, input: Node): SettleData | Refusal =>
  isOutpatientInfno(infno) ? read2207(input) : read2304(input)

/**
 * The bill a settlement settles: the batch of an outpatient, the stay of an inpatient once at its end (Z) and once
 * on the way (M). A number too long for a bill is named by its hash.
 */
export function billNoOf(infno: string, data: Pick<SettleData, 'mdtrt_id' | 'chrg_bchno' | 'mid_setl_flag'>): string {
  const part = isOutpatientInfno(infno) ? data.chrg_bchno : data.mid_setl_flag === '1' ? 'M' : 'Z'
  const whole = `${data.mdtrt_id}/${part}`
  return whole.length <= 40 ? whole : `HIS-${sha256(whole).slice(0, 36)}`
}

const cancel = columns({ setl_id: required(ident(40)), psn_no: required(ident(30)), mdtrt_id: ident(30) })
export type CancelData = Row<typeof cancel>
/** 2208 and 2305. Our own number is heard in place of the insurer's. */
export const readCancel = (input: Node): CancelData | Refusal => readNode(cancel, input, DATA_NODES)

const reverse = columns({ psn_no: required(ident(30)), omsgid: required(text(30)), oinfno: required(ident(6)) })
export type ReverseData = Row<typeof reverse>
export function read2601(input: Node): ReverseData | Refusal {
  const read = readNode(reverse, input, DATA_NODES)
  if (isRefusal(read) || /^\d{4}[A-Z]?$/.test(read.oinfno)) return read
  return inputInvalid([{ path: 'data.oinfno', message: '原交易编号 oinfno：须为 4 位数字，可带一个大写字母' }])
}

const lookUp = columns({ psn_no: required(ident(30)), setl_id: ident(40), mdtrt_id: ident(30), msgid: text(30) })
export type LookUpData = Row<typeof lookUp>
/** 5203. Beyond the specification: after a lost answer the settlement is found by the `msgid` it was asked under. */
export function read5203(input: Node): LookUpData | Refusal {
  const read = readNode(lookUp, input, DATA_NODES)
  if (isRefusal(read) || read.setl_id || read.mdtrt_id || read.msgid) return read
  return inputInvalid([{ path: 'data.setl_id', message: '结算ID setl_id、就诊ID mdtrt_id、报文ID msgid：至少填一项' }])
}
