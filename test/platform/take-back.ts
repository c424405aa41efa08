import { type Document, type Event, type Original, originalKey, visitKey } from './books.ts'
import { negated } from './insure.ts'
import type { Person } from './people.ts'
import { type Desk, outputOf, personFor, type Said, type Transaction } from './settle.ts'
import { type Call, isRefused, type Json, node, type Refused, refuse, text, wireDay, yuan } from './wire.ts'

/** The document that takes another one back: a new number, every amount with the other sign. */
function counter(desk: Desk, call: Call, of: Document, kind: 'cancellation' | 'reversal'): Document {
  const amounts = negated(of.amounts)
  return {
    ...of,
    setl_id: `300${String(desk.books.serial + 1).padStart(9, '0')}`,
    kind,
    of: of.setl_id,
    infno: call.base,
    msgid: call.msgid,
    at: desk.now,
    opter: call.opter,
    opterName: call.opterName,
    amounts,
    details: of.details.map((detail) => ({ ...detail, fund_payamt: -detail.fund_payamt })),
    balance: accountOf(desk, of) - amounts.acct_pay,
  }
}
const accountOf = (desk: Desk, { psn_no }: Document) =>
  (desk.books.people.get(psn_no)?.balance ?? 0) - (desk.books.spent.get(psn_no) ?? 0)

function documentFor(desk: Desk, call: Call, data: Json, inpatient: boolean): Document | Refused {
  const setl_id = text(data.setl_id)
  const document = desk.books.documents.get(setl_id)
  if (!document || document.hospital !== call.hospital) return refuse(`未查询到结算信息，结算ID[${setl_id}]`)
  if (document.psn_no !== text(data.psn_no) || document.mdtrt_id !== text(data.mdtrt_id))
    return refuse(`结算ID[${setl_id}]与人员编号或就诊ID不符`)
  if (document.of !== null) return refuse(`结算ID[${setl_id}]为撤销结算[${document.of}]的单据，不能撤销`)
  if (document.inpatient !== inpatient) return refuse(`结算ID[${setl_id}]不是${inpatient ? '住院' : '门诊'}结算`)
  const by = desk.books.takenBack.get(setl_id)
  return by ? refuse(`结算ID[${setl_id}]已撤销，撤销结算ID[${by}]，不能重复撤销`) : document
}

/** An inpatient cancellation named the person's and the hospital's part by other keys, as recorded. */
function cancelled(document: Document, person: Person): Json {
  const output = outputOf(document, person)
  if (!document.inpatient) return output
  const setlinfo = {
    ...(output.setlinfo as Json),
    psn_pay: yuan(document.amounts.psn_part_amt),
    ownpay_hosp_part: yuan(document.amounts.hosp_part_amt),
    setl_type: '2',
    begndate: wireDay(document.at),
    enddate: wireDay(document.at),
  }
  return { ...output, setlinfo }
}

const cancellation =
  (inpatient: boolean): Transaction =>
  (desk, call) => {
    const found = documentFor(desk, call, node(call.input, 'data', 'mdtrtinfo'), inpatient)
    if (isRefused(found)) return found
    const { psn_no, hospital } = found
    const person = personFor(desk, psn_no)
    if (isRefused(person)) return person
    if (desk.books.reversed.get(originalKey(hospital, call.base, call.msgid, psn_no)))
      return refuse(`报文[${call.msgid}]已被冲正，不再受理`)
    const document = counter(desk, call, found, 'cancellation')
    const original = { hospital, infno: call.base, msgid: call.msgid, psn_no, setl_id: document.setl_id, visit: null }
    return {
      output: cancelled(document, person),
      events: [
        { did: 'document', document },
        { did: 'original', original },
      ],
    }
  }

export const t2208 = cancellation(false)
export const t2305 = cancellation(true)

const REVERSIBLE = ['2102', '2103', '2207', '2208', '2304', '2305', '2401']

/** What 2601 does to an original that stands; a text where it cannot be done. */
function undo(desk: Desk, call: Call, original: Original): Event[] | string {
  const { books } = desk
  if (original.visit !== null) {
    const visit = books.visits.get(original.visit)
    if (!visit || visit.state === 'cancelled') return []
    const live = [...(books.liveOfVisit.get(original.visit) ?? [])]
    if (live.length > 0) return `就诊已有有效结算[${live.join('、')}]，请先撤销结算`
    return [{ did: 'visit', visit: { ...visit, state: 'cancelled' } }]
  }
  const document = books.documents.get(original.setl_id ?? '')
  if (!document) return []
  const by = books.takenBack.get(document.setl_id)
  if (by) return `原结算[${document.setl_id}]已由[${by}]撤销，无需冲正`
  if (document.of !== null) {
    const again = books.live.get(document.businessKey)
    if (again) return `该笔费用已重新结算，结算ID[${again}]，撤销不能冲正`
  }
  return [{ did: 'document', document: counter(desk, call, document, 'reversal') }]
}

/** 2601: takes back by message number what may or may not have been done; asked twice it does it once. */
export const t2601: Transaction = (desk, call): Said => {
  const data = node(call.input, 'data')
  const [psn_no, omsgid, oinfno] = [text(data.psn_no), text(data.omsgid), text(data.oinfno).slice(0, 4)]
  if (!psn_no || !omsgid || !oinfno) return refuse('人员编号、原发送方报文ID、原交易编号均不能为空')
  if (!REVERSIBLE.includes(oinfno)) return refuse(`交易[${oinfno}]不支持冲正`)
  const { books } = desk
  const said = books.originals.get(`${call.hospital}/${omsgid}`) ?? []
  const key = originalKey(call.hospital, oinfno, omsgid, psn_no)
  const tombstone = books.settings.unknown_original !== 'forget'
  const reversed: Event = { did: 'reversed', key, tombstone }
  const ours = said.filter((o) => o.infno === oinfno && o.psn_no === psn_no)
  const standing = ours.findLast((o) => stands(desk, o)) ?? (books.reversed.has(key) ? undefined : ours.at(-1))
  if (standing) {
    const events = undo(desk, call, standing)
    return typeof events === 'string' ? refuse(events) : { output: {}, events: [...events, reversed] }
  }
  if (books.reversed.has(key)) return { output: {} }
  if (said.length > 0) return refuse(`原交易信息不符：报文[${omsgid}]的人员编号或交易编号与冲正请求不一致`)
  if (books.settings.unknown_original === 'refuse') return refuse(`未查询到原交易，报文[${omsgid}]`)
  return { output: {}, events: tombstone ? [reversed] : [] }
}

/** After a reversal without tombstone the same message may have come again and stand. */
const stands = ({ books }: Desk, original: Original): boolean =>
  original.setl_id !== null && books.documents.has(original.setl_id) && !books.takenBack.has(original.setl_id)

/** Which visit a 2401 opened, for its reversal. */
export const admissionOf = (call: Call, psn_no: string, mdtrt_id: string): Original => ({
  hospital: call.hospital,
  infno: call.base,
  msgid: call.msgid,
  psn_no,
  setl_id: null,
  visit: visitKey(call.hospital, mdtrt_id),
})
