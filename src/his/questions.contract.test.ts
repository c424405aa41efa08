import { beforeAll, describe, expect, test } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { fresh } from '../../test/his-desk.ts'
import { publishCodes, refusedFor } from '../../test/his-message.ts'
import { hisWindow, psnOf } from '../../test/his-window.ts'
import { type Person, residentId } from '../../test/people.ts'
import { openWorld, SOMEBODY, UNCATEGORISED, type World } from '../../test/world.ts'
import { personStumbles, takenForSuccess } from './clients.fixture.ts'

const PAST: Person = {
  id: residentId(11),
  name: '努尔兰',
  categories: [{ key: 'dibao', from: '2020-01-01', until: '2026-07-01' }],
}
const TWICE: Person = {
  id: residentId(12),
  name: '赵四',
  categories: [
    { key: 'dibao', from: '2021-01-01', until: '2027-01-01' },
    { key: 'extremely_poor', from: '2025-03-01' },
  ],
}
const DEAD: Person = { id: residentId(13), name: '钱五', diedOn: '2026-05-01' }
const STRANGER: Person = { id: residentId(999), name: '无名氏' }
/** As it was written before 1999. */
const old = (id: string): string => id.slice(0, 6) + id.slice(8, 17)
const DIBAO = { psn_idet_type: '7019', psn_type_lv: '', memo: '低保对象' }

eachEngine((engine, open) => {
  let w: World
  let at: ReturnType<typeof hisWindow>
  beforeAll(async () => {
    w = await openWorld(engine, open)
    await publishCodes(w)
    await w.register(PAST, TWICE, DEAD)
    await w.service.deps.directory.now()
    at = hisWindow(w)
  })
  const byId = (p: Person, change: object = {}) =>
    at.send('1101', { data: { mdtrt_cert_type: '02', mdtrt_cert_no: p.id, psn_name: p.name, ...change } })

  describe('1101 人员信息', () => {
    test('低保对象：身份、起止、名称；每种客户端都读得懂', async () => {
      const answer = await byId(SOMEBODY, { begntime: '' })
      expect(answer.json.output).toEqual({
        baseinfo: {
          psn_no: expect.stringMatching(/^M[0-9A-F]{25}$/),
          psn_name: SOMEBODY.name,
          psn_cert_type: '01',
          certno: SOMEBODY.id,
          gend: '1',
          naty: '',
          brdy: '1940-01-02',
          age: 86,
          exp_content: '医疗救助对象：低保对象（2020-01-01起）',
        },
        insuinfo: [],
        idetinfo: [{ ...DIBAO, begntime: '2020-01-01 00:00:00', endtime: '' }],
      })
      expect(personStumbles(answer.text)).toEqual([])
      expect(Object.values(takenForSuccess(answer.text))).not.toContain(false)
    })

    test('人员编号由本系统编，每次相同，不同的人不同；以后结算只带人员编号也认得', async () => {
      const [one, again, other] = [await byId(SOMEBODY), await byId(SOMEBODY), await byId(UNCATEGORISED)]
      const { psn_no } = one.json.output.baseinfo
      expect(again.json.output.baseinfo.psn_no).toBe(psn_no)
      expect(other.json.output.baseinfo.psn_no).not.toBe(psn_no)
      const settled = await at.settleStay(SOMEBODY, fresh('MD'), {
        data: { psn_no, mdtrt_cert_type: '03', mdtrt_cert_no: 'K1' },
        info: { psn_no, certno: '' },
      })
      expect(settled.json.output.setlinfo.maf_pay).toBe(750)
    })

    test('医院已有医保的人员编号，就用那一个；同一编号不能是两个人', async () => {
      const psn_no = fresh('65400')
      expect((await byId(SOMEBODY, { psn_no })).json.output.baseinfo.psn_no).toBe(psn_no)
      expect(refusedFor(await byId(UNCATEGORISED, { psn_no }))).toBe('psn_no_conflict')
    })

    test.each([
      ['不同的写法', { psn_name: '阿依古丽•买买提' }],
      ['证件号在 certno', { mdtrt_cert_type: '01', mdtrt_cert_no: 'TOKEN', certno: SOMEBODY.id }],
      ['社保卡，带证件号', { mdtrt_cert_type: '03', mdtrt_cert_no: 'K1', card_sn: 'C1', certno: SOMEBODY.id }],
      ['证件类型 90，号码是身份证', { psn_cert_type: '90', certno: SOMEBODY.id }],
      ['15 位号码', { mdtrt_cert_no: old(SOMEBODY.id) }],
    ])('%s', async (_, change) => {
      const { output } = (await byId(SOMEBODY, change)).json
      expect([output.baseinfo.certno, output.idetinfo.length]).toEqual([SOMEBODY.id, 1])
    })

    test('姓名没有给的，只答遮盖的；给错的拒绝', async () => {
      for (const psn_name of ['', null, undefined])
        expect((await byId(SOMEBODY, { psn_name })).json.output.baseinfo.psn_name).toBe('阿*·买*')
      const wrong = await byId(SOMEBODY, { psn_name: '别人' })
      expect(refusedFor(wrong)).toBe('name_mismatch')
      expect(wrong.text).not.toContain(SOMEBODY.name)
    })

    test('问哪一天，答哪一天：有终止日的说到哪天为止，几类身份各一行', async () => {
      const rows = async (p: Person, begntime: string) => (await byId(p, { begntime })).json.output.idetinfo
      const first = { ...DIBAO, begntime: '2020-01-01 00:00:00', endtime: '2026-06-30 23:59:59' }
      expect(await rows(PAST, '2026-06-30 23:00:00')).toEqual([first])
      expect(await rows(PAST, '2026-07-01')).toEqual([])
      expect(await rows(PAST, '')).toEqual([])
      expect(await rows(TWICE, '')).toEqual([
        { ...DIBAO, begntime: '2021-01-01 00:00:00', endtime: '2026-12-31 23:59:59' },
        { ...DIBAO, psn_idet_type: '7131', memo: '特困人员', begntime: '2025-03-01 00:00:00', endtime: '' },
      ])
      expect(await rows(DEAD, '2026-05-01')).toEqual([
        { ...DIBAO, begntime: '2020-01-01 00:00:00', endtime: '2026-05-01 23:59:59' },
      ])
    })

    test.each([
      ['不属于任何一类', UNCATEGORISED, '登记在册，但不属于任何一类救助对象'],
      ['已终止', PAST, '低保对象资格自 2026-07-01 起已终止'],
      ['已去世', DEAD, '登记显示此人已于 2026-05-01 去世'],
      ['没有登记', STRANGER, '登记册中查无此人'],
    ])('%s：成功，没有身份，说明原因', async (_, p, why) => {
      const answer = await byId(p)
      expect(answer.json.output).toMatchObject({ baseinfo: { exp_content: why, psn_name: p.name }, idetinfo: [] })
      expect(personStumbles(answer.text)).toEqual([])
    })

    test('没有登记又没有给姓名：姓名为空，其余按证件', async () => {
      const { baseinfo } = (await byId(STRANGER, { psn_name: '' })).json.output
      expect(baseinfo).toMatchObject({ psn_name: '', certno: STRANGER.id, age: expect.any(Number) })
    })

    test.each([
      ['电子凭证', { mdtrt_cert_type: '01', mdtrt_cert_no: 'ABCDEF0123456789' }, '身份证号'],
      ['社保卡', { mdtrt_cert_type: '03', mdtrt_cert_no: 'F53797370', card_sn: 'C1' }, '身份证号'],
      [
        '校验码不对',
        { mdtrt_cert_no: `${SOMEBODY.id.slice(0, 17)}${SOMEBODY.id.endsWith('1') ? '2' : '1'}` },
        '校验码',
      ],
      ['出生日期不存在', { mdtrt_cert_no: '', certno: '654002194002300011' }, 'certno：出生日期'],
      ['15 位而出生日期不存在', { mdtrt_cert_no: '654002400230001' }, '出生日期'],
      ['两处的号码不同', { certno: UNCATEGORISED.id }, '不是同一个'],
      ['什么都没有', { mdtrt_cert_no: '' }, '必填'],
    ])('%s：拒绝，说明要什么', async (_, data, words) => {
      const answer = await byId(SOMEBODY, data)
      expect(refusedFor(answer)).toBe('his_input_invalid')
      expect(answer.json.err_msg).toContain(words)
    })

    test('外国人的证件：不在登记册中，不是笔误', async () => {
      const passport = { mdtrt_cert_type: '99', mdtrt_cert_no: 'E12345678', psn_cert_type: '99', psn_name: 'JOHN' }
      const { baseinfo, idetinfo } = (await byId(STRANGER, passport)).json.output
      expect(idetinfo).toEqual([])
      expect(baseinfo).toMatchObject({ psn_cert_type: '99', certno: 'E12345678', psn_name: 'JOHN', gend: '9', age: 0 })
    })
  })

  test('问得过快的终端要等；答了什么有计数，问了谁没有', async () => {
    const window = hisWindow(w, w.second)
    const data = { mdtrt_cert_type: '02', mdtrt_cert_no: STRANGER.id, psn_name: STRANGER.name }
    const ask = () => window.send('1101', { data })
    let last = await ask()
    for (let i = 0; i < 400 && refusedFor(last) === null; i++) last = await ask()
    expect(refusedFor(last)).toBe('too_many_requests')
    expect(last.json.err_msg).toMatch(/请 1 秒后再试/)
    const figures = (await w.call('GET', '/metrics')).text
    expect(figures).toMatch(/eligibility_answers_total\{status="eligible"\} \d/)
    expect(figures).toMatch(/eligibility_answers_total\{status="unknown_person"\} \d{3}/)
    expect(figures).not.toContain(STRANGER.id)
  })

  test.each(['2001', '5201', '5303', '5206'])('%s 也是问人的，问得过快同样要等', async (infno) => {
    const window = hisWindow(w, w.second)
    const ask = () => window.send(infno, { data: { psn_no: 'NOBODY' } })
    let last = await ask()
    for (let i = 0; i < 400 && refusedFor(last) !== 'too_many_requests'; i++) last = await ask()
    expect(refusedFor(last)).toBe('too_many_requests')
  })

  describe('2001 待遇检查', () => {
    const numbered = async (p: Person) => (await byId(p)).json.output.baseinfo.psn_no as string
    const check = async (psn_no: string, change: object = {}, envelope: object = {}) =>
      at.send(
        '2001',
        { data: { psn_no, insutype: '390', begntime: '2026-11-01 10:00:00', ...change } },
        { ...envelope },
      )

    test('低保对象：享受，从何日起，依据哪一版办法', async () => {
      const psn_no = await numbered(SOMEBODY)
      expect((await check(psn_no)).json.output.trtinfo).toEqual([
        {
          psn_no,
          trt_chk_type: '1',
          fund_pay_type: '610100',
          trt_enjymnt_flag: '1',
          begndate: '2020-01-01',
          enddate: '',
          trt_chk_rslt: '医疗救助对象：低保对象（2020-01-01起）。依据 ili-yining 办法 2023-01-01 版。',
        },
      ])
    })

    test.each<[string, Person, object, object, RegExp]>([
      ['不属于任何一类', UNCATEGORISED, {}, {}, /不属于任何一类/],
      ['没有登记', STRANGER, {}, {}, /查无此人/],
      ['那一天还没有办法', SOMEBODY, { begntime: '2022-06-01' }, {}, /没有生效的救助办法/],
      ['参保地在别处', SOMEBODY, {}, { insuplc_admdvs: '110101' }, /110101 没有救助办法/],
    ])('%s：不享受，说明原因', async (_, p, change, envelope, why) => {
      const [row] = (await check(await numbered(p), change, envelope)).json.output.trtinfo
      expect(row).toMatchObject({ trt_enjymnt_flag: '0', begndate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) })
      expect(row.trt_chk_rslt).toMatch(why)
    })

    test('没有见过的人员编号：请先调用1101', async () => {
      const answer = await check(psnOf(STRANGER))
      expect(refusedFor(answer)).toBe('record_not_found')
      expect(answer.json.err_msg).toContain('请先调用1101')
    })
  })

  test('5301 慢特病备案：没有，说明向谁查询', async () => {
    const { output } = (await at.send('5301', { data: { psn_no: '1' } })).json
    expect(output).toEqual({ feedetail: [], exp_content: expect.stringContaining('医保平台') })
  })
})
