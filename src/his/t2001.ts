import { dayOf } from '../kernel/day.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { inForce } from '../rules/in-force.ts'
import { isBetween } from './between.ts'
import { listOf, sayIdentity } from './identity.ts'
import { handOnAdding } from './merging.ts'
import { labelsOf, meantBy, notMet } from './person-of.ts'
import type { Node } from './read-node.ts'
import { type PriorityQuery, read2001 } from './requests-query.ts'
import { cutText } from './say-refusal.ts'
import { ASSISTANCE_FUNDS } from './setlinfo.ts'
import type { HisCall, HisDeps, MakeTransaction, Said } from './transaction.ts'

const [ASSISTANCE] = ASSISTANCE_FUNDS
/** 基金款项待遇享受. */
const OF_A_FUND = '1'
/** `trt_chk_rslt` is C500. */
const RESULT_MAX = 500

/** Whether assistance may be had on the day, and why: one row of `trtinfo`; null: nobody has told us whose number it is. */
async function assistanceRow(deps: HisDeps, call: HisCall, asked: PriorityQuery): Promise<Node | null> {
  const meant = await meantBy(deps, asked.psn_no)
  if (!meant) return null
  const day = asked.begntime?.day ?? dayOf(call.at)
  const { known } = meant
  const { held, text } = sayIdentity(known, { day, labels: labelsOf(call) })
  const place = call.codes.areaOf(call.envelope.insuplc_admdvs) || (known?.record.admdvs ?? '')
  const found = inForce(call.directory.schemes, place, { admitted_on: day, discharged_on: day, settled_on: day })
  const rule = isRefusal(found) ? found.detail : `依据 ${found.version.scheme} 办法 ${found.version.version} 版`
  return {
    psn_no: asked.psn_no,
    trt_chk_type: OF_A_FUND,
    fund_pay_type: ASSISTANCE,
    trt_enjymnt_flag: held.length > 0 && !isRefusal(found) ? '1' : '0',
    begndate: held.map((one) => one.from).sort()[0] ?? day,
    enddate: '',
    trt_chk_rslt: cutText(`${text}。${rule}。`, RESULT_MAX),
  }
}

/** Assistance is ours to tell, whatever the platform says of it. */
async function joined(deps: HisDeps, call: HisCall, output: Node): Promise<Node | null> {
  const asked = read2001(call.envelope.input)
  const row = isRefusal(asked) ? null : await assistanceRow(deps, call, asked)
  if (row === null) return null
  const theirs = listOf(output.trtinfo).filter((one) => String(one.fund_pay_type) !== ASSISTANCE)
  return { ...output, trtinfo: [...theirs, row] }
}

async function answered(deps: HisDeps, call: HisCall): Promise<Said> {
  const asked = read2001(call.envelope.input)
  if (isRefusal(asked)) return asked
  const row = await assistanceRow(deps, call, asked)
  return row === null ? notMet(asked.psn_no) : { output: { trtinfo: [row] } }
}

/** 人员待遇享受检查. */
export const t2001: MakeTransaction = (deps) => ({
  infno: '2001',
  name: '人员待遇享受检查',
  run: (call) => (isBetween(call) ? handOnAdding(call, (output) => joined(deps, call, output)) : answered(deps, call)),
})
