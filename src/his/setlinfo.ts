import { type Fen, formatYuan } from '../kernel/money.ts'
import { type Fault, isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'
import { amount, ident, moment, otherwise, required, text } from './fields.ts'
import { columnName } from './names.ts'
import {
  cell,
  columns,
  inputInvalid,
  isNode,
  type Node,
  type Row,
  readNode,
  readRows,
  rightlySpelt,
} from './read-node.ts'
import { listFaults } from './say-refusal.ts'

/** Every amount of a settlement that is turned round when it is taken back. */
export const SETL_AMOUNTS = [
  'medfee_sumamt',
  'fulamt_ownpay_amt',
  'overlmt_selfpay',
  'preselfpay_amt',
  'inscp_scp_amt',
  'act_pay_dedc',
  'hifp_pay',
  'cvlserv_pay',
  'hifes_pay',
  'hifmi_pay',
  'hifob_pay',
  'maf_pay',
  'oth_pay',
  'fund_pay_sumamt',
  'psn_part_amt',
  'acct_pay',
  'psn_cash_pay',
  'hosp_part_amt',
  'acct_mulaid_pay',
] as const
export type SetlAmount = (typeof SETL_AMOUNTS)[number]
export type SetlAmounts = Readonly<Record<SetlAmount, Fen>>

const NO_SETLINFO =
  '缺少医保结算信息 setlinfo：请先与医保结算，再把医保答复的 setlinfo、setldetail 与 data 一起放在 input 中发送'

/** What another column says where a platform leaves the usual one empty; they follow it when it changes. */
export const TWINS = [
  ['psn_part_amt', 'psn_pay'],
  ['psn_cash_pay', 'cash_payamt'],
  ['hosp_part_amt', 'ownpay_hosp_part'],
] as const
/** Codes under which platforms themselves pay assistance; the first is ours. */
export const ASSISTANCE_FUNDS = ['610100', '610101'] as const
/** "Other" by its code, assistance by the note beside it: seen where a platform had no code of its own. */
const OTHER_FUND = '999997'

const amountColumns = Object.fromEntries(SETL_AMOUNTS.map((name) => [name, amount])) as Record<
  SetlAmount,
  typeof amount
>
const infoShape = columns({
  ...amountColumns,
  medfee_sumamt: required(amount),
  fund_pay_sumamt: required(amount),
  psn_pay: amount,
  cash_payamt: amount,
  ownpay_hosp_part: amount,
  setl_id: ident(30),
  setl_time: moment,
  mdtrt_id: ident(30),
  psn_no: ident(30),
  psn_name: text(100),
  psn_cert_type: text(6),
  certno: text(50),
  insutype: ident(6),
  med_type: ident(6),
  clr_type: ident(6),
  clr_optins: ident(6),
  insu_optins: ident(6),
  insu_admdvs: ident(6),
  begndate: moment,
  enddate: moment,
})
type Info = Row<typeof infoShape>

const rowShape = columns({
  fund_pay_type: required(ident(20)),
  fund_payamt: otherwise(amount, 0),
  inscp_scp_amt: amount,
  crt_payb_lmt_amt: amount,
  setl_proc_info: text(8000),
})
type RowCells = Row<typeof rowShape>
export interface FundRow extends RowCells {
  /** The row as it came. */
  readonly node: Node
}

/** The insurer's own answer, before assistance. */
export interface Insured extends Omit<Info, SetlAmount | 'psn_pay' | 'cash_payamt' | 'ownpay_hosp_part'> {
  readonly amounts: SetlAmounts
  readonly rows: readonly FundRow[]
  /** The columns as they came, known and unknown. */
  readonly node: Node
  readonly expContent: unknown
}

/** `presettled`: nothing is booked yet; `cancelled`: the insurer's own document of a cancellation, amounts below zero. */
export type Stage = 'presettled' | 'settled' | 'cancelled'

/** Columns of the request that say the same as the insurer's, for platforms that do not repeat them. */
const ECHOED = ['mdtrt_id', 'psn_no', 'insutype', 'med_type', 'mdtrt_cert_type'] as const

const rightly = (info: Info): SetlAmounts => {
  const amounts = Object.fromEntries(SETL_AMOUNTS.map((name) => [name, info[name] ?? 0])) as Record<SetlAmount, Fen>
  const acct = amounts.acct_pay
  const part = info.psn_part_amt ?? info.psn_pay
  const cash = info.psn_cash_pay ?? info.cash_payamt
  amounts.psn_cash_pay = cash ?? (part === null ? 0 : part - acct)
  amounts.psn_part_amt = part ?? acct + amounts.psn_cash_pay
  amounts.hosp_part_amt = info.hosp_part_amt ?? info.ownpay_hosp_part ?? 0
  return amounts
}

/** The sums that must hold of any answer, each that fails with both its numbers. */
export function identityFaults(a: SetlAmounts): Fault[] {
  const faults: Fault[] = []
  const equal = (path: SetlAmount, parts: readonly SetlAmount[], hint = '') => {
    const added = parts.reduce((sum, part) => sum + a[part], 0)
    if (added === a[path]) return
    const names = parts.map((part) => columnName(part).split(' ')[0]).join('+')
    const what = `${columnName(path)} ${formatYuan(a[path])} ≠ ${names} ${formatYuan(added)}`
    faults.push({ path: `setlinfo.${path}`, message: what + (added - a[path] === a.acct_pay ? hint : '') })
  }
  equal('medfee_sumamt', ['fulamt_ownpay_amt', 'overlmt_selfpay', 'preselfpay_amt', 'inscp_scp_amt'])
  equal('medfee_sumamt', ['fund_pay_sumamt', 'psn_part_amt', 'hosp_part_amt'], '（基金支付总额不应包含个人账户）')
  equal('psn_part_amt', ['acct_pay', 'psn_cash_pay'])
  return faults
}

function stageFaults(info: Info, amounts: SetlAmounts, rows: readonly FundRow[], stage: Stage): Fault[] {
  const faults: Fault[] = []
  const missing = (column: 'setl_id' | 'setl_time') =>
    faults.push({ path: `setlinfo.${column}`, message: `${columnName(column)}：必填` })
  if (stage !== 'presettled' && info.setl_id === null) missing('setl_id')
  if (stage !== 'presettled' && info.setl_time === null) missing('setl_time')
  const sign = stage === 'cancelled' ? -1 : 1
  const why = stage === 'cancelled' ? '撤销单据的金额不能为正' : '不能为负'
  for (const name of SETL_AMOUNTS) {
    if (amounts[name] * sign < 0) faults.push({ path: `setlinfo.${name}`, message: `${columnName(name)}：${why}` })
  }
  for (const [i, row] of rows.entries()) {
    if (row.fund_payamt * sign >= 0) continue
    faults.push({ path: `setldetail[${i}].fund_payamt`, message: `第${i + 1}行 ${columnName('fund_payamt')}：${why}` })
  }
  return faults
}

export const isAssistanceRow = (row: Pick<FundRow, 'fund_pay_type' | 'setl_proc_info'>): boolean =>
  ASSISTANCE_FUNDS.some(
    (fund) => row.fund_pay_type === fund || (row.fund_pay_type === OTHER_FUND && row.setl_proc_info?.trim() === fund),
  )

/** What the platform has paid as assistance already, where it says so. */
function paidAlready(amounts: SetlAmounts, rows: readonly FundRow[]): Refusal | null {
  const row = rows.find((one) => isAssistanceRow(one) && one.fund_payamt !== 0)
  const paid = amounts.maf_pay || row?.fund_payamt
  if (!paid) return null
  const where = amounts.maf_pay ? columnName('maf_pay') : `结算明细 ${row?.fund_pay_type}`
  return refuse('assistance_already_paid', `医保平台的结算已含医疗救助 ${formatYuan(paid)} 元（${where}）`)
}

/**
 * Reads the insurer's `setlinfo` and `setldetail` out of a request or a platform's output, and refuses what does not
 * add up or holds assistance already. `data` is the request's own node: it fills what the platform did not repeat.
 */
export function readInsured(container: Node, stage: Stage, data: Node | null = null): Insured | Refusal {
  const given = container.setlinfo
  if (given === undefined || given === null) return inputInvalid([{ path: 'setlinfo', message: NO_SETLINFO }])
  const node = isNode(given) ? completed(rightlySpelt(given), data) : null
  const info = readNode(infoShape, { setlinfo: node }, ['setlinfo'])
  const rows = readRows(rowShape, container, 'setldetail', 0)
  if (isRefusal(info) || isRefusal(rows)) return together(info, rows)
  const given_rows: readonly unknown[] = Array.isArray(container.setldetail)
    ? container.setldetail
    : [container.setldetail]
  const funds = rows.map((row, i): FundRow => ({ ...row, node: given_rows[i] as Node }))
  const amounts = rightly(info)
  const paid = paidAlready(amounts, funds)
  if (paid) return paid
  const faults = stageFaults(info, amounts, funds, stage)
  if (faults.length > 0) return inputInvalid(faults)
  const sums = identityFaults(amounts)
  if (sums.length > 0) {
    return refuse('bill_does_not_add_up', `医保结算信息不平：${listFaults(sums, 150)}`, { errors: sums })
  }
  const { psn_pay: _, cash_payamt: __, ownpay_hosp_part: ___, ...rest } = info
  return {
    ...rest,
    amounts,
    rows: funds,
    node: node ?? {},
    expContent: container.expContent ?? container.exp_content ?? null,
  }
}

function completed(node: Node, data: Node | null): Node {
  if (data === null) return node
  const filled: Record<string, unknown> = { ...node }
  for (const name of ECHOED) {
    if (filled[name] === undefined || filled[name] === null || filled[name] === '') filled[name] = cell(data, name)
  }
  return filled
}

function together(...read: readonly unknown[]): Refusal {
  return inputInvalid(read.flatMap((one) => (isRefusal(one) ? (one.errors ?? []) : [])))
}
