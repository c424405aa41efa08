import { describe, expect, it } from 'vitest'
import { credential, foreignSecret, paasid, tifSignature, type Upstream, upstreamFor, upstreamOf } from './his.ts'

describe('别人发放的密钥', () => {
  it.each([
    ['f3b1c0a98e7d46d2a1ce', true, '20 位随机'],
    ['6f9619ff-8b86-d011-b42d-00cf4fc964ff', true, 'UUID'],
    ['Qm9vIGlzIG5vdCBhIGtleQ==', true, 'Base64'],
    ['f3b1c0a98e7d46d2a1c', false, '19 位'],
    ['', false, '空'],
    ['aaaaaaaaaaaaaaaaaaaaaaaa', false, '一个字符'],
    ['12345678901234567890', false, '重复的数字'],
    ['abcdefghijklabcdefghijkl', false, '重复一遍'],
    ['abcabcabcabcabcabcabcabc', false, '只有三种字符'],
    ['f3b1c0a98e7d46d2 a1ce', false, '有空格'],
    ['f3b1c0a98e7d46d2a1ce密', false, '有汉字'],
    ['x'.repeat(10) + 'abcdefghijk'.repeat(20), false, '超过 200 位'],
  ])('%s：%s（%s）', (text, taken) => {
    expect(foreignSecret.safeParse(text).success).toBe(taken)
  })

  it('paasid 是一个名字，没有空格；凭据要么是密钥，要么是名字和密钥', () => {
    expect(['fsi_H65400200001', 'a', ' a', '', 'a b', 'x'.repeat(61)].map((t) => paasid.safeParse(t).success)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ])
    const secret = 'f3b1c0a98e7d46d2a1ce'
    expect(
      [{ apikey: secret }, { paasid: 'p', secret }, { paasid: 'p' }, { apikey: secret, paasid: 'p', secret }, {}].map(
        (c) => credential.safeParse(c).success,
      ),
    ).toEqual([true, true, false, false, false])
    // 平台自己定的密钥，再短也只能照用。
    expect([{ apikey: 'short' }, { apikey: '' }].map((c) => credential.safeParse(c).success)).toEqual([true, false])
  })
})

describe('医保平台', () => {
  it.each([
    ['http://10.1.2.3:8080/hss-call-service-interface', true],
    ['https://ybj.example.org/base', true],
    ['ftp://ybj.example.org', false],
    ['file:///etc/passwd', false],
    ['http://user:pw@ybj.example.org', false],
    ['http://ybj.example.org/?key=1', false],
    ['http://ybj.example.org/#x', false],
    ['ybj.example.org', false],
    ['', false],
  ])('地址 %s：%s', (url, taken) => {
    expect(upstreamOf.safeParse({ admdvs: '654002', url }).success).toBe(taken)
  })

  it.each([
    [999, false],
    [1000, true],
    [45_000, true],
    [45_001, false],
    [1500.5, false],
  ])('超时 %d 毫秒：%s', (timeout_ms, taken) => {
    expect(upstreamOf.safeParse({ admdvs: '654002', url: 'http://h', timeout_ms }).success).toBe(taken)
  })

  it('没有说的：一个地址、20 秒', () => {
    expect(upstreamOf.parse({ admdvs: '654002', url: 'http://h' })).toMatchObject({ style: 'one', timeout_ms: 20_000 })
  })

  it.each<[string, string | undefined, string]>([
    ['654002', '654002', '本地的平台'],
    ['654003', '654099', '没有自己的，用州本级的'],
    ['653101', '653100', '用地区的'],
    ['652101', '650000', '用自治区的'],
    ['110101', undefined, '别的省没有'],
  ])('%s 用 %s 的：%s', (place, area) => {
    const areas = ['654002', '654099', '654000', '653100', '650000']
    const one = (admdvs: string): Upstream => ({
      admdvs,
      url: `http://${admdvs}`,
      style: 'one',
      timeout_ms: 1000,
      sealed_credential: null,
    })
    expect(upstreamFor(new Map(areas.map((a) => [a, one(a)])), place)?.admdvs).toBe(area)
  })
})

it('x-tif-signature 是 SHA-256(时间+密钥+随机数+时间)，小写十六进制', () => {
  // printf '1773281730secret-of-the-gatewayab12cd1773281730' | sha256sum
  expect(tifSignature('secret-of-the-gateway', '1773281730', 'ab12cd')).toBe(
    '782b2eca3105109ae89f3ba382e89b0f7691304d3e4b6be054995ec065490744',
  )
})
