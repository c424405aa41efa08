import { dayOf } from '../kernel/day.ts'
import { isRefusal, refuse } from '../kernel/refusal.ts'
import { codesFor } from '../rules/codes.ts'
import { handOnQuestion, isBetween } from './between.ts'
import { read1901 } from './requests-query.ts'
import type { MakeTransaction } from './transaction.ts'

/** The categories of assistance, which the insurer's own platform may not know all of. */
const IDENTITIES = 'psn_idet_type'

/** 字典表查询: hospitals refresh their code tables from this, so that our identities get there too. */
export const t1901: MakeTransaction = () => ({
  infno: '1901',
  service: 'catalogqueryservice/queryDataDic',
  name: '字典表查询',
  async run(call) {
    const { at, terminal, directory } = call
    const about = read1901(call.envelope.input)
    if (isRefusal(about)) return about
    if (isBetween(call) && about.type.toLowerCase() !== IDENTITIES) return handOnQuestion(call)
    const { type, parentValue, date, valiFlag } = about
    const area = about.admdvs ?? directory.hospitals.get(terminal.hospital)?.admdvs ?? ''
    const codes = codesFor(directory.codeDocuments, area, date ?? dayOf(at))
    if (!codes) return refuse('his_codes_missing', `统筹区 ${area} 在 ${date ?? dayOf(at)} 没有生效的代码表`)
    const rows = codes.list(type)
    if (!rows) return refuse('record_not_found', `没有字典 ${type}，可查：${codes.types().join('、')}`)
    const common = {
      type,
      parentValue: parentValue ?? '',
      valiFlag: '1',
      createUser: '',
      createDate: `${codes.version.start} 00:00:00`,
      version: codes.version.start,
    }
    // What is not in force is not in the table, so nobody who asks for it is given anything.
    const list = valiFlag === '0' ? [] : rows.map((row, i) => ({ ...row, ...common, sort: i + 1 }))
    return { output: { list } }
  },
})
