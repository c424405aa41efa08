import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { amount, count, ident, moment, otherwise, price, quantity, required, text } from './fields.ts'
import { columns, DATA_NODES, inputInvalid, type Node, type Row, readNode, readRows } from './read-node.ts'

/** What is said about a visit: registration, diagnoses, charges, admission and discharge. */
const whose = { mdtrt_id: required(ident(30)), psn_no: required(ident(30)) }
const disease = { dise_codg: text(50), dise_name: text(500) }
const credential = { mdtrt_cert_type: text(6), mdtrt_cert_no: text(200) }

/** 挂号. The number of the visit comes from the insurer: a hospital that registers there first sends it along. */
const registration = columns({
  ...credential,
  ...disease,
  psn_no: required(ident(30)),
  mdtrt_id: ident(30),
  insutype: ident(6),
  med_type: ident(6),
  begntime: moment,
  ipt_otp_no: text(50),
  atddr_no: text(50),
  dr_name: text(100),
  dept_code: text(50),
  dept_name: text(200),
  caty: text(20),
})
const cancellation = columns({ ...whose, ipt_otp_no: text(50) })
const visitInfo = columns({
  ...whose,
  ...disease,
  insutype: ident(6),
  med_type: ident(6),
  begntime: moment,
})

const diagnosisRow = columns({
  diag_type: text(6),
  maindiag_flag: text(6),
  diag_srt_no: otherwise(count, 0),
  diag_code: required(text(50)),
  diag_name: text(300),
  diag_time: moment,
  vali_flag: text(6),
})
export type DiagnosisRow = Row<typeof diagnosisRow>

const feeRow = columns({
  ...whose,
  feedetl_sn: required(ident(30)),
  init_feedetl_sn: ident(30),
  chrg_bchno: ident(30),
  rxno: text(50),
  drord_no: text(50),
  fee_ocur_time: moment,
  med_type: text(6),
  med_list_codg: text(100),
  medins_list_codg: text(150),
  det_item_fee_sumamt: required(amount),
  cnt: quantity,
  pric: price,
})
export type FeeRow = Row<typeof feeRow> & { readonly node: Node }
const clearedBatch = columns({ ...whose, chrg_bchno: required(ident(30)) })
const clearedRow = columns({ ...whose, feedetl_sn: required(ident(30)) })

const main = {
  insutype: ident(6),
  med_type: ident(6),
  ipt_no: text(50),
  dscg_maindiag_code: text(50),
  dscg_maindiag_name: text(300),
}
const admission = columns({
  ...disease,
  ...credential,
  ...main,
  psn_no: required(ident(30)),
  mdtrt_id: ident(30),
  begntime: required(moment),
})
const discharge = columns({
  ...whose,
  ...disease,
  ...main,
  endtime: required(moment),
  dscg_way: text(6),
  die_date: moment,
})
const amendment = columns({ ...whose, ...disease, ...credential, ...main, begntime: moment, endtime: moment })
/** 2404 and 2405 name the stay, and nothing else. */
const theStay = columns(whose)

export type Diagnosed<T> = T & { readonly diseinfo: readonly DiagnosisRow[] }

/** A head and its diagnoses, the faults of both at once. */
function withDiagnoses<T extends object>(head: T | Refusal, input: Node): Diagnosed<T> | Refusal {
  const diseinfo = readRows(diagnosisRow, input, 'diseinfo', 0)
  const faults = [head, diseinfo].flatMap((one) => (isRefusal(one) ? (one.errors ?? []) : []))
  if (isRefusal(head) || isRefusal(diseinfo)) return inputInvalid(faults)
  return { ...head, diseinfo }
}

/** Rows as read and as they came, so that 5204 can give back every column. */
function feeRows(input: Node): FeeRow[] | Refusal {
  const rows = readRows(feeRow, input, 'feedetail', 1)
  if (isRefusal(rows)) return rows
  const given: readonly unknown[] = Array.isArray(input.feedetail) ? input.feedetail : [input.feedetail]
  return rows.map((row, i) => ({ ...row, node: given[i] as Node }))
}

export const read2201 = (input: Node) => readNode(registration, input, DATA_NODES)
export const read2202 = (input: Node) => readNode(cancellation, input, DATA_NODES)
export const read2203 = (input: Node) => withDiagnoses(readNode(visitInfo, input, ['mdtrtinfo', 'data']), input)

/** 门诊明细: the batch is what a settlement settles, so every row names it. */
export function read2204(input: Node): FeeRow[] | Refusal {
  const rows = feeRows(input)
  if (isRefusal(rows)) return rows
  const faults = rows.flatMap((row, i) =>
    row.chrg_bchno === null
      ? [{ path: `feedetail[${i}].chrg_bchno`, message: `第${i + 1}行 收费批次号 chrg_bchno：必填` }]
      : [],
  )
  return faults.length > 0 ? inputInvalid(faults) : rows
}
export const read2205 = (input: Node) => readNode(clearedBatch, input, DATA_NODES)

export const read2301 = (input: Node): FeeRow[] | Refusal => feeRows(input)
export const read2302 = (input: Node) => readRows(clearedRow, input, 'data', 1)
export const read2401 = (input: Node) => withDiagnoses(readNode(admission, input, ['mdtrtinfo', 'data']), input)
export const read2402 = (input: Node) => withDiagnoses(readNode(discharge, input, ['dscginfo', 'data']), input)
export const read2403 = (input: Node) => withDiagnoses(readNode(amendment, input, ['adminfo', 'data']), input)
export const read2404 = (input: Node) => readNode(theStay, input, DATA_NODES)
export const read2405 = (input: Node) => readNode(theStay, input, DATA_NODES)

/** In place of a row's or a batch's number: everything that is not settled. */
export const ALL_ROWS = '0000'
