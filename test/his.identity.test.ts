import { sm2 } from 'sm-crypto-v2'
import { beforeAll, describe, expect, test } from 'vitest'
import { addTerminal, type NewTerminal, type TerminalWithKey } from '../src/hospitals/add-terminal.ts'
import { revokeTerminal } from '../src/hospitals/revoke-terminal.ts'
import { readSm2Key } from '../src/kernel/sm2.ts'
import { eachEngine } from './engines.ts'
import { caHeaders, his, publishCodes, refusedFor, signIn, tifHeaders } from './his-message.ts'
import { done, OPERATOR } from './people.ts'
import { HOSPITAL, OTHER_HOSPITAL, openWorld, type World } from './world.ts'

const SECRET = 'f3b1c0a98e7d46d2a1ce'

eachEngine((engine, open) => {
  let w: World
  /** Has a name and a secret, and a second one beside it. */
  let gate: TerminalWithKey
  let other: TerminalWithKey
  let plain: TerminalWithKey
  let nonces = 0
  const nonce = () => `n-${++nonces}`
  const add = (change: Partial<NewTerminal>) =>
    done(addTerminal(w.service.deps, OPERATOR, { hospital: HOSPITAL, label: '1', signed: false, ...change }))
  beforeAll(async () => {
    w = await openWorld(engine, open)
    await publishCodes(w)
    gate = await add({ tif: { paasid: 'fsi_1', secret: SECRET } })
    other = await add({ tif: {} })
    plain = await add({})
    await w.service.deps.directory.now()
  })
  const post = async (headers: Record<string, string>, body: unknown = signIn()) =>
    refusedFor(await w.call('POST', '/his', { body, headers }))
  const seconds = (off = 0) => Math.floor(w.clock / 1000) + off
  const tif = (change: { paasid?: string; secret?: string; at?: number; nonce?: string } = {}) =>
    tifHeaders(change.paasid ?? 'fsi_1', change.secret ?? SECRET, change.at ?? seconds(), change.nonce ?? nonce())

  describe('x-tif-*', () => {
    test('名字和签名认出终端，不必再带密钥；带了也行，只要是同一台', async () => {
      expect(await post(tif())).toBeNull()
      expect(await post({ ...tif(), apikey: gate.key })).toBeNull()
      expect(await post({ ...tif(), authorization: `Bearer ${gate.key}` })).toBeNull()
      expect(await post(tif({ paasid: other.tif?.paasid ?? '', secret: other.tif?.secret ?? '' }))).toBeNull()
    })

    test('大写的签名也认', async () => {
      const headers = tif()
      const upper = { ...headers, 'x-tif-signature': (headers['x-tif-signature'] ?? '').toUpperCase() }
      expect(await post(upper)).toBeNull()
    })

    test.each<[string, string, () => Record<string, string>]>([
      ['有名字的终端只带密钥', 'signature_required', () => ({ apikey: gate.key })],
      ['没有签名', 'signature_required', () => ({ ...tif(), 'x-tif-signature': '' })],
      ['没有随机数', 'signature_required', () => ({ ...tif(), 'x-tif-nonce': '' })],
      ['没有时间', 'signature_required', () => ({ ...tif(), 'x-tif-timestamp': '' })],
      ['别的密钥', 'signature_invalid', () => tif({ secret: `${SECRET}x` })],
      ['签名不是十六进制', 'signature_invalid', () => ({ ...tif(), 'x-tif-signature': 'x'.repeat(64) })],
      ['签名短了', 'signature_invalid', () => ({ ...tif(), 'x-tif-signature': 'ab' })],
      ['换了随机数', 'signature_invalid', () => ({ ...tif(), 'x-tif-nonce': nonce() })],
      ['换了时间', 'signature_invalid', () => ({ ...tif(), 'x-tif-timestamp': String(seconds(1)) })],
      ['时间是毫秒', 'signature_invalid', () => tif({ at: w.clock })],
      ['太长的随机数', 'signature_invalid', () => tif({ nonce: 'n'.repeat(129) })],
      ['没有这个名字', 'unauthenticated', () => tif({ paasid: 'fsi_2' })],
      ['有名字的终端用没有的名字', 'signature_required', () => ({ ...tif({ paasid: 'fsi_2' }), apikey: gate.key })],
      ['密钥是另一台的', 'unauthenticated', () => ({ ...tif(), apikey: other.key })],
      ['密钥是没有名字的另一台的', 'unauthenticated', () => ({ ...tif(), apikey: plain.key })],
      ['密钥没有人认得', 'unauthenticated', () => ({ ...tif(), apikey: 'mak_0' })],
      ['两处的密钥不同', 'unauthenticated', () => ({ apikey: plain.key, authorization: `Bearer ${gate.key}` })],
      ['早了 61 秒', 'clock_skew', () => tif({ at: seconds(-61) })],
      ['晚了 61 秒', 'clock_skew', () => tif({ at: seconds(61) })],
    ])('%s：%s', async (_, code, headers) => {
      expect(await post(headers())).toBe(code)
    })

    test.each([-60, 60])('相差 %i 秒还算准', async (off) => {
      expect(await post(tif({ at: seconds(off) }))).toBeNull()
    })

    test('随机数只用一次，被拒绝的签名不占用它；过了时候，时间不对', async () => {
      const once = nonce()
      expect(await post(tif({ nonce: once, secret: 'wrong' }))).toBe('signature_invalid')
      const headers = tif({ nonce: once })
      expect(await post(headers)).toBeNull()
      expect(await post(headers)).toBe('signature_replayed')
      expect(await post(tif({ nonce: once, at: seconds(1) }))).toBe('signature_replayed')
      w.clock += 301_000
      expect(await post(headers)).toBe('clock_skew')
      w.clock -= 301_000
    })

    test('另一台终端的随机数是另一回事', async () => {
      const once = nonce()
      expect(await post(tif({ nonce: once }))).toBeNull()
      const { paasid = '', secret = '' } = other.tif ?? {}
      expect(await post(tif({ nonce: once, paasid, secret }))).toBeNull()
    })

    test('没有名字的终端带着医保平台的签名头，只看密钥', async () => {
      expect(await post({ ...tif({ paasid: 'of-the-insurer', secret: 'whatever' }), apikey: plain.key })).toBeNull()
    })

    test('停用以后，名字也不认', async () => {
      const gone = await add({ tif: { paasid: 'fsi_gone', secret: SECRET } })
      expect(await post(tif({ paasid: 'fsi_gone' }))).toBeNull()
      await done(revokeTerminal(w.service.deps, OPERATOR, gone.id))
      await w.service.deps.directory.now()
      expect(await post(tif({ paasid: 'fsi_gone' }))).toBe('terminal_revoked')
    })

    test('只属于自己的医院', async () => {
      expect(await post(tif(), signIn({ fixmedins_code: OTHER_HOSPITAL }))).toBe('forbidden')
    })
  })

  describe('x-ca-*', () => {
    const send = async (headers: (body: string) => Record<string, string>, change: Record<string, unknown> = {}) => {
      const body = JSON.stringify(signIn(change))
      return refusedFor(await w.call('POST', '/his', { raw: body, headers: headers(body) }))
    }
    const ca = (body: string, at: number | string = seconds(), secret = SECRET) => caHeaders('fsi_1', secret, at, body)

    test('秒或毫秒都认；与 x-tif-* 一同带着时两样都要对', async () => {
      expect(await send((body) => ca(body))).toBeNull()
      expect(await send((body) => ca(body, w.clock))).toBeNull()
      expect(await send((body) => ({ ...ca(body), ...tif() }))).toBeNull()
      expect(await send((body) => ({ ...ca(`${body} `), ...tif() }))).toBe('signature_invalid')
      expect(await send((body) => ({ ...ca(body), ...tif({ secret: 'wrong' }) }))).toBe('signature_invalid')
    })

    test.each<[string, string, (body: string) => Record<string, string>]>([
      ['报文改了一个字', 'signature_invalid', (body) => ca(`${body} `)],
      ['别的密钥', 'signature_invalid', (body) => ca(body, seconds(), `${SECRET}x`)],
      ['没有签名', 'signature_required', (body) => ({ ...ca(body), 'x-ca-signature': '' })],
      ['没有时间', 'signature_required', (body) => ({ ...ca(body), 'x-ca-timestamp': '' })],
      ['时间不是数字', 'signature_invalid', (body) => ca(body, '2026-11-01')],
      ['早了 61 秒', 'clock_skew', (body) => ca(body, seconds(-61))],
      ['没有这个名字', 'unauthenticated', (body) => caHeaders('fsi_2', SECRET, seconds(), body)],
    ])('%s：%s', async (_, code, headers) => {
      expect(await send(headers)).toBe(code)
    })

    test('同一份签名只用一次', async () => {
      const body = JSON.stringify(signIn())
      const headers = ca(body)
      const again = async () => refusedFor(await w.call('POST', '/his', { raw: body, headers }))
      expect([await again(), await again()]).toEqual([null, 'signature_replayed'])
    })
  })

  describe('报文内的 SM2 签名', () => {
    const pair = sm2.generateKeyPairHex()
    let signer: TerminalWithKey
    beforeAll(async () => {
      signer = await add({ sm2: (await readSm2Key(pair.publicKey)) ?? '' })
      await w.service.deps.directory.now()
    })
    /** The text by hand: sorted by ASCII, empty ones left out, without cainfo and input. */
    const TEXT = [
      'fixmedins_code=H65400200001',
      'fixmedins_name=医院 1',
      'inf_time=2026-11-01 10:00:00',
      'infno=9001',
      'infver=V1.0',
      'insuplc_admdvs=654002',
      'mdtrtarea_admvs=654002',
      'msgid=H65400200001-SM2',
      'opter=1001',
      'opter_name=收费员',
      'opter_type=1',
      'recer_sys_code=MBS_LOCAL',
      'signtype=SM2',
    ].join('&')
    const sign = (text: string, der = false) => sm2.doSignature(text, pair.privateKey, { hash: true, der })
    const signed = (cainfo: string, change: Record<string, unknown> = {}) =>
      signIn({ msgid: 'H65400200001-SM2', signtype: 'SM2', cainfo, dev_no: null, ...change })
    const send = async (body: unknown) => refusedFor(await his(w, body, { as: { ...signer, hospital: HOSPITAL } }))

    test('签名对的，收；十六进制、Base64、DER 都收', async () => {
      expect(await send(signed(sign(TEXT)))).toBeNull()
      expect(await send(signed(sign(TEXT, true)))).toBeNull()
      expect(await send(signed(Buffer.from(sign(TEXT), 'hex').toString('base64')))).toBeNull()
      expect(await send(signed(Buffer.from(sign(TEXT, true), 'hex').toString('base64')))).toBeNull()
    })

    test('输入不在签名之内；数字按 JSON 的写法；多出来的参数也在签名之内', async () => {
      expect(await send(signed(sign(TEXT), { input: { signIn: { opter_no: '2' } } }))).toBeNull()
      expect(await send(signed(sign(TEXT), { opter_type: 1 }))).toBeNull()
      expect(await send(signed(sign(`a=1&${TEXT}`), { a: '1' }))).toBeNull()
      expect(await send(signed(sign(TEXT), { a: '1' }))).toBe('signature_invalid')
    })

    test.each<[string, string, () => unknown]>([
      ['没有签名', 'signature_required', () => signed('')],
      ['没有说是 SM2', 'signature_required', () => signed(sign(TEXT), { signtype: 'SM3' })],
      ['乱码', 'signature_invalid', () => signed('0'.repeat(128))],
      ['换了操作员', 'signature_invalid', () => signed(sign(TEXT), { opter: '1002' })],
      ['换了报文号', 'signature_invalid', () => signed(sign(TEXT), { msgid: 'H65400200001-SM3' })],
      ['空值也写进去', 'signature_invalid', () => signed(sign(`cainfo=&${TEXT}`))],
      [
        '别人签的',
        'signature_invalid',
        () => signed(sm2.doSignature(TEXT, sm2.generateKeyPairHex().privateKey, { hash: true })),
      ],
    ])('%s：%s', async (_, code, body) => {
      expect(await send(body())).toBe(code)
    })

    test('不要求签名的终端，带着什么签名都不看', async () => {
      expect(await post({ apikey: plain.key }, signed('0000'))).toBeNull()
    })
  })

  test('要求 RFC 9421 签名的终端，在这里也要求', async () => {
    const strict = await add({ signed: true })
    await w.service.deps.directory.now()
    expect(await post({ apikey: strict.key })).toBe('signature_required')
  })
})
