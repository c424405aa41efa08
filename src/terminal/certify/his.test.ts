import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Carelessness } from '../../../test/careless-proxy.ts'
import { type Bench, failed, openBench, rewrite } from './bench.fixture.ts'
import { DIALECTS } from './dialects.ts'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.close())

const HIS = ['--mode', 'his']

describe('对练习服务', { timeout: 120_000 }, () => {
  test('两种接入方式全部通过，退出 0；做完什么都不留下，可以再做一遍', async () => {
    for (let n = 0; n < 2; n++) {
      const { code, findings } = await bench.certify(HIS)
      expect([failed(findings), code]).toEqual([[], 0])
      expect(findings.filter((f) => f.id.startsWith('H')).length).toBeGreaterThan(65)
      expect(findings.filter((f) => f.id.startsWith('B')).length).toBeGreaterThan(35)
      expect(new Set(findings.map((f) => f.id)).size).toBe(findings.length)
    }
    const { live } = await bench.practice.platform.books()
    expect(live).toEqual([])
  })

  test('各家写法各不相同：报文号、地址、节点、金额、成功判断', () => {
    expect(DIALECTS.map((d) => d.id).join('')).toBe('ABCDEFGHIJKL')
    const at = Date.parse('2026-11-01T10:31:07+08:00')
    const msgids = DIALECTS.map((d) => d.msgid('H65400200101', at, 7))
    expect(msgids.every((msgid) => msgid.length <= 30)).toBe(true)
    expect(new Set(msgids)).toEqual(
      new Set([
        'H65400200101202611011031070007',
        'H6540020010120261101103107',
        'H65400200101202611011031079999',
        '261101103107-H65400200101-0007',
      ]),
    )
  })
})

describe('环境有毛病，验收看得出来', { timeout: 120_000 }, () => {
  const CARELESS: readonly (readonly [string, Carelessness, string, readonly string[]])[] = [
    ['网关把 infcode 改成数字', { coming: (a) => rewrite(a, '"infcode":"0"', '"infcode":0') }, 'H503', ['H503']],
    ['网关在成功的答复里加了提示', { coming: (a) => rewrite(a, '"err_msg":""', '"err_msg":"成功"') }, 'H503', ['H503']],
    ['救助金额改成文本', { coming: (a) => rewrite(a, '"maf_pay":60', '"maf_pay":"60"') }, 'H501', ['H501']],
    ['个人现金少一分', { coming: (a) => rewrite(a, '"psn_cash_pay":60,', '"psn_cash_pay":59.99,') }, 'H501', ['H501']],
    [
      '网关丢掉签名头',
      { going: (p) => ({ ...p, headers: { ...p.headers, 'x-tif-signature': undefined } }) },
      'H501',
      [],
    ],
    [
      '网关遇到拒绝改发 HTTP 500',
      { coming: (a) => (a.body.includes('"infcode":"-1"') ? { ...a, status: 500 } : a) },
      'H604',
      ['H604'],
    ],
  ]
  test.each(CARELESS)('%s', async (_, careless, only, wanted) => {
    const proxy = await bench.through(careless)
    const { code, findings } = await bench.certify([...HIS, '--only', only], proxy.url)
    // Where not even the sign-in is let in, nothing is tried at all.
    expect(code).toBe(wanted.length === 0 ? 2 : 1)
    expect(failed(findings)).toEqual(expect.arrayContaining([...wanted]))
  })

  test('医保平台的基金合计含个人账户一类的毛病：医保的答复原样过去，验收看得出没有救助', async () => {
    await bench.practice.platform.control({ on: '2207', kind: 'bad_sums', how: 'fund', times: 1 })
    const { code, findings } = await bench.certify([...HIS, '--only', 'B101'])
    await bench.practice.platform.control({ clear: 'faults' })
    expect([code, failed(findings)]).toEqual([1, ['B101']])
  })
})

describe('录下的报文', { timeout: 120_000 }, () => {
  const file = () => join(bench.folder, 'recorded.jsonl')
  const record = (...lines: unknown[]) =>
    writeFileSync(file(), lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'))

  test('逐个发送，说出答复和各型客户端怎样读；别家的机构编号换成自己的', async () => {
    const message = { infno: '9001', msgid: 'REC-1', fixmedins_code: 'H11111111111', input: { signIn: {} } }
    record(
      message,
      { path: '/his/2207', body: { msgid: 'REC-2', input: { data: {} } } },
      { path: '/his', raw: '{\n  "infno": "9999",\n  "msgid": "REC-3",\n  "input": {}\n}' },
    )
    const { code, out, findings } = await bench.certify(['--replay', file()])
    expect([code, findings.map((f) => f.result)]).toEqual([0, ['pass', 'pass', 'pass']])
    expect(findings[0]?.seen[0]).toContain('已换成本机构的编号')
    expect(out).toContain('各型读作：A 成功，B 成功，C 成功，D 成功，I 成功')
    expect(out).toContain('拒绝 his_unknown_infno')
  })

  test('服务若答数字 0，C 型会读成失败：说出来；只看 C 型时退出 1', async () => {
    record({ infno: '9001', msgid: 'REC-4', input: { signIn: {} } })
    const proxy = await bench.through({ coming: (a) => rewrite(a, '"infcode":"0"', '"infcode":0') })
    const all = await bench.certify(['--replay', file()], proxy.url)
    expect([all.code, all.findings[0]?.result, all.out]).toEqual([0, 'warn', expect.stringContaining('C 型会读反')])
    const strict = await bench.certify(['--replay', file(), '--reader', 'C'], proxy.url)
    expect([strict.code, failed(strict.findings)]).toEqual([1, ['R1']])
    const other = await bench.certify(['--replay', file(), '--reader', 'B'], proxy.url)
    expect(other.code).toBe(0)
  })

  test.each([
    ['看不懂的行', ['{"a":1}'], [], '第 1 行看不懂'],
    ['没有这一型', ['{"infno":"9001","msgid":"X","input":{}}'], ['--reader', 'Z'], '--reader'],
  ])('%s：退出 2', async (_, lines, argv, said) => {
    record(...lines)
    const { code, err } = await bench.certify(['--replay', file(), ...argv])
    expect([code, err]).toEqual([2, expect.stringContaining(said)])
  })

  test('报告写进网页，仍是自足的', async () => {
    record({ infno: '9001', msgid: '<script>alert(1)</script>', input: { signIn: {} } })
    const page = join(bench.folder, 'replay.html')
    await bench.certify(['--replay', file(), '--out', page])
    expect(readFileSync(page, 'utf8')).not.toContain('<script')
  })
})
