import { dayOf } from '../kernel/day.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { handOnQuestion, isBetween } from './between.ts'
import { yuan } from './fields.ts'
import { listOf } from './identity.ts'
import { psnBlind } from './kept.ts'
import { handOnAdding } from './merging.ts'
import { type Known, meantBy, notMet } from './person-of.ts'
import { assistanceOfPerson, documentsOfPerson } from './queries-person.ts'
import type { Node } from './read-node.ts'
import { read5206, type SumQuery } from './requests-query.ts'
import type { HisCall, HisDeps, MakeTransaction, Said } from './transaction.ts'

/** Assistance paid, among the sums of a person. */
const ASSISTANCE = 'D610101'

/** One row of `cuminfo`: of the month that is asked for, else of the year so far. */
async function sumRow(deps: HisDeps, call: HisCall, asked: SumQuery, known: Known | null, insutype: string) {
  const today = dayOf(call.at)
  const cum_ym = asked.cum_ym ?? today.slice(0, 7).replace('-', '')
  const year = cum_ym.slice(0, 4)
  const of = asked.cum_ym === null ? { year: Number(year) } : { month: `${year}-${cum_ym.slice(4)}` }
  const paid = known ? await assistanceOfPerson(deps.store, known.person.id, of) : 0
  return { insutype, year, cum_ym, cum_type_code: ASSISTANCE, cum: yuan(paid) }
}

async function answered(deps: HisDeps, call: HisCall, asked: SumQuery): Promise<Said> {
  const meant = await meantBy(deps, asked.psn_no)
  if (!meant) return notMet(asked.psn_no)
  const documents = await documentsOfPerson(deps.store, call.terminal.hospital, psnBlind(deps.keys, asked.psn_no))
  const row = await sumRow(deps, call, asked, meant.known, documents.at(-1)?.insutype ?? '')
  return { output: { cuminfo: [row] } }
}

/** What the platform says of assistance is not ours, and ours is what was paid. */
async function joined(deps: HisDeps, call: HisCall, asked: SumQuery, output: Node): Promise<Node | null> {
  const meant = await meantBy(deps, asked.psn_no)
  if (!meant) return null
  const rows = listOf(output.cuminfo)
  const theirs = rows.filter((row) => row.cum_type_code !== ASSISTANCE)
  const ours = await sumRow(deps, call, asked, meant.known, String(rows[0]?.insutype ?? ''))
  return { ...output, cuminfo: [...theirs, ours] }
}

/** 人员累计信息查询: assistance of a person at all hospitals of ours. */
export const t5206: MakeTransaction = (deps) => ({
  infno: '5206',
  name: '人员累计信息查询',
  async run(call) {
    const asked = read5206(call.envelope.input)
    if (isRefusal(asked)) return isBetween(call) ? handOnQuestion(call) : asked
    return isBetween(call)
      ? handOnAdding(call, (output) => joined(deps, call, asked, output))
      : answered(deps, call, asked)
  },
})
