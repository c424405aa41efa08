import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeTown } from '../../../fixtures/town.ts'
import type { Carelessness, Passed } from '../../../test/careless-proxy.ts'
import { type Bench, failed, openBench, rewrite, settles } from './bench.fixture.ts'
import { PARTS, STRANGER, townsman } from './people.ts'

const NATIVE = ['--mode', 'native']
let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.close())

describe('对练习服务', { timeout: 120_000 }, () => {
  test('全部通过，退出 0；做完什么都不留下，可以再做一遍', async () => {
    for (let n = 0; n < 2; n++) {
      const { code, out, findings } = await bench.certify(NATIVE)
      expect(failed(findings)).toEqual([])
      expect([code, out]).toEqual([0, expect.stringContaining('验收通过')])
      expect(findings.length).toBeGreaterThan(70)
      expect(new Set(findings.map((f) => f.id)).size).toBe(findings.length)
      expect(findings.filter((f) => f.result === 'skip').map((f) => f.id)).toEqual(['E03'])
    }
  })

  test('报告是一页自足的网页：没有脚本，不向别处要东西，每一项写明厂商须做什么', async () => {
    const file = join(bench.folder, 'report.html')
    const { code } = await bench.certify([...NATIVE, '--only', 'N1', '--out', file])
    const page = readFileSync(file, 'utf8')
    expect(code).toBe(0)
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|src=/)
    expect(page.match(/厂商须做：/g)).toHaveLength(12)
    expect(page).toContain('15210.00')
  })

  test('练习人员就是练习城镇里的人，外人不在册', () => {
    const { cast, people } = makeTown()
    for (const who of PARTS) {
      const { name, id_number } = cast.get(who) ?? {}
      expect([who, townsman(who)]).toEqual([who, { name, id_number }])
    }
    expect(people.some((p) => p.id_number === STRANGER.id_number)).toBe(false)
  })
})

describe('环境有毛病，验收看得出来', { timeout: 120_000 }, () => {
  const CARELESS: readonly (readonly [string, Carelessness, string, readonly string[]])[] = [
    [
      '代理自动重试 POST',
      {
        going: async (p, send) => {
          if (settles(p)) await send(p)
          return p
        },
      },
      'E0',
      ['E04'],
    ],
    [
      '代理删去 Idempotency-Key',
      { going: (p) => ({ ...p, headers: { ...p.headers, 'idempotency-key': undefined } }) },
      'N50',
      ['N501', 'N502', 'N503', 'N504', 'N505', 'N506', 'N507', 'N508', 'N509'],
    ],
    [
      '代理把报文限在 64 KB',
      {
        going: (p) => p,
        coming: (answer, p) =>
          p.body.length > 65_536 ? { status: 413, headers: {}, body: Buffer.from('<h1>too large</h1>') } : answer,
      },
      'E0',
      ['E06'],
    ],
    [
      '代理把汉字以外的文字弄坏',
      { going: (p) => ({ ...p, body: Buffer.from(p.body.toString('utf8').replace(/[\u0600-\u06ff]/g, '?')) }) },
      'E0',
      ['E04'],
    ],
    ['答复的金额被改了一分', { coming: (a) => rewrite(a, '"11407.50"', '"11407.51"') }, 'N1', ['N101']],
    ['答复隔三岔五丢失', { coming: (a, p) => (p.nth > 26 && settles(p) ? null : a) }, 'N10', ['N101', 'N102']],
  ]
  test.each(CARELESS)('%s', async (_, careless, only, wanted) => {
    const proxy = await bench.through(careless)
    const { code, out, findings } = await bench.certify([...NATIVE, '--only', only, '--timeout', '5'], proxy.url)
    expect(code).toBe(1)
    expect(failed(findings)).toEqual(expect.arrayContaining([...wanted]))
    expect(out).toContain('厂商须做：')
    expect(out).toContain('验收不通过')
  })

  test('代理缓存查询', async () => {
    const kept = new Map<string, Passed>()
    const proxy = await bench.through({
      coming: (answer, { method, path }) => {
        if (method !== 'GET' || path === '/healthz') return answer
        if (!kept.has(path) && answer.status === 200) kept.set(path, answer)
        return kept.get(path) ?? answer
      },
    })
    const { code, findings } = await bench.certify([...NATIVE, '--only', 'E05'], proxy.url)
    expect([code, failed(findings)]).toEqual([1, ['E05']])
  })

  test('本机时钟慢了十分钟', async () => {
    const slow = () => Date.now() - 600_000
    const { findings } = await bench.certify([...NATIVE, '--only', 'E02'], undefined, slow)
    expect(findings[0]).toMatchObject({ result: 'fail', seen: ['本机比服务慢 600 秒'] })
    const signed = await bench.certify([...NATIVE, '--only', 'N510'], undefined, slow)
    expect(failed(signed.findings)).toEqual(['N510'])
  })
})

describe('不该做的就不做', { timeout: 120_000 }, () => {
  test('不是练习环境：一笔也不结，退出 2', async () => {
    const proxy = await bench.through({ coming: (a) => rewrite(a, '"status":"eligible"', '"status":"unknown_person"') })
    const { code, err } = await bench.certify(NATIVE, proxy.url)
    expect([code, err]).toEqual([2, expect.stringContaining('不要对正式环境运行')])
    expect(proxy.seen.filter((p) => p.path.startsWith('/v1/settlements'))).toEqual([])
  })

  test('练习人员的限额已被用过：说出是谁、用了多少，退出 2', async () => {
    const headers = { authorization: `Bearer ${bench.practice.native.key}`, 'content-type': 'application/json' }
    const post = (path: string, body: unknown, key: string) =>
      fetch(`${bench.practice.url()}${path}`, {
        method: 'POST',
        headers: { ...headers, 'idempotency-key': key },
        body: JSON.stringify(body),
      }).then((r) => r.json() as Promise<Record<string, unknown>>)
    const bill = {
      bill_no: 'LEFT-OVER',
      visit_no: 'LEFT-OVER',
      care_type: 'inpatient',
      patient: townsman('dibao_1'),
      insurance: { type: 'resident', admdvs: '654002' },
      admitted_on: '2024-05-06',
      discharged_on: '2024-05-16',
      diagnoses: [{ code: 'I21.9', name: '急性心肌梗死' }],
      amounts: { total_cost: '1000.00', policy_scope_cost: '1000.00' },
    }
    const { settlement_no } = await post('/v1/settlements', bill, 'left-over-settlement')
    const { code, err } = await bench.certify(NATIVE)
    expect([code, err]).toEqual([2, expect.stringContaining('限额 annual 已用 750.00')])
    await post(`/v1/settlements/${settlement_no}/reversal`, { reason: '收拾' }, 'left-over-reversal')
  })

  test.each([
    ['连不上', ['--url', 'http://127.0.0.1:9'], '连不上'],
    ['密钥不对', ['--key', 'mak_wrong_wrong'], '密钥不被接受'],
    ['用法不对', ['--timeout', 'soon'], '--timeout'],
    ['报告名不对', ['--out', 'report.pdf'], '.html 或 .json'],
  ])('%s：退出 2', async (_, argv, said) => {
    const { code, err } = await bench.certify([...NATIVE, ...argv])
    expect([code, err]).toEqual([2, expect.stringContaining(said)])
  })
})
