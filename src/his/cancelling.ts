import { dayOf } from '../kernel/day.ts'
import { newSettlementNo, randomText } from '../kernel/ids.ts'
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'
import { numberTold } from '../settlement/exchange.ts'
import { VERIFY_LENGTH } from '../settlement/settle-job.ts'
import { cross, handOnQuestion, isBetween } from './between.ts'
import { takenBackOf } from './cancelled.ts'
import { bookCancellation, cancellationRefused } from './doubt.ts'
import { askedOf, psnBlind } from './kept.ts'
import { notesOf } from './own-call.ts'
import { type Document, documentsOfVisit, newestBySetlId } from './queries.ts'
import { liveSettlementOf } from './queries-standing.ts'
import { isNode } from './read-node.ts'
import { type CancelData, readCancel } from './requests-settle.ts'
import { saidBefore, saidOf, storedAnswer } from './said.ts'
import type { HisCall, HisDeps, Named, Said, Transaction } from './transaction.ts'

/** The hospital takes back a settlement with the insurer, and with us. */
async function cancelSecond(deps: HisDeps, call: HisCall, data: CancelData, document: Document | null): Promise<Said> {
  const before = await saidBefore(deps, call)
  if (before) return before
  // What a terminal has settled through our own interface names no insured person that could be compared.
  if (!document) return refuse('settlement_not_found', `本院没有在本接口办理的结算 ${data.setl_id}`)
  const { envelope, terminal } = call
  const { infno, msgid, input } = envelope
  const { setl_id } = document
  const asked = askedOf(deps.keys, call)
  const no = newSettlementNo(asked.at)
  const info = isNode(input.setlinfo) ? input.setlinfo : null
  const how = { no, at: asked.at, platform: null, info }
  const taken = await takenBackOf(deps, { terminal, infno, msgid, setl_id }, how)
  const result = await deps.desk.submit({
    kind: 'reverse',
    ...asked,
    no,
    verify: randomText(VERIFY_LENGTH),
    target: { setl_id },
    psn_blind: psnBlind(deps.keys, data.psn_no),
    reason: `${infno} ${msgid}`,
    document: { setl_id: taken.setl_id, setl_day: dayOf(asked.at), sealed: taken.sealed },
    answer: taken.answer,
  })
  return saidOf(deps, call, result)
}

/** The platform takes its settlement back first: ours never refuses afterwards, so that both agree in the end. */
function cancelBetween(deps: HisDeps, call: HisCall, data: CancelData, document: Document): Promise<Said> {
  const { psn_no } = data
  const { mdtrt_id, setl_id } = document
  const blind = psnBlind(deps.keys, psn_no)
  const notes = notesOf(call, { mdtrt_id, psn_no, setl_id })
  const guard = { rule: 'begin', mdtrt_id, psn_blind: blind } as const
  return cross(
    deps,
    call,
    { guard, bill_no: null, psn_blind: blind, notes },
    {
      async success(answer, row) {
        await bookCancellation(deps, row, notes, answer)
        const said = await storedAnswer(deps, call.terminal.hospital, row.key)
        return said ?? refuse('outcome_unknown', '撤销已办理，正在登记')
      },
      refusal: (answer, row) => cancellationRefused(deps, row, notes, answer),
    },
  )
}

/** What went through without us and was made good by a terminal of ours is taken back there first: here nothing tells of it. */
async function madeGood(deps: HisDeps, document: Document): Promise<Refusal | null> {
  const { settlement_no, kind, reversed_by, hospital_code, bill_no, setl_id } = document
  if (settlement_no !== null || kind === 'reversal' || reversed_by !== null) return null
  const no = await liveSettlementOf(deps.store, hospital_code, bill_no)
  return no === null ? null : refuse('settlement_in_the_way', `结算 ${setl_id} 的救助已由 ${no} 补办，请先冲销 ${no}`)
}

/** A number that the insurer has given to two bills means the one of the visit that is named. */
async function meantDocument(
  { store }: HisDeps,
  hospital: string,
  { setl_id, mdtrt_id }: CancelData,
): Promise<Document | null> {
  const newest = await newestBySetlId(store, hospital, setl_id)
  if (newest === null || mdtrt_id === null || newest.mdtrt_id === mdtrt_id) return newest
  const ofVisit = await documentsOfVisit(store, hospital, mdtrt_id)
  return ofVisit.findLast((d) => d.kind === 'settlement' && numberTold(d.setl_id) === setl_id) ?? newest
}

/** Takes a settlement back as a whole: 2208 for outpatients, 2305 for inpatients. */
export function cancelling(deps: HisDeps, of: Named): Transaction {
  return {
    ...of,
    async run(call) {
      const data = readCancel(call.envelope.input)
      if (isRefusal(data)) return data
      const document = await meantDocument(deps, call.terminal.hospital, data)
      if (document && data.mdtrt_id !== null && data.mdtrt_id !== document.mdtrt_id) {
        return refuse('record_mismatch', `结算 ${data.setl_id} 不是就诊 ${data.mdtrt_id} 的结算`)
      }
      const made = document && (await madeGood(deps, document))
      if (made) return made
      if (!isBetween(call)) return cancelSecond(deps, call, data, document)
      // What was settled before we stood in between is the platform's alone.
      return document ? cancelBetween(deps, call, data, document) : handOnQuestion(call)
    },
  }
}
