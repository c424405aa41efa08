import { type HisBill, hisBillOf } from './his-bill.ts'
import { assistedWith, cancels, infoIn, succeeded } from './his-check.ts'
import { SMALL_WANTED, smallBill } from './his-dialect-cases.ts'
import type { HisCase } from './his-stage.ts'
import { INPATIENT } from './rows-inpatient.ts'

type Node = Readonly<Record<string, unknown>>
const PART = 'HIS 接口 · 完整流程'

/** A stay of 10,000.00, and who pays what of it in either position of the chain. */
const STAY_WANTED = {
  second_step: { maf_pay: '3000.00', psn_cash_pay: '1000.00', fund_pay_sumamt: '9000.00' },
  in_between: { maf_pay: '2156.25', psn_cash_pay: '718.75', fund_pay_sumamt: '9281.25' },
} as const

function stayBill(): HisBill {
  const [first] = INPATIENT
  const amounts = { total_cost: '10000.00', policy_scope_cost: '10000.00', basic_insurance_paid: '6000.00' }
  const bill = first && hisBillOf({ ...first, who: 'dibao_40', amounts })
  if (!bill) throw new Error('a stay has its columns')
  return bill
}

const diagnosis = (psn_no: string) => ({
  ...{ psn_no, diag_type: '1', maindiag_flag: '1', diag_srt_no: 1, diag_code: 'I21.900', diag_name: '急性心肌梗死' },
  ...{ diag_dept: '内科', dise_dor_no: 'D1', dise_dor_name: '医师', diag_time: '2024-05-06 09:10:00', vali_flag: '1' },
})

const fee = (ids: { psn_no: string; mdtrt_id: string; chrg_bchno: string }, amount: number) => ({
  ...{ feedetl_sn: `F${ids.chrg_bchno}`, psn_no: ids.psn_no, mdtrt_id: ids.mdtrt_id, chrg_bchno: ids.chrg_bchno },
  ...{ rx_circ_flag: '0', fee_ocur_time: '2024-05-20 09:30:00', med_list_codg: 'X000000', medins_list_codg: 'X1' },
  ...{ det_item_fee_sumamt: amount, cnt: 1, pric: amount, bilg_dept_codg: '01', bilg_dept_name: '内科' },
  ...{ bilg_dr_codg: 'D1', bilg_dr_name: '医师', hosp_appr_flag: '1' },
})

const FLOWS: readonly Omit<HisCase, 'part'>[] = [
  {
    id: 'H801',
    title: '签到、机构、代码表：9001、1201、1901',
    duty: '签到号可存可不存；代码表定期用 1901 更新。',
    async run(stage, check) {
      const signIn = await stage.ask('9001', { signIn: { opter_no: '1001', mac: '', ip: '127.0.0.1' } })
      succeeded(check, signIn, '9001')
      const { sign_no } = (signIn.output.signinoutb ?? {}) as Node
      check.holds('给出签到号', String(sign_no ?? '') !== '', '没有')
      const hospital = { fixmedins_code: stage.reached.hospital, fixmedins_type: '1', fixmedins_name: '' }
      succeeded(check, await stage.ask('1201', { medinsinfo: hospital }), '1201')
      const codes = await stage.ask('1901', { data: { type: 'MED_TYPE', parentValue: '', date: '2024-05-20' } })
      succeeded(check, codes, '1901')
      check.holds('代码表是列表', Array.isArray(codes.output.list), typeof codes.output.list)
    },
  },
  {
    id: 'H802',
    title: '门诊：2201、2203、2204、2206、2207、5204、2208、2205、2202',
    working: '普通门诊 400.00；先与医保结算 120.00 × 50%，经本服务结算 220.00 × 50%',
    duty: '按此顺序；5204 失败不要撤销结算。',
    async run(stage, check) {
      const bill = smallBill()
      const made = await stage.nextIds(bill.patient)
      const visit = await stage.ask('2201', {
        data: {
          ...{ psn_no: made.psn_no, insutype: '390', begntime: '2024-05-20 09:00:00', mdtrt_cert_type: '02' },
          ...{ mdtrt_cert_no: bill.patient.id_number, ipt_otp_no: 'YS', atddr_no: 'D1', dr_name: '医师' },
          ...{ dept_code: '01', dept_name: '内科', caty: 'A03' },
        },
      })
      succeeded(check, visit, '2201')
      const given = ((visit.output.data ?? {}) as Node).mdtrt_id
      const ids = { ...made, mdtrt_id: String(given ?? made.mdtrt_id) }
      const { psn_no, mdtrt_id } = ids
      const told = { psn_no, mdtrt_id, med_type: '11', begntime: '2024-05-20 09:00:00' }
      succeeded(check, await stage.ask('2203', { mdtrtinfo: told, diseinfo: [diagnosis(psn_no)] }), '2203')
      const fees = await stage.ask('2204', { feedetail: [fee(ids, 400)] })
      succeeded(check, fees, '2204')
      const input = stage.settling(bill, ids)
      const wanted = SMALL_WANTED[stage.reached.mode]
      assistedWith(check, await stage.ask('2206', input), '2206', wanted)
      const settled = await stage.ask('2207', input)
      assistedWith(check, settled, '2207', wanted)
      const { setl_id } = infoIn(settled)
      succeeded(check, await stage.ask('5204', { data: { psn_no, mdtrt_id, setl_id } }), '5204')
      cancels(check, await stage.ask('2208', { data: { setl_id, mdtrt_id, psn_no } }), settled)
      succeeded(check, await stage.ask('2205', { data: { mdtrt_id, chrg_bchno: '0000', psn_no } }), '2205')
      succeeded(check, await stage.ask('2202', { data: { psn_no, mdtrt_id, ipt_otp_no: 'YS' } }), '2202')
    },
  },
  {
    id: 'H803',
    title: '住院：2401、2301、2303、2402、2303、2304、2305、2405、2302、2404',
    working:
      '住院 10000.00；先与医保结算 4000.00 × 75%；经本服务结算：医保 9500.00 × 75% = 7125.00，2875.00 × 75% = 2156.25',
    duty: '出院（2402）在结算之前上传；撤销按相反次序。',
    async run(stage, check) {
      const bill = stayBill()
      const made = await stage.nextIds(bill.patient)
      const { psn_no } = made
      const admission = {
        ...{ psn_no, insutype: '390', begntime: '2024-05-06 09:00:00', mdtrt_cert_type: '02', med_type: '21' },
        ...{ mdtrt_cert_no: bill.patient.id_number, ipt_no: 'YS', medrcdno: 'YS', atddr_no: 'D1', chfpdr_name: '医师' },
        ...{ adm_diag_dscr: '胸痛', adm_dept_codg: '01', adm_dept_name: '内科', adm_bed: '1' },
        ...{ dscg_maindiag_code: 'I21.900', dscg_maindiag_name: '急性心肌梗死' },
      }
      const opened = await stage.ask('2401', { mdtrtinfo: admission, diseinfo: [diagnosis(psn_no)] })
      succeeded(check, opened, '2401')
      const given = ((opened.output.result ?? {}) as Node).mdtrt_id
      const ids = { ...made, mdtrt_id: String(given ?? made.mdtrt_id) }
      const { mdtrt_id } = ids
      const { chrg_bchno: _, ...row } = fee(ids, 10_000)
      succeeded(check, await stage.ask('2301', { feedetail: [{ ...row, med_type: '21' }] }), '2301')
      const input = stage.settling(bill, ids)
      const wanted = STAY_WANTED[stage.reached.mode]
      assistedWith(check, await stage.ask('2303', input), '2303 在院', wanted)
      const discharge = { mdtrt_id, psn_no, insutype: '390', endtime: '2024-05-16 10:00:00' }
      const left = { ...discharge, dscg_dept_codg: '01', dscg_dept_name: '内科', dscg_way: '1' }
      succeeded(check, await stage.ask('2402', { dscginfo: left, diseinfo: [diagnosis(psn_no)] }), '2402')
      const settled = await stage.ask('2304', input)
      assistedWith(check, settled, '2304', wanted)
      const { setl_id } = infoIn(settled)
      cancels(check, await stage.ask('2305', { data: { setl_id, mdtrt_id, psn_no } }), settled)
      succeeded(check, await stage.ask('2405', { data: { mdtrt_id, psn_no } }), '2405')
      succeeded(check, await stage.ask('2302', { data: [{ feedetl_sn: '0000', mdtrt_id, psn_no }] }), '2302')
      succeeded(check, await stage.ask('2404', { data: { mdtrt_id, psn_no } }), '2404')
    },
  },
  {
    id: 'H804',
    title: '1101：人员信息里列出救助身份',
    duty: 'idetinfo 是列表，可能有几行；有有效期的看有效期。',
    async run(stage, check) {
      const bill = smallBill()
      const { id_number, name } = bill.patient
      const asked = { mdtrt_cert_type: '02', mdtrt_cert_no: id_number, psn_cert_type: '01', certno: id_number }
      const person = await stage.ask('1101', { data: { ...asked, psn_name: name, begntime: '' } })
      succeeded(check, person, '1101')
      check.holds('idetinfo 是列表', Array.isArray(person.output.idetinfo), typeof person.output.idetinfo)
      check.holds('列出救助身份', (person.output.idetinfo as unknown[] | undefined)?.length !== 0, '是空的')
    },
  },
  {
    id: 'H805',
    title: '5203：答复丢失后，按 msgid 查得到结算',
    duty: '不必记住结算ID：5203 的 msgid 填原报文的 msgid，即可知道有没有入账。',
    async run(stage, check) {
      const bill = smallBill()
      const ids = await stage.nextIds(bill.patient)
      const msgid = stage.nextMsgid()
      const settled = await stage.ask('2207', stage.settling(bill, ids), { msgid })
      assistedWith(check, settled, '2207', SMALL_WANTED[stage.reached.mode])
      const found = await stage.ask('5203', { data: { psn_no: ids.psn_no, setl_id: '', mdtrt_id: '', msgid } })
      succeeded(check, found, '5203')
      check.same('查到的结算ID', infoIn(found).setl_id, infoIn(settled).setl_id)
      check.same('查到的救助金额', infoIn(found).maf_pay, infoIn(settled).maf_pay)
      const nothing = await stage.ask('5203', { data: { psn_no: ids.psn_no, msgid: stage.nextMsgid() } })
      check.same('没有的 msgid', nothing.infcode, '-1')
    },
  },
]

export const FLOW_CASES: readonly HisCase[] = FLOWS.map((one) => ({ ...one, part: PART }))
