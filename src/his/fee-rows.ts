import { amount, readable, yuan } from './fields.ts'
import { cell, type Node } from './read-node.ts'
import type { FeeRow } from './requests-visit.ts'

/** What a line of charge holds beyond what a hospital says of it: the insurer divides it, we only give it back. */
const DIVISION = ['fulamt_ownpay_amt', 'overlmt_amt', 'preselfpay_amt', 'inscp_scp_amt'] as const
const FLAGS = [
  'bas_medn_flag',
  'hi_nego_drug_flag',
  'chld_medc_flag',
  'list_sp_item_flag',
  'lmt_used_flag',
  'drt_reim_flag',
] as const
/** "No upper limit", as platforms write it. */
const NO_LIMIT = 999999

const number = (text: string | null): number => (text === null ? 0 : Number(text))
const text = (node: Node, name: string, otherwise = ''): string => String(cell(node, name) ?? otherwise)

/** A line as 2204 and 2301 answer it; divided only where the hospital sent the insurer's division along. */
export function feeAnswer(row: FeeRow): Node {
  const { node } = row
  const divided = DIVISION.map((name) => [name, yuan(readable(amount, cell(node, name)) ?? 0)])
  const known = DIVISION.some((name) => cell(node, name) !== null)
  return {
    feedetl_sn: row.feedetl_sn,
    det_item_fee_sumamt: yuan(row.det_item_fee_sumamt),
    cnt: number(row.cnt),
    pric: number(row.pric),
    pric_uplmt_amt: NO_LIMIT,
    selfpay_prop: 0,
    ...Object.fromEntries(divided),
    chrgitm_lv: text(node, 'chrgitm_lv'),
    med_chrgitm_type: text(node, 'med_chrgitm_type'),
    ...Object.fromEntries(FLAGS.map((name) => [name, text(node, name)])),
    memo: known ? text(node, 'memo') : '费用划分以医保平台为准',
  }
}
