import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { his, message, publishCodes, refusedFor, signIn } from '../../test/his-message.ts'
import { done, OPERATOR } from '../../test/people.ts'
import { HOSPITAL, OTHER_HOSPITAL, openWorld, type World } from '../../test/world.ts'
import { setHis, setUpstream } from '../hospitals/set-his.ts'

const ask1201 = (data: object, change = {}) => message('1201', { medinsinfo: data }, change)
const ask1901 = (data: object, change = {}) =>
  message('1901', { data: { parentValue: '0', date: '2026-11-01', ...data } }, change)

eachEngine((engine, open) => {
  let w: World
  beforeAll(async () => {
    w = await openWorld(engine, open)
    await publishCodes(w)
    await w.service.deps.directory.now()
  })

  describe('9001 签到、9002 签退', () => {
    test('签到流水号 20 位数字，每次不同', async () => {
      const one = (await his(w, signIn())).json.output.signinoutb
      const two = (await his(w, signIn())).json.output.signinoutb
      expect(one).toEqual({ sign_time: '2026-11-01 10:00:00', sign_no: expect.stringMatching(/^\d{20}$/) })
      expect(two.sign_no).not.toBe(one.sign_no)
    })

    test('以 data 签到的，也以 result 作答', async () => {
      const input = { data: { userid: '1001', password: 'x', currenttime: '20261101100000' } }
      const { output } = (await his(w, message('9001', input))).json
      expect(output.result).toEqual(output.signinoutb)
    })

    test('签退', async () => {
      const { json } = await his(w, message('9002', { signOut: { sign_no: '1', opter_no: '1001' } }))
      expect(json.output).toEqual({ signoutoutb: { sign_time: '2026-11-01 10:00:00' } })
    })

    test('操作员编号不是文本的，说明哪一栏', async () => {
      for (const [infno, node] of [
        ['9001', 'signIn'],
        ['9002', 'signOut'],
      ] as const) {
        const { json } = await his(w, message(infno, { [node]: { opter_no: {} } }))
        expect(json.err_msg).toMatch(/opter_no.*\[his_input_invalid\]$/)
      }
    })

    test('没有签到也可以办理', async () => {
      expect(refusedFor(await his(w, ask1201({}, { sign_no: '' })))).toBeNull()
    })
  })

  describe('1201 医药机构信息', () => {
    test.each([{}, { fixmedins_code: HOSPITAL, fixmedins_type: '1' }, { fixmedins_name: '任意' }])(
      '%j：本机构',
      async (data) => {
        const { output } = (await his(w, ask1201(data))).json
        expect(output).toEqual({
          medinsinfo: [
            { fixmedins_code: HOSPITAL, fixmedins_name: '医院 1', uscc: '', fixmedins_type: '1', hosp_lv: '02' },
          ],
        })
      },
    )

    test('别家的不说', async () => {
      expect(refusedFor(await his(w, ask1201({ fixmedins_code: OTHER_HOSPITAL })))).toBe('record_not_found')
    })
  })

  describe('1901 字典表', () => {
    const list = async (data: object) => (await his(w, ask1901(data))).json.output.list

    test('一行说全：值、名称、顺序、起始日期', async () => {
      const rows = await list({ type: 'insutype' })
      expect(rows.find((r: { value: string }) => r.value === '390')).toEqual({
        type: 'insutype',
        value: '390',
        label: expect.stringContaining('居民'),
        parentValue: '0',
        sort: expect.any(Number),
        valiFlag: '1',
        createUser: '',
        createDate: expect.stringMatching(/^20\d\d-\d\d-\d\d 00:00:00$/),
        version: expect.stringMatching(/^20\d\d-\d\d-\d\d$/),
      })
      expect(rows.map((r: { sort: number }) => r.sort)).toEqual(rows.map((_: unknown, i: number) => i + 1))
    })

    test('救助身份也在其中；大小写不论', async () => {
      const rows = await list({ type: 'PSN_IDET_TYPE' })
      expect(rows).toContainEqual(expect.objectContaining({ value: '7131', label: expect.stringContaining('特困') }))
    })

    test('只要无效的，没有', async () => {
      expect(await list({ type: 'insutype', valiFlag: '0' })).toEqual([])
      expect((await list({ type: 'insutype', valiFlag: '1' })).length).toBeGreaterThan(5)
    })

    test('没有的字典，说出有哪些；那一天、那个地方没有的，说没有', async () => {
      expect((await his(w, ask1901({ type: 'none' }))).json.err_msg).toMatch(/insutype.*\[record_not_found\]$/)
      expect(refusedFor(await his(w, ask1901({ type: 'insutype', date: '2019-01-01' })))).toBe('his_codes_missing')
      expect(refusedFor(await his(w, ask1901({})))).toBe('his_input_invalid')
    })

    test('别的统筹区用全国的', async () => {
      const places = await list({ type: 'admdvs' })
      expect(places.length).toBeGreaterThan(0)
      expect(refusedFor(await his(w, ask1901({ type: 'insutype', admdvs: '110101' })))).toBeNull()
    })
  })

  describe('居中的医院', () => {
    let platform: Server
    const seen: { path: string; body: string }[] = []
    beforeAll(async () => {
      platform = createServer(async (request, response) => {
        let body = ''
        for await (const part of request) body += part
        seen.push({ path: request.url ?? '', body })
        response.setHeader('content-type', 'application/json')
        response.end('{"infcode":0,"output":{"from":"platform"}}')
      })
      await new Promise<void>((resolve) => platform.listen(0, '127.0.0.1', resolve))
      const { port } = platform.address() as AddressInfo
      const { deps } = w.service
      await done(setHis(deps, OPERATOR, { code: OTHER_HOSPITAL, mode: 'in_between' }))
      const url = `http://127.0.0.1:${port}/base`
      await done(setUpstream(deps, OPERATOR, { admdvs: '654000', url, style: 'infno', timeout_ms: 5000 }))
      await deps.directory.now()
    })
    afterAll(() => void platform.close())
    const own = { fixmedins_code: OTHER_HOSPITAL }

    test.each([
      ['9001', signIn(own)],
      ['9002', message('9002', { signOut: {} }, own)],
      ['1201', ask1201({}, own)],
      ['1901', ask1901({ type: 'insutype' }, own)],
      ['5301', message('5301', { data: { psn_no: '1' } }, own)],
    ])('%s 由医保平台作答，原文转去，原文转来', async (infno, body) => {
      seen.length = 0
      const answer = await his(w, body, { as: w.stranger })
      expect(answer.text).toBe('{"infcode":0,"output":{"from":"platform"}}')
      expect(seen).toEqual([{ path: `/base/${infno}`, body: JSON.stringify(body) }])
    })

    test('救助身份字典还是本系统的', async () => {
      seen.length = 0
      const { json } = await his(w, ask1901({ type: 'psn_idet_type' }, own), { as: w.stranger })
      expect([json.output.list.length > 5, seen]).toEqual([true, []])
    })
  })
})
