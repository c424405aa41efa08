import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkCharacter } from '../../src/kernel/resident-id.ts'
import { charge, envelope, HOSPITAL, openHospital } from './hospital.ts'
import { FIXTURES, psnNoOf } from './people.ts'
import { createPlatform } from './server.ts'
import { isJson, type Json } from './wire.ts'

const [RESIDENT, , EMPLOYEE] = FIXTURES
if (!RESIDENT || !EMPLOYEE) throw new Error('there are persons to begin with')

type Line = ReturnType<typeof openHospital>

describe('over a socket', () => {
  const platform = createPlatform()
  const server = createServer(platform.handler)
  let his: Line
  let visits = 0
  const newVisit = () => `V${++visits}`
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    his = openHospital(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, 500)
  })
  afterAll(() => {
    his.close()
    server.close()
    server.closeAllConnections()
  })
  const back = (infno: string, setlinfo: Json) => {
    const { setl_id, mdtrt_id, psn_no } = setlinfo
    return his.say(infno, { data: { setl_id, mdtrt_id, psn_no } })
  }

  test('an outpatient from sign-in to cancellation, and the person’s own numbers', async () => {
    expect((await his.say('9001', { signIn: {} })).output.signinoutb.sign_no).toHaveLength(30)
    const person = (await his.say('1101', { data: { mdtrt_cert_type: '02', mdtrt_cert_no: RESIDENT.certno } })).output
    expect(person.insuinfo).toHaveLength(6)
    expect(person.idetinfo).toEqual([])
    const { psn_no } = person.baseinfo
    const { mdtrt_id } = (await his.say('2201', { data: { psn_no, ipt_otp_no: 'O1', insutype: '390' } })).output.data
    const row = { psn_no, mdtrt_id, chrg_bchno: 'B1', cnt: '2', med_type: '11' }
    const rows = [
      { ...row, feedetl_sn: '1', med_list_codg: 'XA01', det_item_fee_sumamt: '300.00', pric: '150' },
      { ...row, feedetl_sn: '2', med_list_codg: 'XA06', det_item_fee_sumamt: 65.0, pric: 32.5 },
      { ...row, feedetl_sn: '3', med_list_codg: 'XA09', det_item_fee_sumamt: '20.00', pric: '10' },
      { ...row, feedetl_sn: '4', med_list_codg: 'C001', det_item_fee_sumamt: '1100.00', pric: '550' },
    ]
    const { result } = (await his.say('2204', { feedetail: rows })).output
    expect(result.map((r: Json) => [r.chrgitm_lv, r.fulamt_ownpay_amt, r.overlmt_amt, r.preselfpay_amt])).toEqual([
      ['01', 0, 0, 0],
      ['02', 0, 0, 6.5],
      ['03', 20, 0, 0],
      ['01', 0, 100, 0],
    ])
    const wrong = await his.say('2206', charge(psn_no, mdtrt_id, 'B1', '1500.00'))
    expect(wrong.err_msg).toContain('1485')
    const forecast = (await his.say('2206', charge(psn_no, mdtrt_id, 'B1', '1485.00'))).output.setlinfo
    const { setlinfo, setldetail } = (await his.say('2207', charge(psn_no, mdtrt_id, 'B1', 1485))).output
    const { setl_id, setl_time, clr_way, clr_optins, medins_setl_id } = forecast
    expect([setl_id, setl_time, clr_way, clr_optins]).toEqual([null, null, null, null])
    const { setl_id: a, setl_time: b, clr_way: c, clr_optins: d, medins_setl_id: e, ...same } = setlinfo
    expect(forecast).toMatchObject(same)
    expect([a, b, c, d, e].every((x) => typeof x === 'string')).toBe(true)
    expect(e).not.toBe(medins_setl_id)
    // 1358.50 within the scope, 100.00 deductible, of the rest 60 %.
    expect([setlinfo.inscp_scp_amt, setlinfo.act_pay_dedc, setlinfo.hifp_pay]).toEqual([1358.5, 100, 755.1])
    expect(setldetail.map((r: Json) => [r.fund_pay_type, r.fund_payamt])).toEqual([['390100', 755.1]])
    const refused = await his.say('2202', { data: { psn_no, mdtrt_id, ipt_otp_no: 'O1' } })
    expect(refused.err_msg).toContain(setlinfo.setl_id)
    expect((await his.say('2205', { data: { psn_no, mdtrt_id, chrg_bchno: 'B1' } })).err_msg).toContain(
      setlinfo.setl_id,
    )
    const cumulated = async () =>
      (await his.say('5206', { data: { psn_no, cum_ym: '' } })).output.cuminfo.map((r: Json) => r.cum)
    expect(await cumulated()).toEqual([755.1, 0, 0])
    const cancelled = (await back('2208', setlinfo)).output
    expect(cancelled.setlinfo).toMatchObject({ medfee_sumamt: -1485, hifp_pay: -755.1, psn_part_amt: null })
    expect(cancelled.setldetail[0].fund_payamt).toBe(-755.1)
    const again = await back('2208', setlinfo)
    expect([again.infcode, again.err_msg?.includes(cancelled.setlinfo.setl_id)]).toEqual([-1, true])
    expect(await cumulated()).toEqual([0, 0, 0])
    const kept = (await his.say('5203', { data: setlinfo })).output.setlinfo
    expect([kept.refd_setl_flag, kept.medfee_sumamt]).toEqual(['1', 1485])
    expect((await his.say('2205', { data: { psn_no, mdtrt_id, chrg_bchno: '0000' } })).infcode).toBe(0)
    expect((await his.say('5204', { data: { psn_no, mdtrt_id } })).output).toEqual([])
    expect((await his.say('2202', { data: { psn_no, mdtrt_id, ipt_otp_no: 'O1' } })).infcode).toBe(0)
  })

  test('an inpatient, interim and final, with rows taken back', async () => {
    const { psn_no } = EMPLOYEE
    const { mdtrt_id } = (await his.say('2401', { mdtrtinfo: { psn_no, insutype: '310', ipt_no: 'Z1' } })).output.result
    const row = { psn_no, mdtrt_id, med_list_codg: 'C000', cnt: 2, pric: 600 }
    const upload = (sn: string, det_item_fee_sumamt: number, cnt = 2) =>
      his.say('2301', { feedetail: [{ ...row, feedetl_sn: sn, cnt, det_item_fee_sumamt }] })
    const sett = (mid_setl_flag: string, medfee_sumamt: number) =>
      his.say('2304', {
        data: { psn_no, mdtrt_id, medfee_sumamt, mid_setl_flag, insutype: '310', acct_used_flag: '0' },
      })
    await upload('1', 1200)
    const interim = (await sett('1', 1200)).output
    // 20 % of the 200.00 above the price limit are the hospital's; 400.00 deductible, of 600.00 the fund pays 85 %.
    expect(interim.setlinfo).toMatchObject({ hosp_part_amt: 40, hifp_pay: 510, psn_cash_pay: 650, clr_type: '21' })
    expect(interim.setldetail.map((r: Json) => r.fund_pay_type)).toEqual(['310100', '999996'])
    await upload('2', 1200)
    await upload('3', -600, -1)
    const final = (await sett('0', 600)).output.setlinfo
    expect(final).toMatchObject({ act_pay_dedc: 0, overlmt_selfpay: 100, hosp_part_amt: 20, hifp_pay: 425 })
    expect((await sett('0', 600)).err_msg).toContain(final.setl_id)
    expect((await his.say('2404', { data: { psn_no, mdtrt_id } })).err_msg).toContain(final.setl_id)
    expect((await back('2208', final)).infcode).toBe(-1)
    const cancelled = (await back('2305', final)).output.setlinfo
    expect(cancelled).toMatchObject({ setl_type: '2', psn_pay: -155, ownpay_hosp_part: -20, hosp_part_amt: null })
    expect((await his.say('2302', { data: [{ psn_no, mdtrt_id, feedetl_sn: '0000' }] })).infcode).toBe(0)
    expect((await his.say('5204', { data: { psn_no, mdtrt_id } })).output).toHaveLength(1)
  })

  test('a bill is settled once, whoever has the number is not mistaken, and nobody unknown is served', async () => {
    const first = await his.say('2207', charge(RESIDENT.psn_no, newVisit(), '1', '9'))
    const { setl_id, mdtrt_id, psn_no } = first.output.setlinfo
    const second = await his.say('2207', charge(RESIDENT.psn_no, mdtrt_id, '1', '9'))
    expect([second.infcode, second.err_msg?.includes(setl_id)]).toEqual([-1, true])
    expect((await his.say('2207', charge('65400200000000000000000000', newVisit(), '1', '9'))).infcode).toBe(-1)
    expect((await his.say('1101', { data: { mdtrt_cert_no: '1' } })).infcode).toBe(-1)
    const other = { setl_id, mdtrt_id, psn_no: EMPLOYEE.psn_no }
    expect((await his.say('2208', { data: other })).infcode).toBe(-1)
    const elsewhere = { fixmedins_code: 'H65400200002' }
    const stranger = await his.say('2208', { data: { setl_id, mdtrt_id, psn_no } }, his.newMsgid(), elsewhere)
    expect(stranger.infcode).toBe(-1)
  })

  test('2601 takes back by message number, once, and leaves a tombstone where nothing was', async () => {
    const lost = his.newMsgid()
    const of = (omsgid: string, oinfno = '2207', psn_no = RESIDENT.psn_no) => ({ data: { psn_no, omsgid, oinfno } })
    const bill = charge(RESIDENT.psn_no, newVisit(), '1', '300')
    const { setl_id } = (await his.say('2207', bill, lost)).output.setlinfo
    expect((await his.say('2601', of(lost, '2207', EMPLOYEE.psn_no))).infcode).toBe(-1)
    expect((await his.say('2601', of(lost, '2304'))).infcode).toBe(-1)
    expect((await his.say('2601', of(lost, '2206'))).infcode).toBe(-1)
    expect((await his.say('2601', of(lost))).infcode).toBe(0)
    expect((await his.say('2601', of(lost))).infcode).toBe(0)
    const documents = (platform.books().documents as Json[]).filter((d) => d.of === setl_id)
    expect(documents.map((d) => d.kind)).toEqual(['reversal'])
    expect((await his.say('2207', bill, lost)).err_msg).toContain('冲正')
    const anew = (await his.say('2207', bill)).output.setlinfo
    expect(anew.setl_id).not.toBe(setl_id)
    const cancel = his.newMsgid()
    expect((await his.say('2208', { data: anew }, cancel)).infcode).toBe(0)
    expect((await his.say('2601', of(cancel, '2208'))).infcode).toBe(0)
    expect((await his.say('2207', bill)).err_msg).toContain(anew.setl_id)
    for (const [unknown_original, answered, late] of [
      ['tombstone', 0, -1],
      ['forget', 0, 0],
      ['refuse', -1, 0],
    ] as const) {
      expect(platform.control({ unknown_original })).toBeNull()
      const never = his.newMsgid()
      expect((await his.say('2601', of(never))).infcode).toBe(answered)
      expect((await his.say('2207', charge(RESIDENT.psn_no, newVisit(), '1', '9'), never)).infcode).toBe(late)
    }
    platform.control({ unknown_original: 'tombstone' })
  })

  test('an admission whose answer was lost is reversed; a purchase is remembered for its reversal', async () => {
    const { psn_no } = RESIDENT
    const [admitted, bought] = [his.newMsgid(), his.newMsgid()]
    const { mdtrt_id } = (await his.say('2401', { mdtrtinfo: { psn_no, ipt_no: 'Z2' } }, admitted)).output.result
    await his.say('2102', { druginfo: { psn_no } }, bought)
    const of = (omsgid: string, oinfno: string) => his.say('2601', { data: { psn_no, omsgid, oinfno } })
    expect((await his.say('5303', { data: { psn_no } })).output.data.map((v: Json) => v.mdtrt_id)).toEqual([mdtrt_id])
    expect([(await of(admitted, '2401')).infcode, (await of(bought, '2102')).infcode]).toEqual([0, 0])
    expect((await his.say('5303', { data: { psn_no } })).output.data).toEqual([])
    expect((await his.say('2402', { dscginfo: { psn_no, mdtrt_id } })).err_msg).toContain('已撤销')
  })

  test('Guangzhou’s dialect: another node, and one message number for two patients in a second', async () => {
    const msgid = `${HOSPITAL.code}20260312101530`
    const say = (infno: string, psn_no: string) =>
      his.say(infno, { mdtrtinfo: charge(psn_no, newVisit(), '1', '300').data }, msgid)
    const [one, other] = [await say('2207', RESIDENT.psn_no), await say('2207', EMPLOYEE.psn_no)]
    expect([one.infcode, other.infcode]).toEqual([0, 0])
    const reversal = { psn_no: EMPLOYEE.psn_no, omsgid: msgid, oinfno: '2207' }
    expect((await his.say('2601', { data: reversal })).infcode).toBe(0)
    const live = (platform.books().live as Json[]).filter((d) => d.msgid === msgid)
    expect(live.map((d) => d.psn_no)).toEqual([RESIDENT.psn_no])
  })

  test('a strict platform wants the visit and its fees first', async () => {
    platform.control({ strict: true })
    const bill = (mdtrt_id: string) => his.say('2207', charge(RESIDENT.psn_no, mdtrt_id, '1', '9'))
    expect((await bill('V0')).err_msg).toContain('就诊信息')
    const registered = await his.say('2201', { data: { psn_no: RESIDENT.psn_no, ipt_otp_no: 'O2' } })
    expect((await bill(registered.output.data.mdtrt_id)).err_msg).toContain('费用明细')
    platform.control({ strict: false })
  })

  test('three styles of address; what does not fit is refused', async () => {
    const say = async (path: string, message: Json) => JSON.parse((await his.post(path, JSON.stringify(message))).text)
    const message = () => envelope('1201', his.newMsgid(), { medinsinfo: { fixmedins_code: HOSPITAL.code } })
    for (const path of ['/', '/base/1201', '/fsi/api/fsiFixMedInsService/queryFixMedIns'])
      expect((await say(path, message())).output.medinsinfo[0].fixmedins_name).toBe(HOSPITAL.name)
    expect((await say('/base/2207', message())).infcode).toBe(-1)
    expect((await say('/his', { ...message(), input: '{"medinsinfo":{}}' })).infcode).toBe(0)
    expect((await say('/his', { ...message(), infno: '4101' })).output).toEqual({})
    expect((await say('/his', { ...message(), infno: 'x' })).infcode).toBe(-1)
  })

  test('people and dialects by control; what is not understood changes nothing', async () => {
    const idetinfo = [
      { psn_idet_type: '7019', psn_type_lv: '', memo: '', begntime: '2024-01-01 00:00:00', endtime: '' },
    ]
    const { certno } = RESIDENT
    const first17 = '65990019600101001'
    const person = { certno: first17 + checkCharacter(first17), psn_name: '测试加入', balance: '12.30', idetinfo }
    const dialect = { infcode: 'string', amounts: 'string', idetinfo: 'object' }
    expect(platform.control({ people: [person], dialect })).toBeNull()
    const told = await his.say('1101', { data: { mdtrt_cert_no: person.certno } })
    expect([told.infcode, told.output.idetinfo.psn_idet_type]).toEqual(['0', '7019'])
    expect(told.output.baseinfo.psn_no).toBe(psnNoOf(person.certno))
    expect(told.output.insuinfo.find((i: Json) => i.psn_insu_stas === '1').balc).toBe('12.3')
    expect(platform.control({ dialect: { infcode: 'number', amounts: 'number', idetinfo: 'absent' } })).toBeNull()
    const old = certno.slice(0, 6) + certno.slice(8, 17)
    for (const mdtrt_cert_no of [certno, old, RESIDENT.card, RESIDENT.token])
      expect((await his.say('1101', { data: { mdtrt_cert_no } })).output.idetinfo).toBeUndefined()
    expect((await his.say('1101', { data: { mdtrt_cert_no: certno, psn_name: '别人' } })).infcode).toBe(-1)
    expect(platform.control({ dialect: { idetinfo: 'list' }, latency: 0 })).toBeNull()
    for (const wrong of [
      { kind: 'x', on: '2207' },
      { kind: 'cut', on: 'all' },
      { latency: -1 },
      { dialect: { infcode: 1 } },
      { people: [{}] },
    ])
      expect(platform.control(wrong)).toEqual(expect.any(String))
  })

  const RECORDED = new URL('../../../shared/reference/his-messages/', import.meta.url)
  test.each([
    ['resp-9001-signin', '9001'],
    ['resp-1101-resident', '1101'],
    ['resp-2206-presettle', '2206'],
    ['resp-2207-settle', '2207'],
    ['resp-2208-cancel', '2208'],
    ['resp-2304-inpatient-settle', '2304'],
  ])('answers have the keys of %s', async (name, infno) => {
    const file = new URL(`${name}.json`, RECORDED)
    if (!existsSync(file)) return console.log(`${name} is not at hand: nothing to compare with`)
    const { psn_no, certno } = EMPLOYEE
    const bill = charge(psn_no, newVisit(), '1', '1300')
    const settled = infno === '2208' ? (await his.say('2207', bill)).output.setlinfo : {}
    const input = infno === '1101' ? { data: { mdtrt_cert_no: certno } } : infno === '2208' ? { data: settled } : bill
    const ours = await his.say(infno, infno === '9001' ? { signIn: {} } : input)
    const keys = (value: unknown, path = ''): string[] => {
      if (Array.isArray(value)) return value.slice(0, 1).flatMap((v) => keys(v, `${path}[]`))
      return isJson(value)
        ? Object.entries(value).flatMap(([k, v]) => [`${path}.${k}`, ...keys(v, `${path}.${k}`)])
        : []
    }
    expect([...new Set(keys(ours))].sort()).toEqual(keys(JSON.parse(readFileSync(file, 'utf8')).body).sort())
  })
})
