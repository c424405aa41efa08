import { parseYuan } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import type { ReversalAnswer, SettlementAnswer } from '../settlement/answer.ts'
import type { DocumentRow } from '../settlement/exchange.ts'
import { settlementByNo } from '../settlement/queries.ts'
import { assistedOutput, cancelledOutput, type SettlementOutput } from './assisted.ts'
import { answerOf, type Stamp, stampFor } from './envelope.ts'
import { clockTime } from './fields.ts'
import { listOf } from './identity.ts'
import { openDocument } from './kept.ts'
import { documentBySetlId } from './queries.ts'
import { isNode, type Node } from './read-node.ts'
import { type Insured, readInsured } from './setlinfo.ts'
import type { HisCall, HisDeps } from './transaction.ts'
import { limitLeft, workingOf } from './working.ts'

/** The insurer's own words about a settlement, and what of the request completes them. */
export interface InsurerWords {
  readonly container: Node
  readonly data: Node
  /** Who settled it at the hospital. */
  readonly opter: { readonly id: string; readonly name: string }
}
export const opterOf = ({ envelope }: HisCall): InsurerWords['opter'] => ({
  id: envelope.opter,
  name: envelope.opter_name,
})
export const msgidOf = (key: string): string => key.slice(key.indexOf(':') + 1)

/** Number and times of the answer to a booking: taken from the booking, so that a repeat is the same bytes. */
export const stampOf = (hospital: string, booked: Pick<SettlementAnswer, 'settlement_no' | 'settled_at'>): Stamp =>
  stampFor(hospital, Date.parse(booked.settled_at), booked.settlement_no.slice(14))

/** The insurer's answer with what was booked upon it, as the hospital is told. */
export function settledOutput(insured: Insured, booked: SettlementAnswer, msgid: string): SettlementOutput {
  return assistedOutput(insured, {
    assistance: parseYuan(booked.assistance_paid),
    left: limitLeft(booked),
    working: workingOf(booked),
    settlement_no: booked.settlement_no,
    msgid,
  })
}

export const settledText = (hospital: string, output: SettlementOutput, booked: SettlementAnswer | ReversalAnswer) =>
  answerOf({ ...output }, stampOf(hospital, booked))

/** The words of a settlement's document, read again; they were checked when they came. */
function insuredOf(deps: HisDeps, document: DocumentRow): Insured {
  const { container, data } = wordsOf(deps, document)
  const insured = readInsured(container, 'settled', data)
  if (isRefusal(insured)) throw new Error(`document ${document.key} no longer reads: ${insured.refusal}`)
  return insured
}

/** The words a settlement's document was made of. */
export const wordsOf = (deps: HisDeps, document: DocumentRow): InsurerWords =>
  JSON.parse(openDocument(deps.keys, document.hospital_code, document.key, document.sealed)) as InsurerWords

/** Our answer to a settlement or reversal, as it stands in the ledger. */
export async function bookedOf(deps: HisDeps, no: string | null): Promise<SettlementAnswer | ReversalAnswer | null> {
  const row = no === null ? null : await settlementByNo(deps.store, no)
  return row ? (JSON.parse(row.answer) as SettlementAnswer | ReversalAnswer) : null
}

/** What a platform has put out, whatever it left out: nobody has read it before it went through. */
const outputIn = ({ setlinfo, setldetail, expContent = null }: Node): SettlementOutput => ({
  setlinfo: isNode(setlinfo) ? setlinfo : {},
  setldetail: listOf(setldetail),
  expContent,
})

/** What the hospital was told in a document, made again from what is stored; `booked` is our answer, where there is one. */
export async function toldOf(
  deps: HisDeps,
  document: DocumentRow,
  booked: SettlementAnswer | ReversalAnswer | null,
): Promise<SettlementOutput> {
  if (document.kind === 'reversal') {
    const { hospital_code, key, sealed } = document
    return sealed
      ? outputIn(JSON.parse(openDocument(deps.keys, hospital_code, key, sealed)) as Node)
      : turned(deps, document)
  }
  if (booked === null || booked.status === 'reversal') return outputIn(wordsOf(deps, document).container)
  return settledOutput(insuredOf(deps, document), booked, msgidOf(document.key))
}

/** A document taken back by the number of its message says nothing of its own: it is the original turned round. */
async function turned(deps: HisDeps, document: DocumentRow): Promise<SettlementOutput> {
  const original = await documentBySetlId(deps.store, document.hospital_code, document.reverses ?? '')
  if (!original) throw new Error(`the original of ${document.setl_id} is missing`)
  const told = await toldOf(deps, original, await bookedOf(deps, original.settlement_no))
  return cancelledOutput(told, {
    setl_id: document.setl_id,
    setl_time: clockTime(document.at),
    msgid: msgidOf(document.key),
    settlement_no: document.settlement_no,
  })
}
