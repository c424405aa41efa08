import { formatYuan, readYuan } from '../../kernel/money.ts'
import type { Check } from './case.ts'
import type { HisSaid } from './his-stage.ts'
import { AMOUNTS, type Amount, stumbles } from './readers.ts'

type Node = Readonly<Record<string, unknown>>

const SUCCESS = '0'
const REFUSED = '-1'
const ERR_MSG_MAX = 200

/** What every answer must be, whatever it says: this is how the oldest clients read it. */
function wellFormed(check: Check, said: HisSaid): void {
  check.same('HTTP 状态', said.status, 200)
  check.holds('infcode', said.infcode === SUCCESS || said.infcode === REFUSED, said.infcode)
  check.holds('infcode 是文本', !said.ours || typeof said.json.infcode === 'string', '是数字：有的客户端会读作失败')
  check.holds('refmsg_time 是 17 位数字', /^\d{17}$/.test(String(said.json.refmsg_time)), '不是')
  check.holds('inf_refmsgid 至多 30 位', /^.{1,30}$/.test(String(said.json.inf_refmsgid)), '不是')
  for (const stumble of stumbles(said.json)) check.holds('强类型客户端读得了', false, stumble)
}

export function succeeded(check: Check, said: HisSaid, what: string): void {
  wellFormed(check, said)
  check.holds(what, said.infcode === SUCCESS && said.errMsg === '', `infcode ${said.infcode}：${said.errMsg}`)
}

export function refusedWith(check: Check, said: HisSaid, what: string, code: string, ...says: readonly string[]): void {
  wellFormed(check, said)
  check.same(`${what}：infcode`, said.infcode, REFUSED)
  // A platform behind us may have refused first, in words of its own.
  if (said.ours || said.code !== null) check.same(`${what}：代码`, said.code, code)
  const [length] = [said.errMsg.length]
  check.holds(
    `${what}：提示`,
    /[\u4e00-\u9fff]/.test(said.errMsg) && length <= ERR_MSG_MAX,
    `${length} 字：${said.errMsg}`,
  )
  check.holds(`${what}：没有 output`, !('output' in said.json), '失败时不应有 output')
  for (const one of said.ours || said.code !== null ? says : [])
    check.holds(`${what}：提到 ${one}`, said.errMsg.includes(one), said.errMsg)
  check.note(said.errMsg)
}

export const infoIn = (said: HisSaid): Node => (said.output.setlinfo ?? {}) as Node

/** In fen; an answer that is no amount counts as none. */
const fenOf = (info: Node, name: Amount): number => {
  const fen = readYuan(String(info[name] ?? ''))
  return typeof fen === 'number' ? fen : Number.NaN
}
const yuanIn = (info: Node, name: Amount): string => {
  const fen = fenOf(info, name)
  return Number.isNaN(fen) ? String(info[name]) : formatYuan(fen)
}

/** The sums that must hold of any settlement, added up here once more. */
function sumsHold(check: Check, info: Node): void {
  const of = (name: Amount) => fenOf(info, name)
  const equal = (what: string, whole: number, ...parts: number[]) => {
    const added = parts.reduce((sum, part) => sum + part, 0)
    check.holds(what, whole === added, `${formatYuan(whole)} ≠ ${formatYuan(added)}`)
  }
  const [own, over, first, scope] = [
    of('fulamt_ownpay_amt'),
    of('overlmt_selfpay'),
    of('preselfpay_amt'),
    of('inscp_scp_amt'),
  ]
  equal('总额 = 自费 + 超限价 + 先行自付 + 范围内', of('medfee_sumamt'), own, over, first, scope)
  equal(
    '总额 = 基金 + 个人 + 医院',
    of('medfee_sumamt'),
    of('fund_pay_sumamt'),
    of('psn_part_amt'),
    of('hosp_part_amt'),
  )
  equal('个人 = 账户 + 现金', of('psn_part_amt'), of('acct_pay'), of('psn_cash_pay'))
}

/** Amounts in yuan with two decimals, as worked out by hand. */
export interface Wanted {
  readonly maf_pay: string
  readonly psn_cash_pay: string
  readonly fund_pay_sumamt?: string
  /** Codes of the reasons for less than usual. */
  readonly because?: readonly string[]
}

/** A settlement, or a trial of one, with assistance in it. */
export function assistedWith(check: Check, said: HisSaid, what: string, wanted: Wanted): void {
  succeeded(check, said, what)
  const info = infoIn(said)
  for (const name of ['maf_pay', 'psn_cash_pay', 'fund_pay_sumamt'] as const)
    if (wanted[name] !== undefined) check.same(`${what}：${name}`, yuanIn(info, name), wanted[name])
  if (AMOUNTS.every((name) => !Number.isNaN(fenOf(info, name)))) sumsHold(check, info)
  const rows = (Array.isArray(said.output.setldetail) ? said.output.setldetail : []) as Node[]
  const funds = rows.filter((row) => row.fund_pay_type === '610100')
  check.same(`${what}：610100 行数`, funds.length, 1)
  const [row] = funds
  check.same(`${what}：610100 与 maf_pay 一致`, row?.fund_payamt, info.maf_pay)
  const working = String(row?.setl_proc_info ?? '')
  check.holds(`${what}：写明算式`, working.length > 10 && working.length <= 4000, `${working.length} 字`)
  for (const code of wanted.because ?? [])
    check.holds(`${what}：写明原因 ${code}`, working.includes(`[${code}]`), working.slice(0, 200))
}

/** The document of a cancellation: the same amounts with the other sign, under a number of its own. */
export function cancels(check: Check, said: HisSaid, settled: HisSaid): void {
  succeeded(check, said, '撤销')
  const [now, then] = [infoIn(said), infoIn(settled)]
  for (const name of ['medfee_sumamt', 'maf_pay', 'fund_pay_sumamt', 'psn_cash_pay'] as const)
    check.same(`撤销单 ${name}`, fenOf(now, name), 0 - fenOf(then, name))
  check.holds('撤销单有自己的结算ID', now.setl_id !== then.setl_id && now.setl_id !== '', String(now.setl_id))
}
