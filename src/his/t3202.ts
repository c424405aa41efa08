import { type DetailLine, readDetailFile, readDetailObjects } from '../clearing/detail-file.ts'
import { fetchFile } from '../clearing/exchange-file.ts'
import { reconcileRows } from '../clearing/reconcile-rows.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { isBetween } from './between.ts'
import { platformRows } from './clearing-between.ts'
import { inputInvalid, isNode } from './read-node.ts'
import { type DetailsData, read3202, read9101 } from './requests-clearing.ts'
import { refundedOf } from './t3201.ts'
import { fileinfoOf } from './t9101.ts'
import type { HisCall, HisDeps, MakeTransaction } from './transaction.ts'

/** The hospital's rows: in a file sent before, in a file inside the message, or as they are. */
async function linesOf(deps: HisDeps, call: HisCall, data: DetailsData): Promise<readonly DetailLine[] | Refusal> {
  const { fsUploadIn } = call.envelope.input
  if (Array.isArray(fsUploadIn)) {
    if (fsUploadIn.every(isNode)) return readDetailObjects(fsUploadIn)
    return inputInvalid([{ path: 'fsUploadIn', message: 'fsUploadIn：每一行须为对象' }])
  }
  if (isNode(fsUploadIn)) {
    const file = read9101(call.envelope.input)
    return isRefusal(file) ? file : readDetailFile(file.bytes)
  }
  if (data.file_qury_no === null)
    return inputInvalid([{ path: 'data.file_qury_no', message: '文件查询号 file_qury_no：必填' }])
  const file = await fetchFile(deps, call.caller, data.file_qury_no)
  return isRefusal(file) ? file : readDetailFile(file.bytes)
}

/** 医药机构费用结算对明细账: the result is a file of the rows that are not equal. */
export const t3202: MakeTransaction = (deps) => ({
  infno: '3202',
  name: '医药机构费用结算对明细账',
  async run(call) {
    const data = read3202(call.envelope.input)
    if (isRefusal(data)) return data
    const flag = refundedOf(data.refd_setl_flag)
    if (isRefusal(flag)) return flag
    const lines = await linesOf(deps, call, data)
    if (isRefusal(lines)) return lines
    const { insutype, clr_type, setl_optins, fund_pay_sumamt: fund, cash_payamt: cash } = data
    const group = { from: data.stmt_begndate, to: data.stmt_enddate, ...flag, insutype, clr_type, setl_optins }
    const stated = { count: data.fixmedins_setl_cnt, medfee: data.medfee_sumamt, fund, cash }
    const ask = { group, stated, lines }
    if (!isBetween(call)) {
      const own = await reconcileRows(deps, call.caller, ask)
      return isRefusal(own) ? own : { output: { fileinfo: fileinfoOf(own.file) } }
    }
    const { hospital } = call.terminal
    const platform = await platformRows(deps, call, { lines, group: { ...group, hospital }, fund, cash })
    if ('said' in platform) return platform.said
    const both = await reconcileRows(deps, call.caller, { ...ask, platform })
    return isRefusal(both) ? both : { output: { fileinfo: fileinfoOf(both.file) } }
  },
})
