import type { Fen } from '../../src/kernel/money.ts'
import {
  type Books,
  type Document,
  type Event,
  type Fee,
  NOTHING_USED,
  originalKey,
  usedKey,
  visitKey,
} from './books.ts'
import { type Amounts, type Detail, detailsOf, insure, type Split } from './insure.ts'
import { ageOf, bornOf, gendOf, insuranceOf, type Person } from './people.ts'
import { type Call, fenOf, isRefused, type Json, node, type Refused, refuse, text, wireTime, yuan } from './wire.ts'

/** What a transaction looks at, and what it says: it changes nothing itself. */
export interface Desk {
  readonly books: Books
  readonly now: number
  /** Pays assistance of its own, for this one call. */
  readonly assists: boolean
}
export type Said =
  | Refused
  | { readonly output: unknown; readonly events?: readonly Event[] }
  | { readonly bytes: Uint8Array; readonly filename: string }
export type Transaction = (desk: Desk, call: Call) => Said

const SPLIT = ['fulamt_ownpay_amt', 'overlmt_selfpay', 'preselfpay_amt', 'inscp_scp_amt'] as const

/** The person a message is about; nobody is known by a number we never gave. */
export const personFor = (desk: Desk, psn_no: unknown): Person | Refused =>
  desk.books.people.get(text(psn_no)) ?? refuse(`未查询到人员编号[${text(psn_no)}]的参保信息`)

/** Refuses a visit that is somebody else's, was cancelled or, where the platform is strict, never registered. */
export function visitFault(desk: Desk, call: Call, data: Json): Refused | null {
  const mdtrt_id = text(data.mdtrt_id)
  if (mdtrt_id === '') return refuse('就诊ID[mdtrt_id]不能为空')
  const visit = desk.books.visits.get(visitKey(call.hospital, mdtrt_id))
  if (!visit) return desk.books.settings.strict ? refuse(`未查询到就诊信息[${mdtrt_id}]`) : null
  if (visit.psn_no !== text(data.psn_no)) return refuse(`就诊信息[${mdtrt_id}]与人员编号不符`)
  return visit.state === 'cancelled' ? refuse(`就诊信息[${mdtrt_id}]已撤销`) : null
}

const sumOf = (split: Split): Fen => SPLIT.reduce((sum, name) => sum + split[name], 0)
const totalOf = (fees: readonly Fee[]): Split =>
  fees.reduce<Split>(
    (sum, { split }) => ({
      fulamt_ownpay_amt: sum.fulamt_ownpay_amt + split.fulamt_ownpay_amt,
      overlmt_selfpay: sum.overlmt_selfpay + split.overlmt_selfpay,
      preselfpay_amt: sum.preselfpay_amt + split.preselfpay_amt,
      inscp_scp_amt: sum.inscp_scp_amt + split.inscp_scp_amt,
    }),
    { fulamt_ownpay_amt: 0, overlmt_selfpay: 0, preselfpay_amt: 0, inscp_scp_amt: 0 },
  )

/** The four parts: of the uploaded rows, else of the message, else everything is within the scope. */
function splitOf(desk: Desk, data: Json, medfee: Fen, fees: readonly Fee[]): Split | Refused {
  if (fees.length > 0) {
    const split = totalOf(fees)
    if (sumOf(split) === medfee) return split
    return refuse(`医疗费总额${yuan(medfee)}与已上传费用明细合计${yuan(sumOf(split))}不一致`)
  }
  if (desk.books.settings.strict) return refuse('未查询到待结算的费用明细')
  const [own, over, first, scope] = SPLIT.map((name) => fenOf(data[name]))
  if (own === undefined || over === undefined || first === undefined || scope === undefined)
    return refuse('费用分项金额格式错误')
  const [fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt] = [own ?? 0, over ?? 0, first ?? 0]
  const inscp_scp_amt = scope ?? medfee - fulamt_ownpay_amt - overlmt_selfpay - preselfpay_amt
  const split = { fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt }
  return sumOf(split) === medfee && Object.values(split).every((fen) => fen >= 0)
    ? split
    : refuse('全自费、超限价、先行自付与符合范围金额之和不等于医疗费总额')
}

/** The bill of a visit that a settlement is about, and the rows that belong to it. */
function billOf(desk: Desk, call: Call, data: Json, inpatient: boolean): { key: string; fees: Fee[] } {
  const visit = visitKey(call.hospital, text(data.mdtrt_id))
  const batch = text(data.chrg_bchno)
  const open = [...(desk.books.fees.get(visit)?.values() ?? [])].filter(
    (fee) => !desk.books.settledFees.has(`${visit}/${fee.feedetl_sn}`),
  )
  if (inpatient) return { key: `${visit}/${text(data.mid_setl_flag) === '1' ? 'M' : 'Z'}`, fees: open }
  return { key: `${visit}/${batch}`, fees: open.filter((fee) => fee.chrg_bchno === batch) }
}

function documentOf(desk: Desk, call: Call, inpatient: boolean): Document | Refused {
  const data = node(call.input, 'data', 'mdtrtinfo')
  const person = personFor(desk, data.psn_no)
  if (isRefused(person)) return person
  const fault = visitFault(desk, call, data)
  if (fault) return fault
  if (!inpatient && text(data.chrg_bchno) === '') return refuse('收费批次号[chrg_bchno]不能为空')
  const medfee = fenOf(data.medfee_sumamt)
  if (medfee === null || medfee === undefined || medfee < 0) return refuse('医疗费总额[medfee_sumamt]为空或格式错误')
  const insurance = insuranceOf(person, text(data.insutype))
  if (!insurance) return refuse(`人员无险种[${text(data.insutype)}]的有效参保信息`)
  const { key, fees } = billOf(desk, call, data, inpatient)
  const live = desk.books.documents.get(desk.books.live.get(key) ?? '')
  if (live) return refuse(`该笔费用已结算，结算ID[${live.setl_id}]，结算时间[${wireTime(live.at)}]，不能重复结算`)
  const split = splitOf(desk, data, medfee, fees)
  if (isRefused(split)) return split
  const year = wireTime(desk.now).slice(0, 4)
  const used = desk.books.used.get(usedKey(person.psn_no, year)) ?? NOTHING_USED
  const balance = person.balance - (desk.books.spent.get(person.psn_no) ?? 0)
  const insutype = text(insurance.insutype)
  const stay = desk.books.stayDeductible.get(visitKey(call.hospital, text(data.mdtrt_id))) ?? 0
  const amounts = insure({
    insutype,
    inpatient,
    civilServant: person.civilServant,
    split,
    deductiblePaid: inpatient ? stay : used.outpatientDeductible,
    borne: used.borne,
    balance,
    useAccount: text(data.acct_used_flag) === '1',
    assists: desk.assists,
  })
  return {
    setl_id: `300${String(desk.books.serial + 1).padStart(9, '0')}`,
    kind: 'settlement',
    of: null,
    hospital: call.hospital,
    hospitalName: call.hospitalName,
    infno: call.base,
    msgid: call.msgid,
    mdtrt_id: text(data.mdtrt_id),
    psn_no: person.psn_no,
    businessKey: key,
    inpatient,
    insutype,
    med_type: text(data.med_type) || (inpatient ? '21' : '11'),
    mdtrt_cert_type: text(data.mdtrt_cert_type) || '02',
    clr_optins: text(insurance.insuplc_admdvs),
    psn_type: text(insurance.psn_type),
    year,
    at: desk.now,
    invono: text(data.invono),
    opter: call.opter,
    opterName: call.opterName,
    amounts,
    details: detailsOf(insutype, amounts),
    fees: fees.map((fee) => fee.feedetl_sn),
    balance: balance - amounts.acct_pay,
  }
}

type Optional = 'acct_mulaid_pay' | 'hosp_part_amt' | 'psn_part_amt'
const wire = (document: Document) => (name: keyof Amounts) => yuan(document.amounts[name])

/** A document as setlinfo, in the keys and their order as recorded; a forecast has no number, time or clearing. */
export function setlinfoOf(document: Document, person: Person, forecast = false): Json {
  const of = wire(document)
  const open = document.of === null || document.inpatient
  const rest: Record<Optional, number | null> = {
    acct_mulaid_pay: open ? 0 : null,
    hosp_part_amt: document.of === null ? of('hosp_part_amt') : null,
    psn_part_amt: document.of === null ? of('psn_part_amt') : null,
  }
  return {
    setl_time: forecast ? null : wireTime(document.at),
    cvlserv_pay: of('cvlserv_pay'),
    cvlserv_flag: person.civilServant ? '1' : '0',
    med_type: document.med_type,
    brdy: bornOf(person),
    naty: person.naty,
    psn_cash_pay: of('psn_cash_pay'),
    certno: person.certno,
    hifmi_pay: of('hifmi_pay'),
    psn_no: person.psn_no,
    act_pay_dedc: of('act_pay_dedc'),
    mdtrt_cert_type: document.mdtrt_cert_type,
    balc: yuan(document.balance),
    medins_setl_id: document.msgid,
    psn_cert_type: '01',
    acct_mulaid_pay: rest.acct_mulaid_pay,
    clr_way: forecast ? null : '1',
    hifob_pay: of('hifob_pay'),
    oth_pay: 0,
    medfee_sumamt: of('medfee_sumamt'),
    hifes_pay: 0,
    gend: gendOf(person),
    mdtrt_id: document.mdtrt_id,
    acct_pay: of('acct_pay'),
    fund_pay_sumamt: of('fund_pay_sumamt'),
    fulamt_ownpay_amt: of('fulamt_ownpay_amt'),
    hosp_part_amt: rest.hosp_part_amt,
    setl_id: forecast ? null : document.setl_id,
    inscp_scp_amt: of('inscp_scp_amt'),
    insutype: document.insutype,
    maf_pay: of('maf_pay'),
    psn_name: person.psn_name,
    psn_part_amt: rest.psn_part_amt,
    clr_optins: forecast ? null : document.clr_optins,
    pool_prop_selfpay: 0,
    psn_type: document.psn_type,
    hifp_pay: of('hifp_pay'),
    overlmt_selfpay: of('overlmt_selfpay'),
    preselfpay_amt: of('preselfpay_amt'),
    age: ageOf(person, document.at),
    clr_type: document.inpatient ? '21' : '11',
  }
}

/** A row of setldetail: outpatient answers had six keys, inpatient answers three. */
const detailRow = (document: Document, { fund_pay_type, fund_pay_type_name, fund_payamt }: Detail): Json => {
  const inscp_scp_amt = yuan(document.amounts.inscp_scp_amt)
  if (document.inpatient) return { fund_pay_type, fund_payamt: yuan(fund_payamt), inscp_scp_amt }
  const rest = { crt_payb_lmt_amt: null, inscp_scp_amt, fund_pay_type_name }
  return { fund_pay_type, fund_payamt: yuan(fund_payamt), setl_proc_info: null, ...rest }
}

export function outputOf(document: Document, person: Person, forecast = false): Json {
  const setlinfo = setlinfoOf(document, person, forecast)
  const setldetail = document.details.map((detail) => detailRow(document, detail))
  return document.inpatient ? { setlinfo, setldetail } : { setlinfo, setldetail, expContent: null }
}

const settlement =
  (inpatient: boolean, forecast: boolean): Transaction =>
  (desk, call) => {
    const document = documentOf(desk, call, inpatient)
    if (isRefused(document)) return document
    const { hospital, infno, msgid, psn_no, setl_id } = document
    if (!forecast && desk.books.reversed.get(originalKey(hospital, infno, msgid, psn_no)))
      return refuse(`报文[${msgid}]已被冲正，不再受理`)
    const person = personFor(desk, psn_no)
    if (isRefused(person)) return person
    const output = outputOf(document, person, forecast)
    if (forecast) return { output }
    const original = { hospital, infno, msgid, psn_no, setl_id, visit: null }
    return {
      output,
      events: [
        { did: 'document', document },
        { did: 'original', original },
      ],
    }
  }

export const t2206 = settlement(false, true)
export const t2207 = settlement(false, false)
export const t2303 = settlement(true, true)
export const t2304 = settlement(true, false)
