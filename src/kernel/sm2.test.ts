import { execFileSync, spawnSync } from 'node:child_process'
import { createPublicKey } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { sm3 } from './canonical.ts'
import { readSm2Key, readSm2Signature, sm2Verifies } from './sm2.ts'

/** GB/T 32918.5-2017 附录 A.2：推荐曲线上的数字签名示例。 */
const EXAMPLE = {
  key: '0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13',
  message: 'message digest',
  r: 'f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3',
  s: 'b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa',
}
const RAW = EXAMPLE.r + EXAMPLE.s
/** Both numbers have their highest bit set, so each is written with a zero in front. */
const DER = `3046022100${EXAMPLE.r}022100${EXAMPLE.s}`
const ORDER = 'fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123'
const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64')

describe('SM3（GB/T 32905-2016 附录 A）', () => {
  it.each([
    ['abc', '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0'],
    ['abcd'.repeat(16), 'debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732'],
  ])('%s', (text, digest) => {
    expect(sm3(text)).toBe(digest)
    expect(sm3(Buffer.from(text))).toBe(digest)
  })
})

describe('SM2 验签', () => {
  const { key, message } = EXAMPLE

  it.each([
    ['十六进制 r‖s', RAW],
    ['大写十六进制', RAW.toUpperCase()],
    ['Base64 r‖s', base64(RAW)],
    ['十六进制 DER', DER],
    ['Base64 DER', base64(DER)],
    ['折行的 Base64', base64(DER).replace(/.{64}/, '$&\r\n')],
  ])('标准示例：%s', async (_, signature) => {
    expect(await sm2Verifies(key, message, signature)).toBe(true)
    expect(await sm2Verifies(key, `${message} `, signature)).toBe(false)
  })

  it.each([
    ['空', ''],
    ['乱码', '签名'],
    ['少一字节', RAW.slice(2)],
    ['多一字节', `${RAW}00`],
    ['r、s 对调', EXAMPLE.s + EXAMPLE.r],
    ['r 为零', '0'.repeat(64) + EXAMPLE.s],
    ['s 为零', EXAMPLE.r + '0'.repeat(64)],
    ['s 等于曲线的阶', EXAMPLE.r + ORDER],
    ['DER 长度不符', DER.replace(/^3046/, '3045')],
    ['DER 后有余', `${DER}00`],
    ['DER 只有一个数', `3023022100${EXAMPLE.r}`],
    ['DER 有三个数', `3049022100${EXAMPLE.r}022100${EXAMPLE.s}020101`],
  ])('不是签名：%s', async (_, signature) => {
    expect(await sm2Verifies(key, message, signature)).toBe(false)
  })

  it('另一把公钥验不过', async () => {
    const generator = `0432c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0`
    expect(await readSm2Key(generator)).toBe(generator)
    expect(await sm2Verifies(generator, message, RAW)).toBe(false)
  })
})

describe('SM2 公钥', () => {
  const { key } = EXAMPLE
  const spki = `3059301306072a8648ce3d020106082a811ccf5501822d034200${key}`
  it.each([
    ['04 开头', key],
    ['不带 04', key.slice(2)],
    ['大写', key.toUpperCase()],
    ['压缩', `03${key.slice(2, 66)}`],
    ['Base64', base64(key)],
    ['SPKI', base64(spki)],
    ['PEM', `-----BEGIN PUBLIC KEY-----\n${base64(spki)}\n-----END PUBLIC KEY-----\n`],
  ])('%s', async (_, text) => {
    expect(await readSm2Key(text)).toBe(key)
  })

  it.each([
    ['空', ''],
    ['乱码', '公钥'],
    ['不在曲线上', key.replace(/.$/, '0')],
    ['不在曲线上，不带 04', key.slice(2).replace(/.$/, '0')],
    ['太短', key.slice(0, 100)],
    ['RSA', base64('30819f300d06092a864886f70d010101050003818d00')],
  ])('不收：%s', async (_, text) => {
    expect(await readSm2Key(text)).toBeNull()
  })
})

/** The command proves what two calls of one library cannot: that others mean the same by the same names. */
function opensslSigns(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'sm2-probe-'))
  const run = spawnSync('openssl', ['genpkey', '-algorithm', 'SM2', '-out', join(folder, 'key.pem')])
  rmSync(folder, { recursive: true, force: true })
  return run.status === 0
}
const HAS_OPENSSL = opensslSigns()
if (!HAS_OPENSSL) process.stderr.write('openssl is missing or lacks SM2: what it signs is not tried here\n')

describe.skipIf(!HAS_OPENSSL)('openssl 命令的 SM3 与 SM2', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sm2-'))
  const at = (name: string) => join(folder, name)
  const openssl = (...args: string[]) => execFileSync('openssl', args)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('SM3 一致', () => {
    for (const text of ['', 'abc', '结算', 'x'.repeat(1000)]) {
      writeFileSync(at('text'), text)
      expect(sm3(text)).toBe(openssl('dgst', '-sm3', '-r', at('text')).toString().slice(0, 64))
    }
  })

  it('它签的，这里验得过；改一个字就验不过', async () => {
    openssl('genpkey', '-algorithm', 'SM2', '-out', at('key.pem'))
    openssl('pkey', '-in', at('key.pem'), '-pubout', '-out', at('pub.pem'))
    const key = await readSm2Key(readFileSync(at('pub.pem'), 'utf8'))
    expect(key).not.toBeNull()
    for (const text of ['fixmedins_code=H65400200001&infno=2207', '经办人=张三', '']) {
      writeFileSync(at('text'), text)
      const distid = ['-sigopt', 'distid:1234567812345678']
      openssl('dgst', '-sm3', '-sign', at('key.pem'), ...distid, '-out', at('sig'), at('text'))
      const signature = readFileSync(at('sig'))
      for (const form of ['hex', 'base64'] as const) {
        expect(await sm2Verifies(key ?? '', text, signature.toString(form))).toBe(true)
        expect(await sm2Verifies(key ?? '', `${text}1`, signature.toString(form))).toBe(false)
      }
    }
  })

  it('标准示例也验得过，两边认的是同一种签名', () => {
    const jwkless = Buffer.from(`3059301306072a8648ce3d020106082a811ccf5501822d034200${EXAMPLE.key}`, 'hex')
    const pem = createPublicKey({ key: jwkless, format: 'der', type: 'spki' }).export({ type: 'spki', format: 'pem' })
    writeFileSync(at('example.pem'), pem)
    writeFileSync(at('example.sig'), Buffer.from(DER, 'hex'))
    writeFileSync(at('example'), EXAMPLE.message)
    const verify = ['dgst', '-sm3', '-verify', at('example.pem'), '-sigopt', 'distid:1234567812345678']
    expect(openssl(...verify, '-signature', at('example.sig'), at('example')).toString()).toContain('Verified OK')
    expect(readSm2Signature(DER)).toBe(RAW)
  })
})
