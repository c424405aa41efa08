import { keyOf, openMessage } from './kept.ts'
import { documentsOfVisit, messagesOfVisit } from './queries.ts'
import type { Node } from './read-node.ts'
import { billNoOf } from './requests-settle.ts'
import type { HisDeps } from './transaction.ts'
import { foldVisit, UNTOLD, type Visit } from './visit.ts'

/** What a hospital has told us of a visit so far. */
export async function visitOf(deps: HisDeps, hospital: string, mdtrt_id: string): Promise<Visit> {
  const rows = await messagesOfVisit(deps.store, hospital, mdtrt_id)
  if (rows.length === 0) return UNTOLD
  const documents = await documentsOfVisit(deps.store, hospital, mdtrt_id)
  const live = documents.filter((d) => d.kind === 'settlement' && d.reversed_by === null)
  const bills = new Set(live.map((d) => d.bill_no))
  const settled = {
    has: (chrg_bchno: string) => bills.has(billNoOf('2207', { mdtrt_id, chrg_bchno, mid_setl_flag: '0' })),
  }
  const told = rows.map(({ infno, msgid, sealed, at }) => ({
    infno,
    input: JSON.parse(openMessage(deps.keys, hospital, keyOf(infno, msgid), sealed)) as Node,
    at,
  }))
  return foldVisit(told, settled)
}
