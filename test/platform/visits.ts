import { type Event, type Fee, type Visit, visitKey } from './books.ts'
import type { Split } from './insure.ts'
import { type Desk, personFor, type Said, type Transaction, visitFault } from './settle.ts'
import { admissionOf } from './take-back.ts'
import {
  type Call,
  fenOf,
  isRefused,
  type Json,
  list,
  node,
  type Refused,
  refuse,
  text,
  wireTime,
  yuan,
} from './wire.ts'

const visitOf = (call: Call, data: Json, mdtrt_id: string, inpatient: boolean, state: Visit['state']): Visit => ({
  hospital: call.hospital,
  mdtrt_id,
  psn_no: text(data.psn_no),
  inpatient,
  insutype: text(data.insutype),
  med_type: text(data.med_type),
  ipt_otp_no: text(data.ipt_otp_no) || text(data.ipt_no),
  begntime: text(data.begntime),
  endtime: text(data.endtime),
  state,
})

/** 2201 and 2401: a visit gets its number. */
const opening =
  (inpatient: boolean): Transaction =>
  (desk, call) => {
    const data = node(call.input, ...(inpatient ? ['mdtrtinfo', 'data'] : ['data', 'mdtrtinfo']))
    const person = personFor(desk, data.psn_no)
    if (isRefused(person)) return person
    const mdtrt_id = `310${String(desk.books.serial + 1).padStart(9, '0')}`
    const visit = visitOf(call, data, mdtrt_id, inpatient, 'open')
    const events: Event[] = [{ did: 'visit', visit }]
    if (!inpatient)
      return {
        output: { data: { mdtrt_id, psn_no: visit.psn_no, ipt_otp_no: visit.ipt_otp_no, exp_content: null } },
        events,
      }
    events.push({ did: 'original', original: admissionOf(call, visit.psn_no, mdtrt_id) })
    return { output: { result: { mdtrt_id } }, events }
  }

/** Names what is settled, for everything that a live settlement forbids. */
function settledFault(desk: Desk, call: Call, mdtrt_id: unknown): Refused | null {
  const live = [...(desk.books.liveOfVisit.get(visitKey(call.hospital, text(mdtrt_id))) ?? [])]
  return live.length > 0
    ? refuse(`就诊[${text(mdtrt_id)}]存在有效结算，结算ID[${live.join('、')}]，请先撤销结算`)
    : null
}

/** 2202, 2402, 2404, 2405, 2203, 2403: a visit changes; the first four depend on whether it is settled. */
const changing =
  (nodes: readonly string[], state: Visit['state'] | null, inpatient: boolean, output: Json | null): Transaction =>
  (desk, call) => {
    const data = node(call.input, ...nodes)
    const person = personFor(desk, data.psn_no)
    if (isRefused(person)) return person
    const fault =
      visitFault(desk, call, data) ??
      (state === null || state === 'discharged' ? null : settledFault(desk, call, data.mdtrt_id))
    if (fault) return fault
    const known = desk.books.visits.get(visitKey(call.hospital, text(data.mdtrt_id)))
    const before = known ?? visitOf(call, data, text(data.mdtrt_id), inpatient, 'open')
    const said = { ...visitOf(call, data, before.mdtrt_id, inpatient, state ?? before.state) }
    const kept = Object.entries(said).filter(([, value]) => value !== '')
    return { output, events: [{ did: 'visit', visit: { ...before, ...Object.fromEntries(kept) } as Visit }] }
  }

export const t2201 = opening(false)
export const t2202 = changing(['data', 'mdtrtinfo'], 'cancelled', false, null)
export const t2203 = changing(['mdtrtinfo', 'data'], null, false, null)
export const t2401 = opening(true)
export const t2402 = changing(['dscginfo', 'data'], 'discharged', true, {})
export const t2403 = changing(['adminfo', 'data'], null, true, {})
export const t2404 = changing(['data'], 'cancelled', true, {})
export const t2405 = changing(['data'], 'open', true, {})

/** Consumables (codes with C) are paid up to this price each. */
const CONSUMABLE_LIMIT = 500_00

/** Class of an item by the last digit of its national code: 0–5 甲, 6–8 乙 (a tenth is paid first), 9 丙 (all is). */
function levelOf(code: string): Fee['level'] {
  const last = Number(code.at(-1))
  return last === 9 ? '03' : last >= 6 ? '02' : '01'
}

/** The parts of a row; a refund has those of what it takes back, with the other sign. */
function partsOf(code: string, sum: number, count: number): Split {
  const [sign, amount] = sum < 0 ? [-1, -sum] : [1, sum]
  const level = levelOf(code)
  const limit = code.startsWith('C') && level !== '03' ? Math.round(CONSUMABLE_LIMIT * Math.abs(count)) : amount
  const over = Math.max(0, amount - limit)
  const first = level === '02' ? Math.floor((amount - over) / 10) : 0
  const own = level === '03' ? amount : 0
  return {
    fulamt_ownpay_amt: sign * own + 0,
    overlmt_selfpay: sign * over + 0,
    preselfpay_amt: sign * first + 0,
    inscp_scp_amt: sign * (amount - over - first - own) + 0,
  }
}

function feeOf(desk: Desk, call: Call, row: Json): Fee | Refused {
  const feedetl_sn = text(row.feedetl_sn)
  const sum = fenOf(row.det_item_fee_sumamt)
  const visit = visitKey(call.hospital, text(row.mdtrt_id))
  if (feedetl_sn === '') return refuse('费用明细流水号[feedetl_sn]不能为空')
  if (sum === null || sum === undefined) return refuse(`费用明细[${feedetl_sn}]的金额为空或格式错误`)
  if (desk.books.fees.get(visit)?.has(feedetl_sn)) return refuse(`费用明细流水号[${feedetl_sn}]已上传，不能重复`)
  const code = text(row.med_list_codg)
  return {
    visit,
    feedetl_sn,
    chrg_bchno: text(row.chrg_bchno),
    psn_no: text(row.psn_no),
    sum,
    split: partsOf(code, sum, Number(text(row.cnt)) || 1),
    level: levelOf(code),
    row,
  }
}

/** A row as 2204 and 2301 answer it. */
export const resultOf = ({ feedetl_sn, sum, split, level, row }: Fee): Json => ({
  feedetl_sn,
  det_item_fee_sumamt: yuan(sum),
  cnt: Number(text(row.cnt)) || 0,
  pric: Number(text(row.pric)) || 0,
  pric_uplmt_amt: text(row.med_list_codg).startsWith('C') ? yuan(CONSUMABLE_LIMIT) : 999999,
  selfpay_prop: { '01': 0, '02': 0.1, '03': 1 }[level],
  fulamt_ownpay_amt: yuan(split.fulamt_ownpay_amt),
  overlmt_amt: yuan(split.overlmt_selfpay),
  preselfpay_amt: yuan(split.preselfpay_amt),
  inscp_scp_amt: yuan(split.inscp_scp_amt),
  chrgitm_lv: level,
  med_chrgitm_type: '09',
  bas_medn_flag: '0',
  hi_nego_drug_flag: '0',
  chld_medc_flag: '0',
  list_sp_item_flag: '0',
  lmt_used_flag: '0',
  drt_reim_flag: '0',
  memo: null,
})

/** 2204 and 2301: all rows or none. */
export const feeUpload: Transaction = (desk, call): Said => {
  const rows = list(call.input.feedetail)
  if (rows.length === 0) return refuse('费用明细[feedetail]不能为空')
  const fees: Fee[] = []
  const seen = new Set<string>()
  for (const row of rows) {
    const fault = visitFault(desk, call, row)
    if (fault) return fault
    const person = personFor(desk, row.psn_no)
    if (isRefused(person)) return person
    const fee = feeOf(desk, call, row)
    if (isRefused(fee)) return fee
    if (seen.has(`${fee.visit}/${fee.feedetl_sn}`)) return refuse(`费用明细流水号[${fee.feedetl_sn}]重复`)
    seen.add(`${fee.visit}/${fee.feedetl_sn}`)
    fees.push(fee)
  }
  return { output: { result: fees.map(resultOf) }, events: fees.map((fee) => ({ did: 'fee', fee })) }
}

/** The rows of a visit to be taken out; those that are settled stay, and are named where they were asked for. */
function withdrawal(desk: Desk, call: Call, data: Json, wanted: (fee: Fee) => boolean, all: boolean): Event | Refused {
  const visit = visitKey(call.hospital, text(data.mdtrt_id))
  const rows = [...(desk.books.fees.get(visit)?.values() ?? [])].filter(wanted)
  const settled = rows.map((fee) => desk.books.settledFees.get(`${visit}/${fee.feedetl_sn}`)).find((id) => id)
  if (settled && !all) return refuse(`费用明细已结算，结算ID[${settled}]，不能撤销`)
  const gone = rows.filter((fee) => !desk.books.settledFees.has(`${visit}/${fee.feedetl_sn}`))
  return { did: 'fees_gone', visit, feedetl_sns: gone.map((fee) => fee.feedetl_sn) }
}

/** 2205: a batch, or "0000" for everything that is not settled; what is not there is no fault. */
export const t2205: Transaction = (desk, call) => {
  const data = node(call.input, 'data', 'mdtrtinfo')
  const batch = text(data.chrg_bchno)
  const fault = visitFault(desk, call, data)
  if (fault) return fault
  const event = withdrawal(desk, call, data, (fee) => batch === '0000' || fee.chrg_bchno === batch, batch === '0000')
  return isRefused(event) ? event : { output: null, events: [event] }
}

/** 2302: its data is a list. */
export const t2302: Transaction = (desk, call) => {
  const events: Event[] = []
  for (const data of list(call.input.data)) {
    const sn = text(data.feedetl_sn)
    const fault = visitFault(desk, call, data)
    if (fault) return fault
    const event = withdrawal(desk, call, data, (fee) => sn === '0000' || fee.feedetl_sn === sn, sn === '0000')
    if (isRefused(event)) return event
    events.push(event)
  }
  return { output: {}, events }
}

/** When a visit began, for the queries; a visit of which nobody said so began now. */
export const beganAt = (visit: Visit, now: number): string => visit.begntime || wireTime(now)
