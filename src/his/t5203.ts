import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'
import { settlementByNo } from '../settlement/queries.ts'
import { handOnQuestion, isBetween } from './between.ts'
import { keyOf, psnBlind } from './kept.ts'
import { lookedUp } from './looked-up.ts'
import { meantBy } from './person-of.ts'
import {
  type Document,
  documentByKey,
  documentBySetlId,
  documentsOfVisit,
  keysKnown,
  newestBySetlId,
  psnOfCall,
} from './queries.ts'
import { type LookUpData, read5203 } from './requests-settle.ts'
import { openCallOf, storedAnswer } from './said.ts'
import { bookedOf, msgidOf, toldOf, wordsOf } from './told.ts'
import type { HisCall, HisDeps, MakeTransaction, Said } from './transaction.ts'
import { visitOf } from './visit-of.ts'

/** What settles and what takes back: the messages whose outcome a hospital may have lost, in the spellings in use. */
const SETTLING = ['2207', '2304', '2208', '2305'].flatMap((infno) => [infno, `${infno}A`])

/** What became of a message of this number that brought no document: it was refused, or nobody knows yet. */
async function traceOf(
  deps: HisDeps,
  hospital: string,
  keys: readonly string[],
  psn_blind: string,
): Promise<Said | null> {
  let others: Refusal | null = null
  for (const key of keys) {
    // A platform's words about somebody are for whoever asks about them.
    const whose = await psnOfCall(deps.store, hospital, key)
    if (whose !== null && whose !== psn_blind) {
      others = refuse('record_mismatch', `报文 ${key} 不是此人员编号的报文`)
      continue
    }
    if (await openCallOf(deps, hospital, key))
      return refuse('outcome_unknown', `医保平台没有答复，报文 ${key} 结果未知，系统正在自动核实`)
    const said = await storedAnswer(deps, hospital, key)
    // Told under the number of this question, not of the message asked about.
    if (said) return isRefusal(said) ? refuse(said.refusal, said.detail) : said
  }
  return others
}

type Found = { readonly document: Document } | { readonly said: Said } | null

/** By the number of the message: two of a second may share it, so the patient tells them apart. */
async function byMessage(deps: HisDeps, hospital: string, msgid: string, psn_blind: string): Promise<Found> {
  const all = SETTLING.map((infno) => keyOf(infno, msgid))
  const keys = await keysKnown(deps.store, hospital, all)
  const documents: Document[] = []
  for (const key of keys) {
    const document = await documentByKey(deps.store, hospital, key)
    if (document) documents.push(document)
  }
  const document = documents.findLast((d) => d.psn_blind === psn_blind) ?? documents[0]
  if (document) return { document }
  const said = await traceOf(deps, hospital, keys, psn_blind)
  return said && { said }
}

async function find(deps: HisDeps, hospital: string, asked: LookUpData): Promise<Found> {
  const { setl_id, msgid, mdtrt_id } = asked
  const blind = psnBlind(deps.keys, asked.psn_no)
  const named = setl_id ? await newestBySetlId(deps.store, hospital, setl_id) : null
  if (named) return { document: named }
  if (msgid) return byMessage(deps, hospital, msgid, blind)
  if (setl_id || !mdtrt_id) return null
  const all = await documentsOfVisit(deps.store, hospital, mdtrt_id)
  const live = all.findLast((d) => d.kind === 'settlement' && d.reversed_by === null)
  return live ? { document: live } : null
}

function mismatch(deps: HisDeps, { setl_id, mdtrt_id, psn_blind }: Document, asked: LookUpData): Refusal | null {
  if (psn_blind !== psnBlind(deps.keys, asked.psn_no))
    return refuse('record_mismatch', `结算 ${setl_id} 不是此人员编号的结算`)
  if (asked.mdtrt_id === null || asked.mdtrt_id === mdtrt_id) return null
  return refuse('record_mismatch', `结算 ${setl_id} 不是就诊 ${asked.mdtrt_id} 的结算`)
}

function notFound({ setl_id, msgid, mdtrt_id }: LookUpData): Refusal {
  if (setl_id) return refuse('record_not_found', `本院没有结算 ${setl_id}`)
  return msgid
    ? refuse('record_not_found', `没有收到过报文 ${msgid}，可用原报文重新发送`)
    : refuse('record_not_found', `就诊 ${mdtrt_id} 没有有效的结算`)
}

/** The document as the hospital was told it, with what has become of it. */
async function shown(deps: HisDeps, call: HisCall, document: Document, psn_no: string): Promise<Said> {
  const { hospital_code, settlement_no, reverses } = document
  const hospital = call.directory.hospitals.get(hospital_code)
  if (!hospital) throw new Error(`hospital ${hospital_code} has a document and is not designated`)
  const told = await toldOf(deps, document, await bookedOf(deps, settlement_no))
  const original = reverses === null ? document : await documentBySetlId(deps.store, hospital_code, reverses)
  if (!original) throw new Error(`the original of ${document.setl_id} is missing`)
  const { data, opter } = wordsOf(deps, original)
  const row = settlement_no === null ? null : await settlementByNo(deps.store, settlement_no)
  const output = lookedUp(told, {
    document,
    msgid: msgidOf(document.key),
    hospital,
    hosp_lv: call.codes.levelCode(hospital.level),
    data,
    opter,
    visit: await visitOf(deps, hospital_code, document.mdtrt_id),
    born: (await meantBy(deps, psn_no))?.known?.person.born_on ?? null,
    year: row?.year ?? null,
  })
  return { output: { ...output } }
}

/** 结算信息查询: by the document, by the visit, or, after an answer was lost, by the number of the message. */
export const t5203: MakeTransaction = (deps) => ({
  infno: '5203',
  name: '结算信息查询',
  async run(call) {
    const asked = read5203(call.envelope.input)
    if (isRefusal(asked)) return asked
    const found = await find(deps, call.terminal.hospital, asked)
    if (found === null) {
      // The platform knows documents and visits, but no messages.
      const theirs = isBetween(call) && (asked.setl_id !== null || asked.msgid === null)
      return theirs ? handOnQuestion(call) : notFound(asked)
    }
    if ('said' in found) return found.said
    return mismatch(deps, found.document, asked) ?? shown(deps, call, found.document, asked.psn_no)
  },
})
