import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'
import { numberTold } from '../settlement/exchange.ts'
import { numberOf } from './assisted.ts'
import { handOn, handOnQuestion, isBetween, noAnswer } from './between.ts'
import { feeAnswer } from './fee-rows.ts'
import { clockTime } from './fields.ts'
import { psnBlind } from './kept.ts'
import { type Document, documentsOfVisit } from './queries.ts'
import type { Node } from './read-node.ts'
import { type FeeQuery, read5204 } from './requests-query.ts'
import { billNoOf } from './requests-settle.ts'
import type { FeeRow } from './requests-visit.ts'
import type { HisCall, HisDeps, MakeTransaction, Said } from './transaction.ts'
import { chargedVisitOf } from './visit-of.ts'

/** Whether a line belongs to what a document settles: its batch, or the whole stay. */
function isSettledBy({ bill_no, mdtrt_id }: Document, { chrg_bchno }: FeeRow): boolean {
  const stays = (['0', '1'] as const).map((mid_setl_flag) => billNoOf('2304', { mdtrt_id, chrg_bchno, mid_setl_flag }))
  return stays.includes(bill_no) || bill_no === billNoOf('2207', { mdtrt_id, chrg_bchno, mid_setl_flag: '0' })
}

/** A line as it was uploaded and answered, with the settlement it went into. */
const rowOf = (row: FeeRow, setl_id: string, begin: number | null): Node => ({
  ...row.node,
  ...feeAnswer(row),
  mdtrt_id: row.mdtrt_id,
  psn_no: row.psn_no,
  setl_id,
  chrg_bchno: row.chrg_bchno ?? '',
  rx_drord_no: row.rxno ?? row.drord_no ?? '',
  med_type: row.med_type ?? '',
  fee_ocur_time: row.fee_ocur_time ? clockTime(row.fee_ocur_time.at) : begin === null ? '' : clockTime(begin),
  med_list_codg: row.med_list_codg ?? '',
  medins_list_codg: row.medins_list_codg ?? '',
  prd_days: numberOf(row.node.prd_days),
})

interface Rows {
  readonly rows: readonly Node[]
  /** Whether the hospital has told us anything of the visit. */
  readonly heard: boolean
}

async function ownRows(deps: HisDeps, hospital: string, asked: FeeQuery): Promise<Rows | Refusal> {
  const { mdtrt_id, psn_no, setl_id } = asked
  const visit = await chargedVisitOf(deps, hospital, mdtrt_id)
  if (isRefusal(visit)) return visit
  const documents = await documentsOfVisit(deps.store, hospital, mdtrt_id)
  const blind = psnBlind(deps.keys, psn_no)
  const others = [visit.psn_no, ...visit.fees.map((row) => row.psn_no)].some((no) => no !== null && no !== psn_no)
  if (others || documents.some((d) => d.psn_blind !== blind)) {
    return refuse('record_mismatch', `就诊 ${mdtrt_id} 不是此人员编号的就诊`)
  }
  const live = documents.filter((d) => d.kind === 'settlement' && d.reversed_by === null)
  const asks = documents.findLast((d) => numberTold(d.setl_id) === setl_id || d.settlement_no === setl_id)
  const rows = visit.fees
    .filter((row) => setl_id === null || (asks !== undefined && isSettledBy(asks, row)))
    .map((row) => rowOf(row, numberTold(live.find((d) => isSettledBy(d, row))?.setl_id ?? ''), visit.begin?.at ?? null))
  const heard = documents.length > 0 || visit.psn_no !== null || visit.fees.length > 0
  return { rows, heard }
}

/** The platform answers; where it fails, what the hospital has told us itself must do: one client takes its settlement back without. */
async function between(deps: HisDeps, call: HisCall, asked: FeeQuery): Promise<Said> {
  const outcome = await handOn(call)
  if (outcome.kind === 'answered' && outcome.answer.success) return { text: outcome.answer.text }
  const own = await ownRows(deps, call.terminal.hospital, asked)
  if (!isRefusal(own) && own.heard) return { output: own.rows }
  return outcome.kind === 'answered' ? { text: outcome.answer.text } : noAnswer(outcome)
}

/** 费用明细查询: what was uploaded and stands; none is an answer too. */
export const t5204: MakeTransaction = (deps) => ({
  infno: '5204',
  name: '费用明细查询',
  async run(call) {
    const asked = read5204(call.envelope.input)
    if (isRefusal(asked)) return isBetween(call) ? handOnQuestion(call) : asked
    if (isBetween(call)) return between(deps, call, asked)
    const own = await ownRows(deps, call.terminal.hospital, asked)
    return isRefusal(own) ? own : { output: own.rows }
  },
})
