import { dayOf } from '../kernel/day.ts'
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'
import { codesFor } from '../rules/codes.ts'
import { handOn, isBetween, noAnswer } from './between.ts'
import type { Node } from './read-node.ts'
import { type DictionaryQuery, read1901 } from './requests-query.ts'
import type { HisCall, MakeTransaction, Said } from './transaction.ts'

/** The categories of assistance, which the insurer's own platform may not know all of. */
const IDENTITIES = 'psn_idet_type'

/** A table as it stood in a place on a day; `version` is the day the table itself began, by which clients see that it is new. */
function listed(call: HisCall, about: DictionaryQuery): { readonly list: readonly Node[] } | Refusal {
  const { at, terminal, directory } = call
  const { type, parentValue, valiFlag } = about
  const area = about.admdvs ?? directory.hospitals.get(terminal.hospital)?.admdvs ?? ''
  const day = about.date ?? dayOf(at)
  const codes = codesFor(directory.codeDocuments, area, day)
  if (!codes) return refuse('his_codes_missing', `统筹区 ${area} 在 ${day} 没有生效的代码表`)
  const rows = codes.list(type)
  if (!rows) return refuse('record_not_found', `没有字典 ${type}，可查：${codes.types().join('、')}`)
  const { start } = codes.versionOf(type) ?? codes.version
  const common = {
    type,
    parentValue: parentValue ?? '',
    valiFlag: '1',
    createUser: '',
    createDate: `${start} 00:00:00`,
    version: start,
  }
  // What is not in force is not in the table, so nobody who asks for it is given anything.
  return { list: valiFlag === '0' ? [] : rows.map((row, i) => ({ ...row, ...common, sort: i + 1 })) }
}

/** The platform's own table; where it refuses, ours, for the funds and kinds of visit our refusals speak of. */
async function theirs(call: HisCall, about: DictionaryQuery): Promise<Said> {
  const outcome = await handOn(call)
  if (outcome.kind !== 'answered') return noAnswer(outcome)
  const { success, text } = outcome.answer
  const ours = success ? null : listed(call, about)
  return ours === null || isRefusal(ours) ? { text } : { output: ours }
}

/** 字典表查询: hospitals refresh their code tables from this, so that our identities get there too. */
export const t1901: MakeTransaction = () => ({
  infno: '1901',
  name: '字典表查询',
  async run(call) {
    const about = read1901(call.envelope.input)
    if (isRefusal(about)) return about
    if (isBetween(call) && about.type.toLowerCase() !== IDENTITIES) return theirs(call, about)
    const said = listed(call, about)
    return isRefusal(said) ? said : { output: said }
  },
})
