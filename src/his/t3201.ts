import { reconcileTotals } from '../clearing/reconcile-totals.ts'
import { combineStatements, type Statement } from '../clearing/totals.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { isBetween, noAnswer } from './between.ts'
import { askPlatform } from './clearing-between.ts'
import { yuan } from './fields.ts'
import { inputInvalid, isNode } from './read-node.ts'
import { read3201 } from './requests-clearing.ts'
import type { MakeTransaction } from './transaction.ts'

/** `refd_setl_flag`: 1 only refunded pairs, 0 only the others, left out both. */
export function refundedOf(flag: string | null): { readonly refunded: boolean | null } | Refusal {
  if (flag === null) return { refunded: null }
  if (flag === '0' || flag === '1') return { refunded: flag === '1' }
  return inputInvalid([{ path: 'data.refd_setl_flag', message: '退费结算标志 refd_setl_flag：须为 0 或 1' }])
}

/** 医药机构费用结算对总账 */
export const t3201: MakeTransaction = (deps) => ({
  infno: '3201',
  name: '医药机构费用结算对总账',
  async run(call) {
    const data = read3201(call.envelope.input)
    if (isRefusal(data)) return data
    const flag = refundedOf(data.refd_setl_flag)
    if (isRefusal(flag)) return flag
    const { insutype, clr_type, setl_optins } = data
    const period = { from: data.stmt_begndate, to: data.stmt_enddate }
    const own = await reconcileTotals(deps, call.caller, {
      group: { ...period, ...flag, insutype, clr_type, setl_optins },
      stated: {
        count: data.fixmedins_setl_cnt,
        medfee: data.medfee_sumamt,
        fund: data.fund_pay_sumamt,
        acct: data.acct_pay,
      },
    })
    if (isRefusal(own)) return own
    const say = ({ stmt_rslt, stmt_rslt_dscr }: Statement) => ({
      output: { stmtinfo: { setl_optins, stmt_rslt, stmt_rslt_dscr } },
    })
    if (!isBetween(call)) return say(own)
    const told = await askPlatform(deps, call, { fund_pay_sumamt: yuan(data.fund_pay_sumamt - own.ours.assistance) })
    if ('said' in told) return told.said
    const { stmtinfo } = told.output
    const platform = isNode(stmtinfo) ? stmtinfo : {}
    if (!/^\d+$/.test(String(platform.stmt_rslt))) return noAnswer({ kind: 'unknown', why: '没有对账结果' })
    const stmt_rslt_dscr = String(platform.stmt_rslt_dscr ?? '')
    return say(combineStatements(own, { stmt_rslt: String(platform.stmt_rslt), stmt_rslt_dscr }))
  },
})
