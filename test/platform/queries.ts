import { NOTHING_USED, usedKey, visitKey } from './books.ts'
import { isResident } from './insure.ts'
import { ageOf, bornOf, gendOf, insuranceOf } from './people.ts'
import { type Desk, outputOf, personFor, setlinfoOf, type Transaction } from './settle.ts'
import { beganAt, resultOf } from './visits.ts'
import { isRefused, type Json, node, refuse, text, wireDay, wireTime, yuan } from './wire.ts'

export const t9001: Transaction = (desk, call) => {
  const sign_no = `${call.insured || '654002'}${wireTime(desk.now).replace(/\D/g, '')}${String(desk.books.serial % 1e10).padStart(10, '0')}`
  return { output: { signinoutb: { sign_no, sign_time: wireTime(desk.now) } } }
}
export const t9002: Transaction = (desk) => ({ output: { signoutoutb: { sign_time: wireTime(desk.now) } } })

/** One row is sent as an object by some provinces, none as null or not at all. */
const idetinfo = (desk: Desk, rows: readonly Json[]): Json => {
  const style = desk.books.settings.dialect.idetinfo
  if (style === 'object' && rows.length === 1) return { idetinfo: rows[0] }
  if (style === 'absent' && rows.length === 0) return {}
  return { idetinfo: style === 'null' && rows.length === 0 ? null : rows }
}

export const t1101: Transaction = (desk, call) => {
  const data = node(call.input, 'data')
  const no = text(data.mdtrt_cert_no) || text(data.certno)
  const person = desk.books.people.get(desk.books.idents.get(no.toUpperCase()) ?? desk.books.idents.get(no) ?? '')
  if (no === '' || !person) return refuse('未查询到人员参保信息，请核对证件')
  if (text(data.psn_name) !== '' && text(data.psn_name) !== person.psn_name) return refuse('姓名与证件号码不符')
  const spent = desk.books.spent.get(person.psn_no) ?? 0
  const running = insuranceOf(person, '')
  const baseinfo = {
    certno: person.certno,
    psn_no: person.psn_no,
    gend: gendOf(person),
    exp_content: null,
    brdy: bornOf(person),
    naty: person.naty,
    psn_cert_type: '01',
    psn_name: person.psn_name,
    age: ageOf(person, desk.now),
  }
  const insuinfo = person.insuinfo.map((i) => (i === running ? { ...i, balc: yuan(person.balance - spent) } : i))
  return { output: { ...idetinfo(desk, person.idetinfo), baseinfo, insuinfo } }
}

export const t1201: Transaction = (_, call) => {
  const asked = node(call.input, 'medinsinfo', 'data')
  const fixmedins_code = text(asked.fixmedins_code) || call.hospital
  const fixmedins_name = text(asked.fixmedins_name) || call.hospitalName
  const rest = { uscc: '12654002457000000X', fixmedins_type: text(asked.fixmedins_type) || '1', hosp_lv: '02' }
  return { output: { medinsinfo: [{ fixmedins_code, fixmedins_name, ...rest }] } }
}

const DICTIONARY: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  INSUTYPE: [
    ['310', '职工基本医疗保险'],
    ['390', '城乡居民基本医疗保险'],
  ],
  MED_TYPE: [
    ['11', '普通门诊'],
    ['14', '门诊慢特病'],
    ['21', '普通住院'],
  ],
  FUND_PAY_TYPE: [
    ['310100', '城镇职工基本医疗保险统筹基金'],
    ['390100', '城乡居民基本医疗保险基金'],
    ['610100', '医疗救助基金'],
  ],
  PSN_IDET_TYPE: [
    ['7131', '特困人员'],
    ['7019', '低保对象'],
  ],
}

export const t1901: Transaction = (desk, call) => {
  const type = text(node(call.input, 'data').type).toUpperCase()
  const createDate = wireTime(desk.now)
  const rows = (DICTIONARY[type] ?? []).map(([value, label], i) => ({
    type,
    label,
    value,
    parentValue: '',
    sort: i + 1,
    valiFlag: '1',
    createUser: 'system',
    createDate,
    version: '1',
  }))
  return { output: { list: rows } }
}

export const t2001: Transaction = (desk, call) => {
  const data = node(call.input, 'data')
  const person = personFor(desk, data.psn_no)
  if (isRefused(person)) return person
  const insurance = insuranceOf(person, text(data.insutype))
  const row = {
    psn_no: person.psn_no,
    trt_chk_type: '1',
    fund_pay_type: isResident(text(insurance?.insutype)) ? '390100' : '310100',
    trt_enjymnt_flag: insurance ? '1' : '0',
    begndate: `${wireDay(desk.now).slice(0, 4)}-01-01`,
    enddate: null,
    trt_chk_rslt: insurance ? '享受待遇' : '无有效参保',
  }
  return { output: { trtinfo: [row] } }
}

export const t5201: Transaction = (desk, call) => {
  const data = node(call.input, 'data')
  const person = personFor(desk, data.psn_no)
  if (isRefused(person)) return person
  const rows = [...desk.books.visits.values()]
    .filter((v) => v.psn_no === person.psn_no && v.hospital === call.hospital && v.state !== 'cancelled')
    .filter((v) => text(data.mdtrt_id) === '' || v.mdtrt_id === text(data.mdtrt_id))
    .map((v) => ({
      mdtrt_id: v.mdtrt_id,
      psn_no: v.psn_no,
      psn_name: person.psn_name,
      certno: person.certno,
      insutype: v.insutype,
      med_type: v.med_type,
      ipt_otp_no: v.ipt_otp_no,
      begntime: beganAt(v, desk.now),
      endtime: v.endtime || null,
      fixmedins_code: call.hospital,
      fixmedins_name: call.hospitalName,
      maf_psn_flag: '',
      cvlserv_flag: person.civilServant ? '1' : '0',
      flxempe_flag: '0',
      nwb_flag: '0',
      geso_val: null,
      fetts: null,
      fetus_cnt: null,
    }))
  return { output: { mdtrtinfo: rows } }
}

export const t5203: Transaction = (desk, call) => {
  const data = node(call.input, 'data')
  const person = personFor(desk, data.psn_no)
  if (isRefused(person)) return person
  const document = desk.books.documents.get(text(data.setl_id))
  const theirs = document?.hospital === call.hospital && document.psn_no === person.psn_no
  if (!document || !theirs || document.mdtrt_id !== text(data.mdtrt_id)) return refuse('未查询到结算信息')
  const { amounts } = document
  const setlinfo = {
    ...setlinfoOf(document, person),
    hosp_part_amt: yuan(amounts.hosp_part_amt),
    psn_part_amt: yuan(amounts.psn_part_amt),
    flxempe_flag: '0',
    nwb_flag: '0',
    insu_optins: document.clr_optins,
    emp_name: '测试单位',
    pay_loc: '2',
    fixmedins_code: document.hospital,
    fixmedins_name: document.hospitalName,
    hosp_lv: '02',
    fixmedins_poolarea: '654002',
    lmtpric_hosp_lv: '02',
    dedc_hosp_lv: '02',
    begndate: wireDay(document.at),
    enddate: wireDay(document.at),
    psn_pay: yuan(amounts.psn_part_amt),
    cash_payamt: yuan(amounts.psn_cash_pay),
    // Both sides of a cancelled pair are refunded.
    refd_setl_flag: document.of !== null || desk.books.takenBack.has(document.setl_id) ? '1' : '0',
    year: document.year,
    dise_codg: '',
    dise_name: '',
    invono: document.invono,
    opter_id: document.opter,
    opter_name: document.opterName,
    opt_time: wireTime(document.at),
  }
  return { output: { setlinfo, setldetail: outputOf(document, person).setldetail } }
}

/** The rows stand in the output itself: the specification calls the node `output`. */
export const t5204: Transaction = (desk, call) => {
  const data = node(call.input, 'data')
  const person = personFor(desk, data.psn_no)
  if (isRefused(person)) return person
  const visit = visitKey(call.hospital, text(data.mdtrt_id))
  const setl = text(data.setl_id)
  const rows = [...(desk.books.fees.get(visit)?.values() ?? [])]
    .filter((fee) => fee.psn_no === person.psn_no)
    .map((fee) => ({ fee, setl_id: desk.books.settledFees.get(`${visit}/${fee.feedetl_sn}`) ?? null }))
    .filter(({ setl_id }) => setl === '' || setl_id === setl)
  return { output: rows.map(({ fee, setl_id }) => ({ ...fee.row, ...resultOf(fee), setl_id })) }
}

export const t5206: Transaction = (desk, call) => {
  const data = node(call.input, 'data')
  const person = personFor(desk, data.psn_no)
  if (isRefused(person)) return person
  const year = text(data.cum_ym).slice(0, 4) || wireDay(desk.now).slice(0, 4)
  const used = desk.books.used.get(usedKey(person.psn_no, year)) ?? NOTHING_USED
  const insutype = text(insuranceOf(person, '')?.insutype)
  const resident = isResident(insutype)
  const rows = [
    [resident ? 'D390101' : 'D310101', used.pooled],
    [resident ? 'D390201' : 'D330101', used.supplement],
    ['D610101', used.assistance],
  ] as const
  const cum_ym = text(data.cum_ym) || wireDay(desk.now).slice(0, 7).replace('-', '')
  const cuminfo = rows.map(([cum_type_code, fen]) => ({ insutype, year, cum_ym, cum_type_code, cum: yuan(fen) }))
  return { output: { cuminfo } }
}

/** Nobody has a chronic disease on record. */
export const t5301: Transaction = (desk, call) => {
  const person = personFor(desk, node(call.input, 'data').psn_no)
  return isRefused(person) ? person : { output: { feedetail: [] } }
}

export const t5303: Transaction = (desk, call) => {
  const person = personFor(desk, node(call.input, 'data').psn_no)
  if (isRefused(person)) return person
  const stays = [...desk.books.visits.values()].filter(
    (v) => v.psn_no === person.psn_no && v.inpatient && v.state === 'open',
  )
  const rows = stays.map((v) => ({
    mdtrt_id: v.mdtrt_id,
    psn_no: v.psn_no,
    psn_name: person.psn_name,
    begntime: beganAt(v, desk.now),
    ipt_no: v.ipt_otp_no,
    fixmedins_code: v.hospital,
  }))
  return { output: { data: rows } }
}
