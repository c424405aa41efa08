import { isRefusal } from '../kernel/refusal.ts'
import type { Node } from './read-node.ts'
import * as clearing from './requests-clearing.ts'
import * as query from './requests-query.ts'
import * as settle from './requests-settle.ts'
import * as visit from './requests-visit.ts'

type Read = (input: Node) => unknown
/** Every transaction's reader of its input. */
export const READERS: Readonly<Record<string, Read>> = {
  '1101': query.read1101,
  '1201': query.read1201,
  '1901': query.read1901,
  '2001': query.read2001,
  '2201': visit.read2201,
  '2202': visit.read2202,
  '2203': visit.read2203,
  '2204': visit.read2204,
  '2205': visit.read2205,
  '2206': settle.read2207,
  '2207': settle.read2207,
  '2208': settle.readCancel,
  '2301': visit.read2301,
  '2302': visit.read2302,
  '2303': settle.read2304,
  '2304': settle.read2304,
  '2305': settle.readCancel,
  '2401': visit.read2401,
  '2402': visit.read2402,
  '2403': visit.read2403,
  '2404': visit.read2404,
  '2405': visit.read2405,
  '2601': settle.read2601,
  '3201': clearing.read3201,
  '3202': clearing.read3202,
  '3203': clearing.read3203,
  '3204': clearing.read3204,
  '5201': query.read5201,
  '5203': settle.read5203,
  '5204': query.read5204,
  '5206': query.read5206,
  '5301': query.read5301,
  '5303': query.read5303,
  '9001': query.read9001,
  '9002': query.read9002,
  '9101': clearing.read9101,
  '9102': clearing.read9102,
}
export const read = (infno: string, input: Node): unknown => READERS[infno]?.(input)
export const fault = (infno: string, input: Node): string => {
  const said = read(infno, input)
  return isRefusal(said) ? `${said.refusal} ${said.detail}` : 'read'
}

export const whose = { mdtrt_id: 'M1', psn_no: 'P1' }
export const settled = {
  ...whose,
  mdtrt_cert_type: '02',
  mdtrt_cert_no: '654002196201010008',
  med_type: '11',
  medfee_sumamt: '326.50',
  psn_setlway: '01',
  chrg_bchno: '1',
  acct_used_flag: '1',
  insutype: '390',
}
export const stmt = {
  insutype: '310',
  clr_type: '11',
  setl_optins: '654002',
  stmt_begndate: '2026-03-01',
  stmt_enddate: '2026-03-31 00:00:00',
  medfee_sumamt: '8958.23',
  fund_pay_sumamt: '1819.04',
  acct_pay: '388.23',
  fixmedins_setl_cnt: '67',
}
export const fee = {
  ...whose,
  feedetl_sn: '10',
  det_item_fee_sumamt: '-3520.0',
  cnt: '-20.0',
  pric: '176.0',
  init_feedetl_sn: '6',
}
