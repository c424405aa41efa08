import { beforeAll, describe, expect, test } from 'vitest'
import { revokeTerminal } from '../src/hospitals/revoke-terminal.ts'
import { eachEngine } from './engines.ts'
import { his, message, publishCodes, refusedFor, signIn } from './his-message.ts'
import { done, OPERATOR } from './people.ts'
import { HOSPITAL, OTHER_HOSPITAL, openWorld, type Terminal, type World } from './world.ts'

const SIGN_IN = '/fsi/api/signInSignOutService/signIn'

eachEngine((engine, open) => {
  let w: World
  let revoked: Terminal
  let token: string
  beforeAll(async () => {
    w = await openWorld(engine, open)
    expect(refusedFor(await his(w, signIn()))).toBe('his_codes_missing')
    await publishCodes(w)
    revoked = await w.addTerminal(HOSPITAL)
    await done(revokeTerminal(w.service.deps, OPERATOR, revoked.id))
    token = (await w.addStaff('administrator')).token
    await w.service.deps.directory.now()
  })
  const raw = (text: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>, headers = {}, path = '/his') =>
    w.call('POST', path, { raw: text, headers: { apikey: w.terminal.key, ...headers } })

  describe('三种地址，一个去处', () => {
    test.each(['/his', '/his/9001', SIGN_IN, '/fsi/api/SIGNINSIGNOUTSERVICE/SignIn'])('%s', async (path) => {
      const { status, headers, json } = await his(w, signIn(), { path })
      expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8'])
      expect(json).toEqual({
        infcode: '0',
        inf_refmsgid: expect.stringMatching(/^65400220261101100000[0-9A-Z]{10}$/),
        refmsg_time: '20261101100000000',
        respond_time: '20261101100000000',
        err_msg: '',
        enctype: '',
        signtype: '',
        cainfo: '',
        warn_msg: '',
        output: {
          signinoutb: { sign_time: '2026-11-01 10:00:00', sign_no: expect.stringMatching(/^20261101100000\d{6}$/) },
        },
      })
    })

    test('地址已说明交易的，报文可以不写；交易编号后的字母不影响', async () => {
      const { infno: _, ...unnamed } = signIn()
      for (const path of ['/his/9001', SIGN_IN]) expect(refusedFor(await his(w, unnamed, { path }))).toBeNull()
      expect(refusedFor(await his(w, signIn({ infno: '9001A' })))).toBeNull()
    })

    test('没有听说过的地址，由报文自己说明交易', async () => {
      expect(refusedFor(await his(w, signIn(), { path: '/fsi/api/localService/localName' }))).toBeNull()
    })

    test('缩进的 JSON、文本形式的输入都读', async () => {
      expect(refusedFor(await raw(JSON.stringify(signIn(), null, 4)))).toBeNull()
      expect(refusedFor(await his(w, signIn({ input: '{"signIn":{"opter_no":"1"}}' })))).toBeNull()
    })

    test.each([
      'application/json',
      'application/json;charset=utf-8',
      'application/json; charset=UTF-8',
      'application/json; charset="utf-8"',
      'application/json; charset=UTF8',
      'Application/JSON ; charset = utf-8',
      'application/json;',
    ])('内容类型 %s', async (type) => {
      expect(refusedFor(await raw(JSON.stringify(signIn()), { 'content-type': type }))).toBeNull()
    })
  })

  describe('每一个“不”都在信封里，HTTP 200', () => {
    const text = () => JSON.stringify(signIn())
    test.each<[string, string, () => Promise<unknown>]>([
      ['没有密钥', 'unauthenticated', () => w.call('POST', '/his', { body: signIn() })],
      ['密钥不对', 'unauthenticated', () => his(w, signIn(), { headers: { apikey: 'mak_0' } })],
      ['密钥为空', 'unauthenticated', () => his(w, signIn(), { headers: { apikey: '' } })],
      ['工作人员的令牌', 'forbidden', () => w.call('POST', '/his', { body: signIn(), token })],
      ['已停用的终端', 'terminal_revoked', () => his(w, signIn(), { as: revoked })],
      ['别家的机构编号', 'forbidden', () => his(w, signIn({ fixmedins_code: OTHER_HOSPITAL }))],
      ['没有的交易', 'his_unknown_infno', () => his(w, message('9999', {}))],
      ['没有报文', 'malformed_json', () => raw('')],
      ['不是 JSON', 'malformed_json', () => raw('{')],
      ['键重复', 'malformed_json', () => raw(text().replace('{', '{"infno":"9001",'))],
      ['字节顺序标记', 'malformed_json', () => raw(`\ufeff${text()}`)],
      ['不是 UTF-8', 'malformed_json', () => raw(Uint8Array.from([0x7b, 0xff, 0x7d]))],
      ['不是对象', 'invalid_request', () => raw('[]')],
      ['空对象', 'his_envelope_invalid', () => raw('{}')],
      ['没有 msgid', 'his_envelope_invalid', () => his(w, signIn({ msgid: '' }))],
      ['地址与报文不符', 'his_envelope_invalid', () => his(w, signIn(), { path: '/his/2207' })],
      ['服务地址与报文不符', 'his_envelope_invalid', () => his(w, signIn(), { path: SIGN_IN.replace(/In$/, 'Out') })],
      ['内容类型不对', 'unsupported_media_type', () => raw(text(), { 'content-type': 'text/plain' })],
      ['别的编码', 'unsupported_media_type', () => raw(text(), { 'content-type': 'application/json; charset=gbk' })],
      ['压缩', 'unsupported_media_type', () => raw(text(), { 'content-encoding': 'gzip' })],
      ['过大', 'body_too_large', () => raw(JSON.stringify(signIn({ dev_safe_info: 'x'.repeat(1_100_000) })))],
      ['不是接口地址', 'not_found', () => his(w, signIn(), { path: '/fsi/api/one' })],
      ['层数太多', 'not_found', () => his(w, signIn(), { path: '/his/9001/more' })],
      ['地址里的把戏', 'not_found', () => his(w, signIn(), { path: '/fsi/api/..%2f..%2fadmin/x' })],
      ['GET', 'method_not_allowed', () => w.call('GET', '/his')],
      ['GET 服务地址', 'method_not_allowed', () => w.call('GET', SIGN_IN)],
    ])('%s：%s', async (_, code, ask) => {
      const answer = (await ask()) as Awaited<ReturnType<World['call']>>
      expect(refusedFor(answer)).toBe(code)
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
      expect(answer.json.inf_refmsgid).toMatch(/^(000000|654002)\d{14}[0-9A-Z]{10}$/)
      expect(answer.json.err_msg).toMatch(/[\u4e00-\u9fa5]/)
    })

    test('没有声明长度的过大报文', async () => {
      const stream = new ReadableStream<Uint8Array>({
        start(controller) {
          for (let i = 0; i < 20; i++) controller.enqueue(new Uint8Array(100_000).fill(0x20))
          controller.close()
        },
      })
      expect(refusedFor(await raw(stream))).toBe('body_too_large')
    })

    test('没有的交易，说出有哪些', async () => {
      expect((await his(w, message('9999', {}))).json.err_msg).toMatch(/9999.*1201、1901/)
    })

    test('接口以外的地址照旧用本系统的话', async () => {
      for (const path of ['/hiss', '/fsi', '/v1/none']) {
        const answer = await w.call('POST', path, { body: {} })
        expect([answer.status, answer.json.code]).toEqual([404, 'not_found'])
      }
    })
  })

  test('机构编号可以不写', async () => {
    for (const fixmedins_code of ['', null, undefined])
      expect(refusedFor(await his(w, signIn({ fixmedins_code })))).toBeNull()
  })

  test('Authorization 中的密钥同样有效', async () => {
    const { terminal } = w
    expect(refusedFor(await w.call('POST', '/his', { body: signIn(), terminal }))).toBeNull()
  })

  test('计数与日志按交易编号，没有听说过的不成为新的一行；日志里没有报文的内容', async () => {
    w.log.length = 0
    const secret = { mdtrt_cert_no: '654002196201010008', psn_name: '测试甲' }
    await his(w, signIn({ opter_name: '测试乙' }))
    await his(w, message('7654', { data: secret }))
    await his(w, message('9001', { signIn: { opter_no: secret } }))
    const figures = (await w.call('GET', '/metrics')).text
    expect(figures).toMatch(/http_requests_total\{operation="his.9001",status="200"\} \d/)
    expect(figures).toMatch(/http_requests_total\{operation="his.unknown",status="404"\} \d/)
    expect(figures).not.toContain('7654')
    const log = w.log.join('')
    expect(log).toMatch(/"operation":"his.unknown","status":404,.*"code":"his_unknown_infno"/)
    for (const word of [secret.mdtrt_cert_no, '测试', '7654', HOSPITAL]) expect(log).not.toContain(word)
  })
})
