import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { standBetween } from '../../test/his-between.ts'
import { fresh } from '../../test/his-desk.ts'
import { publishCodes, refusedFor } from '../../test/his-message.ts'
import { hisWindow, psnOf, type Sent } from '../../test/his-window.ts'
import { type Person, residentId } from '../../test/people.ts'
import { type PlatformProcess, startPlatform } from '../../test/platform/start.ts'
import { HOSPITAL, openWorld, SOMEBODY, UNCATEGORISED, type World } from '../../test/world.ts'
import { personStumbles, settlementStumbles, takenForSuccess } from './clients.fixture.ts'

const STRANGER: Person = { id: residentId(999), name: '无名氏' }
const RENAMED: Person = { id: residentId(31), name: '李四' }
const BOTH: Person = { id: residentId(32), name: '古丽' }
const theirs = { psn_idet_type: '7019', psn_type_lv: '', memo: '', begntime: '2024-01-01 00:00:00', endtime: null }
const sports = { psn_idet_type: '7001', psn_type_lv: '', memo: '', begntime: '2024-01-01 00:00:00', endtime: null }

eachEngine((engine, open) => {
  let w: World
  let at: ReturnType<typeof hisWindow>
  let platform: PlatformProcess
  beforeAll(async () => {
    platform = await startPlatform()
    w = await openWorld(engine, open)
    await publishCodes(w)
    await w.register(RENAMED, BOTH)
    await standBetween(w, platform.url, 1000)
    at = hisWindow(w)
    const insured = [SOMEBODY, UNCATEGORISED, STRANGER, RENAMED].map((p) => ({ certno: p.id, psn_name: p.name }))
    const people = [...insured, { certno: BOTH.id, psn_name: BOTH.name, idetinfo: [sports, theirs] }].map((p) => ({
      ...p,
      psn_name: p.certno === RENAMED.id ? '李四四' : p.psn_name,
      psn_no: `6540${p.certno}`,
      token: `TOKEN${p.certno}`,
    }))
    await platform.control({ people, now: '2026-11-01T10:00:00+08:00' })
  })
  beforeEach(() => platform.control({ clear: 'faults', dialect: { idetinfo: 'list', infcode: 'number' } }))
  afterAll(() => platform.stop())

  const identify = (p: Person, data: object = {}) =>
    at.send('1101', { data: { mdtrt_cert_type: '02', mdtrt_cert_no: p.id, ...data } })
  const ask = (infno: string, p: Person, data: object = {}) => at.send(infno, { data: { psn_no: psnOf(p), ...data } })
  const setlOf = (sent: Sent): string => sent.json.output.setlinfo.setl_id
  const codesOf = (sent: Sent) => sent.json.output.idetinfo.map((row: Record<string, unknown>) => row.psn_idet_type)

  describe('1101：医保平台的答复里加上我们的身份', () => {
    test.each(['list', 'object', 'null', 'absent'])('平台写身份的方式 %s', async (idetinfo) => {
      await platform.control({ dialect: { idetinfo } })
      const answer = await identify(SOMEBODY)
      const { baseinfo, insuinfo } = answer.json.output
      expect(baseinfo).toMatchObject({ psn_no: psnOf(SOMEBODY), psn_name: SOMEBODY.name, naty: '01' })
      expect(insuinfo).toHaveLength(6)
      expect(answer.json.output.idetinfo).toEqual([
        { psn_idet_type: '7019', psn_type_lv: '', memo: '低保对象', begntime: '2020-01-01 00:00:00', endtime: '' },
      ])
      expect(answer.json.inf_refmsgid).toMatch(/^654000\d{24}$/)
      expect(personStumbles(answer.text)).toEqual([])
      expect(Object.values(takenForSuccess(answer.text))).not.toContain(false)
    })

    test('电子凭证由平台读；平台已有的同一身份不重复', async () => {
      expect(
        codesOf(await identify(SOMEBODY, { mdtrt_cert_type: '01', mdtrt_cert_no: `TOKEN${SOMEBODY.id}` })),
      ).toEqual(['7019'])
      expect(codesOf(await identify(BOTH))).toEqual(['7001', '7019'])
    })

    test('不在登记册、不属于任何一类、平台的姓名与登记不符：身份不加', async () => {
      for (const p of [STRANGER, UNCATEGORISED, RENAMED]) {
        const answer = await identify(p)
        expect([refusedFor(answer), answer.json.output.idetinfo], p.name).toEqual([null, []])
      }
    })

    test('问哪一天答哪一天', async () => {
      expect(codesOf(await identify(SOMEBODY, { begntime: '2019-12-31' }))).toEqual([])
    })

    test('平台拒绝、平台没有答复', async () => {
      const unknown = await identify({ id: residentId(500), name: '' })
      expect(unknown.json).toMatchObject({ infcode: -1, err_msg: '未查询到人员参保信息，请核对证件' })
      await platform.control({ on: '1101', kind: 'http_500' })
      expect(refusedFor(await identify(SOMEBODY))).toBe('platform_no_answer')
      await platform.kill()
      expect(refusedFor(await identify(SOMEBODY))).toBe('platform_unreachable')
      await platform.again()
    })
  })

  describe('2001、5206：救助的一项以我们的为准', () => {
    test('2001：平台的待遇之外，加一行医疗救助', async () => {
      await identify(SOMEBODY)
      const { trtinfo } = (await ask('2001', SOMEBODY, { begntime: '2026-11-01 10:00:00' })).json.output
      const row = (fund_pay_type: string) => ({ fund_pay_type, trt_enjymnt_flag: '1' })
      expect(trtinfo).toMatchObject([row('390100'), row('610100')])
      expect((await ask('2001', RENAMED)).json.output.trtinfo).toHaveLength(1)
    })

    test('5206：平台的其余累计照旧，救助累计是我们付的', async () => {
      await identify(SOMEBODY)
      const before = (await ask('5206', SOMEBODY)).json.output.cuminfo
      await at.settleThrough(SOMEBODY, await at.stay(SOMEBODY))
      const rows = (await ask('5206', SOMEBODY)).json.output.cuminfo as { cum_type_code: string; cum: number }[]
      const of = (list: typeof rows, code: string) => list.filter((r) => r.cum_type_code === code).map((r) => r.cum)
      expect(of(rows, 'D610101')).toEqual([(of(before, 'D610101')[0] ?? 0) + 1031.25])
      expect(of(rows, 'D390101')).toEqual([(of(before, 'D390101')[0] ?? 0) + 2625])
      expect((await ask('5206', RENAMED)).json.output.cuminfo).toHaveLength(3)
    })
  })

  describe('5203、5204、5201', () => {
    test('5203：经我们结算的，带着救助；按报文ID也查得到；不经我们的由平台答', async () => {
      const visit = await at.stay(SOMEBODY)
      const settled = await at.settleThrough(SOMEBODY, visit)
      for (const data of [{ setl_id: setlOf(settled), mdtrt_id: visit }, { msgid: settled.msgid }]) {
        const answer = await ask('5203', SOMEBODY, data)
        expect(answer.json.output.setlinfo).toMatchObject({
          maf_pay: 1031.25,
          refd_setl_flag: '0',
          begndate: '2026-10-20',
        })
        expect(settlementStumbles(answer.text)).toEqual([])
      }
      const unheard = await ask('5203', SOMEBODY, { setl_id: '300000000', mdtrt_id: visit })
      expect(unheard.json.err_msg).toBe('未查询到结算信息')
      expect(refusedFor(await ask('5203', SOMEBODY, { msgid: fresh('NEVER') }))).toBe('record_not_found')
    })

    test('5203：没有答复而已冲正的、还没有查清的、平台拒绝的，按报文ID说出是哪一种', async () => {
      const visit = await at.stay(SOMEBODY)
      await platform.control({ on: '2304', kind: 'cut' })
      const undone = await at.settleThrough(SOMEBODY, visit)
      expect(refusedFor(await ask('5203', SOMEBODY, { msgid: undone.msgid }))).toBe('platform_undone')
      await platform.control({ on: '2304', kind: 'refuse', text: '基金冻结' })
      const refused = await at.settleThrough(SOMEBODY, visit)
      expect((await ask('5203', SOMEBODY, { msgid: refused.msgid })).json.err_msg).toBe('基金冻结')
      await platform.control({ on: '2304', kind: 'cut' })
      await platform.control({ on: '2601', kind: 'http_500', times: 9 })
      const doubtful = await at.settleThrough(SOMEBODY, visit)
      expect(refusedFor(await ask('5203', SOMEBODY, { msgid: doubtful.msgid }))).toBe('outcome_unknown')
    }, 20_000)

    test('没有算成救助的：医保的答复原样转回，列入待补救助，5203 说明原因', async () => {
      const visit = await at.stay(SOMEBODY)
      await platform.control({ on: '2304', kind: 'bad_sums', how: 'fund' })
      const settled = await at.settleThrough(SOMEBODY, visit)
      const answer = await ask('5203', SOMEBODY, { setl_id: setlOf(settled) })
      expect(settlementStumbles(answer.text)).toEqual([])
      const { setlinfo, setldetail } = answer.json.output
      expect(setlinfo).toMatchObject({ maf_pay: 0, psn_cash_pay: 1375, psn_pay: 1375, refd_setl_flag: '0' })
      expect(setldetail.at(-1)).toMatchObject({
        fund_pay_type: '610100',
        setl_proc_info: expect.stringContaining('账单合计不平[bill_does_not_add_up]'),
      })
      const { token } = await w.addStaff('register_clerk')
      await new Promise((resolve) => setTimeout(resolve, 1100))
      const list = await w.call('GET', '/v1/missed-assistance', { token })
      expect(list.json.missed.at(-1)).toEqual({
        hospital: HOSPITAL,
        hospital_name: '医院 1',
        setl_id: setlOf(settled),
        mdtrt_id: visit,
        bill_no: `${visit}/Z`,
        day: '2026-11-01',
        at: '2026-11-01T10:00:00+08:00',
        reason: { code: 'bill_does_not_add_up', title: '账单合计不平' },
        total_cost: '4000.00',
        funds_paid: '2626.00',
        account_paid: '0.00',
        cash_paid: '1375.00',
      })
      expect(list.json.more).toBe(false)
      for (const secret of [SOMEBODY.name, SOMEBODY.id, psnOf(SOMEBODY)]) expect(list.text).not.toContain(secret)
    })

    test('5204：由平台答；平台答不了的，用医院上传过的作答', async () => {
      const visit = await at.stay(SOMEBODY)
      const row = {
        mdtrt_id: visit,
        psn_no: psnOf(SOMEBODY),
        feedetl_sn: '1',
        det_item_fee_sumamt: 4000,
        cnt: 1,
        pric: 4000,
      }
      await at.send('2301', { feedetail: [{ ...row, med_list_codg: 'XA01' }] })
      const settled = await at.settleThrough(SOMEBODY, visit)
      const data = { mdtrt_id: visit, setl_id: setlOf(settled) }
      const theirs = await ask('5204', SOMEBODY, data)
      expect(theirs.json.output).toMatchObject([{ feedetl_sn: '1', inscp_scp_amt: 4000 }])
      for (const kind of ['refuse', 'http_500', 'cut']) {
        await platform.control({ on: '5204', kind })
        const ours = await ask('5204', SOMEBODY, data)
        expect([refusedFor(ours), ours.json.output[0].memo], kind).toEqual([null, '费用划分以医保平台为准'])
      }
      await platform.control({ on: '5204', kind: 'http_500' })
      expect(refusedFor(await ask('5204', SOMEBODY, { mdtrt_id: fresh('MD') }))).toBe('platform_no_answer')
    })

    test('5201：平台的就诊，加上救助对象标志', async () => {
      await identify(SOMEBODY)
      const visit = await at.stay(SOMEBODY)
      const { mdtrtinfo } = (await ask('5201', SOMEBODY, { mdtrt_id: visit })).json.output
      expect(mdtrtinfo).toMatchObject([{ mdtrt_id: visit, maf_psn_flag: '1', psn_name: SOMEBODY.name }])
      await identify(UNCATEGORISED)
      const plain = await at.stay(UNCATEGORISED)
      expect((await ask('5201', UNCATEGORISED, { mdtrt_id: plain })).json.output.mdtrtinfo).toMatchObject([
        { maf_psn_flag: '' },
      ])
    })
  })

  test('1901：平台的字典由平台答，平台没有的由我们答', async () => {
    const list = (type: string) => at.send('1901', { data: { type, parentValue: '0', date: '2026-11-01' } })
    expect((await list('INSUTYPE')).json.output.list).toHaveLength(2)
    await platform.control({ on: '1901', kind: 'refuse' })
    expect((await list('FUND_PAY_TYPE')).json.output.list.length).toBeGreaterThan(20)
    await platform.control({ on: '1901', kind: 'refuse', text: '无此字典' })
    expect((await list('NONE')).json.err_msg).toBe('无此字典')
  })

  test.each(['5301', '5303', '9001', '9002', '1201'])('%s 原样转去，原样转来', async (infno) => {
    const answer = await at.send(infno, { data: { psn_no: psnOf(SOMEBODY) }, medinsinfo: {} })
    const log = await platform.log()
    expect([answer.json.infcode, log.at(-1)?.infno, log.at(-1)?.msgid]).toEqual([0, infno, answer.msgid])
  })
})
