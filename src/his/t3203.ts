import {
  type ApplicationAsk,
  applyForClearing,
  platformApplication,
  tryApplication,
  withdrawClearing,
} from '../clearing/apply.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { isBetween, noAnswer } from './between.ts'
import { askPlatform, textIn } from './clearing-between.ts'
import { yuan } from './fields.ts'
import { type ApplicationData, read3203, read3204 } from './requests-clearing.ts'
import type { HisCall, HisDeps, MakeTransaction, Said } from './transaction.ts'

const askOf = (data: ApplicationData): ApplicationAsk => ({
  clr_type: data.clr_type,
  clr_way: data.clr_way,
  month: data.setlym,
  from: data.begndate,
  to: data.enddate,
  visits: data.psntime,
  medfee: data.medfee_sumamt,
  cleared: data.med_sumfee,
  fund: data.fund_appy_sum,
  cash: data.cash_payamt,
  acct: data.acct_pay,
})
const applied = (clr_appy_evt_id: string): Said => ({ output: { result: { clr_appy_evt_id } } })

/** Between hospital and platform both are applied to: to the platform for its part, and here once it has agreed. */
async function applyToBoth(deps: HisDeps, call: HisCall, ask: ApplicationAsk): Promise<Said> {
  const tried = await tryApplication(deps, call.caller, ask)
  if (isRefusal(tried)) return tried
  if (tried.clr_appy_evt_id !== null) return applied(tried.clr_appy_evt_id)
  const { assistance } = tried.ours
  const change = { fund_appy_sum: yuan(ask.fund - assistance), cash_payamt: yuan(ask.cash + assistance) }
  const told = await askPlatform(deps, call, change)
  if ('said' in told) return told.said
  const platform = textIn(told.output.result, 'clr_appy_evt_id') || textIn(told.output, 'clr_appy_evt_id')
  if (!platform) return noAnswer({ kind: 'unknown', why: '没有清算申请号' })
  const done = await applyForClearing(deps, call.caller, ask, platform)
  return isRefusal(done) ? done : applied(done.clr_appy_evt_id)
}

/** 医药机构清算申请 */
export const t3203: MakeTransaction = (deps) => ({
  infno: '3203',
  name: '医药机构清算申请',
  async run(call) {
    const data = read3203(call.envelope.input)
    if (isRefusal(data)) return data
    if (isBetween(call)) return applyToBoth(deps, call, askOf(data))
    const done = await applyForClearing(deps, call.caller, askOf(data))
    return isRefusal(done) ? done : applied(done.clr_appy_evt_id)
  },
})

/** 医药机构清算申请撤销 */
export const t3204: MakeTransaction = (deps) => ({
  infno: '3204',
  name: '医药机构清算申请撤销',
  async run(call) {
    const data = read3204(call.envelope.input)
    if (isRefusal(data)) return data
    const platform = await platformApplication(deps, call.caller, data.clr_appy_evt_id)
    if (isRefusal(platform)) return platform
    if (platform !== null) {
      const told = await askPlatform(deps, call, { clr_appy_evt_id: platform })
      if ('said' in told) return told.said
    }
    const done = await withdrawClearing(deps, call.caller, data.clr_appy_evt_id)
    return isRefusal(done) ? done : { output: null }
  },
})
