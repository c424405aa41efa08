import { setImmediate } from 'node:timers/promises'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import type { MessageRow } from '../settlement/exchange.ts'
import { keyOf, openMessage } from './kept.ts'
import { documentsOfVisit, messagesOfVisit, weightOfVisit } from './queries.ts'
import { messagesOfPerson } from './queries-person.ts'
import { dataOf, type Node } from './read-node.ts'
import { billNoOf } from './requests-settle.ts'
import type { HisDeps } from './transaction.ts'
import { foldVisit, NOTHING, type Told, tell, UNTOLD, type Visit, visitIn } from './visit.ts'
import type { VisitTold } from './visit-row.ts'

const toldIn =
  (deps: HisDeps) =>
  ({ hospital_code, infno, msgid, sealed, at }: MessageRow): Told => ({
    infno,
    input: JSON.parse(openMessage(deps.keys, hospital_code, keyOf(infno, msgid), sealed)) as Node,
    at,
  })

/** What a hospital has told us of a visit so far, but for its charges: a stay has thousands, and no settlement asks for them. */
export async function visitOf(deps: HisDeps, hospital: string, mdtrt_id: string): Promise<Visit> {
  const rows = await messagesOfVisit(deps.store, hospital, mdtrt_id, false)
  return rows.length === 0 ? UNTOLD : foldVisit(rows.map(toldIn(deps)))
}

/** Sealed, what was said of one visit: some thirty thousand lines of charge. */
const MOST_SEALED = 32_000_000

/** The same with its charges, between whose uploads others get their turn. */
export async function chargedVisitOf(deps: HisDeps, hospital: string, mdtrt_id: string): Promise<Visit | Refusal> {
  if ((await weightOfVisit(deps.store, hospital, mdtrt_id)) > MOST_SEALED)
    return refuse('his_input_invalid', `就诊 ${mdtrt_id} 上传的明细过多，不能一次查询`)
  const rows = await messagesOfVisit(deps.store, hospital, mdtrt_id, true)
  const documents = await documentsOfVisit(deps.store, hospital, mdtrt_id)
  const live = documents.filter((d) => d.kind === 'settlement' && d.reversed_by === null)
  const bills = new Set(live.map((d) => d.bill_no))
  const settled = {
    has: (chrg_bchno: string) => bills.has(billNoOf('2207', { mdtrt_id, chrg_bchno, mid_setl_flag: '0' })),
  }
  let visit = NOTHING
  for (const row of rows) {
    visit = tell(visit, toldIn(deps)(row), settled)
    await setImmediate()
  }
  return visitIn(visit)
}

/** Nobody looks through more than the messages of some years. */
const MOST = 2000

const OPENING = /^2[24]01/
/** Every visit a hospital has told us of somebody, in the order they were first spoken of. */
export async function visitsOf(deps: HisDeps, hospital: string, psn_blind: string): Promise<VisitTold[]> {
  const rows = await messagesOfPerson(deps.store, hospital, psn_blind, MOST)
  return [...Map.groupBy(rows, (row) => row.mdtrt_id)].map(([mdtrt_id, of]) => {
    const told = of.map(toldIn(deps))
    const first = told.findLast(({ infno }) => OPENING.test(infno))
    const inpatient = told.some(({ infno }) => infno.startsWith('24'))
    return { mdtrt_id, visit: foldVisit(told), opening: first ? (dataOf(first.input) ?? {}) : {}, inpatient }
  })
}
