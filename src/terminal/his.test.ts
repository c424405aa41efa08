import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { HisTerminal } from '../../fixtures/practice/start.ts'
import { makeTown } from '../../fixtures/town.ts'
import { openSite, type Running, type Site, run as start, type Window } from './window.fixture.ts'

const town = makeTown()
const folder = mkdtempSync(join(tmpdir(), 'terminal-his-'))
let site: Site
let url: string
let made = 0
beforeAll(async () => {
  site = await openSite()
  url = site.practice.url()
})
afterAll(async () => {
  await site.close()
  rmSync(folder, { recursive: true, force: true })
})

/** One visit the insurer has settled: 1000.00, of which 600.00 are insured; 400.00 × 50% are capped at 200.00. */
function visit() {
  const nth = ++made
  return settledVisit(nth, `30000${nth}`)
}

function settledVisit(nth: number, setl_id: string) {
  const person = town.cast.get(`dibao_${nth + 20}`)
  const [psn_no, mdtrt_id] = [`P${nth}`, `M${nth}`]
  const amounts = { medfee_sumamt: '1000.00', inscp_scp_amt: 1000, hifp_pay: '600.0', fund_pay_sumamt: 600 }
  const setlinfo = {
    ...{ setl_id, mdtrt_id, psn_no, psn_name: person?.name, certno: person?.id_number, psn_cert_type: '01' },
    ...{ insutype: '390', med_type: '11', setl_time: '2024-05-20 10:00:00', clr_optins: '654002' },
    ...{ ...amounts, psn_part_amt: 400, psn_cash_pay: 400 },
  }
  const data = {
    ...{ psn_no, mdtrt_id, chrg_bchno: '1', med_type: '11', insutype: '390', medfee_sumamt: '1000.00' },
    ...{ mdtrt_cert_type: '02', mdtrt_cert_no: person?.id_number, psn_setlway: '01', acct_used_flag: '0' },
  }
  const file = join(folder, `${nth}.json`)
  writeFileSync(file, JSON.stringify({ data, setlinfo, setldetail: [{ fund_pay_type: '390100', fund_payamt: 600 }] }))
  return { nth, psn_no, mdtrt_id, setl_id, file }
}

/** A command of a HIS window, with its envelope and its signature. */
function run(by: HisTerminal, w: Window, at: string, ...words: string[]): Running {
  const secretFile = join(folder, by.id)
  writeFileSync(secretFile, by.secret)
  const signing = ['--paasid', by.paasid, '--secret-file', secretFile]
  return w.at(at, '--key', by.key, '--hospital', by.hospital, ...signing, ...words)
}
const his = (w: Window, at: string, ...words: string[]) => run(site.practice.second, w, at, ...words).ended
const bodies = (w: Window): string[] => readFileSync(w.journal, 'utf8').split('\n').filter(Boolean)
const cancel = ({ psn_no, mdtrt_id, setl_id }: ReturnType<typeof visit>) => {
  const file = join(folder, `cancel-${setl_id}.json`)
  writeFileSync(file, JSON.stringify({ data: { psn_no, mdtrt_id, setl_id } }))
  return file
}

describe('HIS 交易', { timeout: 120_000 }, () => {
  test('2206 试算不记日志；2207 记日志、得结算；2208 撤销；同一就诊可以重结', async () => {
    const [w, v] = [site.window(), visit()]
    const told = await his(w, url, 'his', '2206', v.file)
    expect([told.code, told.err]).toEqual([0, expect.stringContaining('其中医疗救助 200.00 元')])
    expect(bodies(w)).toEqual([])
    const settled = await his(w, url, 'his', '2207', v.file)
    expect([settled.code, JSON.parse(settled.out).output.setlinfo.maf_pay]).toEqual([0, 200])
    expect(settled.err).toContain('个人现金    200.00 元')
    const again = await his(w, url, 'his', '2207', v.file)
    expect([again.code, JSON.parse(again.out).code]).toEqual([1, 'bill_already_settled'])
    expect((await his(w, url, 'his', '2208', cancel(v))).code).toBe(0)
    expect((await his(w, url, 'his', '2208', cancel(v))).code).toBe(1)
    expect(new Set(w.states()).size).toBe(2)
  })

  test('不签名：被拒，没有入账', async () => {
    const [w, v] = [site.window(), visit()]
    const { key, hospital } = site.practice.second
    const bare = await w.at(url, '--key', key, '--hospital', hospital, 'his', '2207', v.file).ended
    expect([bare.code, JSON.parse(bare.out).code]).toEqual([1, 'signature_required'])
    expect((await his(w, url, 'his', '2207', v.file)).code).toBe(0)
  })

  test('代理吞掉答复：同一 msgid、同一内容再问，每次换新的签名，只结一笔', async () => {
    const [w, v] = [site.window(), visit()]
    const proxy = await site.through({ coming: (answer, { nth }) => (nth < 2 ? null : answer) })
    const ended = await his(w, proxy.url, 'his', '2207', v.file)
    expect([ended.code, ended.err]).toEqual([0, expect.stringContaining('其中医疗救助 200.00 元')])
    expect(ended.err).toContain('结果未知，正在查询')
    expect(new Set(proxy.seen.map((p) => p.body.toString('utf8'))).size).toBe(1)
    expect(new Set(proxy.seen.map((p) => p.headers['x-tif-nonce'])).size).toBe(3)
    expect((await his(w, url, 'his', '2208', cancel(v))).code).toBe(0)
  })

  test('2207 的答复全被吞掉、查询能通：5203 按 msgid 查到结算', async () => {
    const [w, v] = [site.window(), visit()]
    const proxy = await site.through({ coming: (answer, { path }) => (path === '/his/2207' ? null : answer) })
    const ended = await his(w, proxy.url, 'his', '2207', v.file)
    expect([ended.code, ended.err]).toEqual([0, expect.stringContaining(`结算ID ${v.setl_id}`)])
    expect(proxy.seen.map((p) => p.path.slice(5))).toEqual(['2207', '2207', '2207', '2207', '5203'])
  })

  test('断电：再启动用同一 msgid 查清，正好一笔', async () => {
    const [w, v] = [site.window(), visit()]
    let kill = () => {}
    const proxy = await site.through({
      coming: () => {
        kill()
        return null
      },
    })
    const running = run(site.practice.second, w, proxy.url, 'his', '2207', v.file)
    kill = () => running.child.kill('SIGKILL')
    expect((await running.ended).code).toBe(null)
    expect(w.states()).toEqual(['asked'])
    const resolved = await his(w, url, 'resolve')
    expect([resolved.code, resolved.out]).toEqual([0, expect.stringContaining('已查清，已办成')])
    const again = await his(w, url, 'his', '2207', v.file)
    expect(JSON.parse(again.out)).toMatchObject({
      code: 'bill_already_settled',
      title: expect.stringContaining(v.setl_id),
    })
  })

  test('查不清就冲正：2601 之后原报文不再发送，可用新的报文重结', async () => {
    const [w, v] = [site.window(), visit()]
    const lost = await site.through({ coming: () => null })
    expect((await his(w, lost.url, 'his', '2207', v.file)).code).toBe(3)
    expect((await his(w, lost.url, 'his', '2207', v.file)).code).toBe(3)
    const only2601 = await site.through({ coming: (answer, { path }) => (path === '/his/2601' ? answer : null) })
    const given = await his(w, only2601.url, 'resolve', '--give-up')
    expect([given.code, given.out]).toEqual([0, expect.stringContaining('已冲正')])
    // The insurer's settlement was taken back too: it has made another one.
    const fresh = await his(w, url, 'his', '2207', settledVisit(v.nth, `31000${v.nth}`).file)
    expect([fresh.code, JSON.parse(fresh.out).output.setlinfo.maf_pay]).toEqual([0, 200])
    const journal = await his(w, url, 'journal')
    expect(
      journal.out
        .trim()
        .split('\n')
        .map((line) => line.split('\t')[1]),
    ).toEqual(['已冲正', '办成', '办成'])
  })

  test('2601 的答复也丢了：先问清 2601，不再问原报文', async () => {
    const [w, v] = [site.window(), visit()]
    const lost = await site.through({ coming: () => null })
    expect((await his(w, lost.url, 'his', '2207', v.file)).code).toBe(3)
    expect((await his(w, lost.url, 'resolve', '--give-up')).code).toBe(3)
    const watched = await site.through({})
    const resolved = await his(w, watched.url, 'resolve')
    expect(resolved.code).toBe(0)
    expect(watched.seen.map((p) => p.path)).toEqual(['/his/2601'])
    expect((await his(w, url, 'his', '2207', settledVisit(v.nth, `31000${v.nth}`).file)).code).toBe(0)
  })

  test('2601 只给 msgid：本窗口发过的，其余从日志里取', async () => {
    const [w, v] = [site.window(), visit()]
    expect((await his(w, url, 'his', '2207', v.file)).code).toBe(0)
    const { msgid } = JSON.parse(JSON.parse(bodies(w)[0] ?? '').body)
    expect((await his(w, url, 'his', '2601', '--omsgid', msgid)).code).toBe(0)
    const again = await his(w, url, 'his', '2207', settledVisit(v.nth, `31000${v.nth}`).file)
    expect(again.code).toBe(0)
    const stranger = await his(w, url, 'his', '2601', '--omsgid', 'NOBODY')
    expect([stranger.code, stranger.err]).toEqual([2, expect.stringContaining('--oinfno')])
  })

  test.each([
    ['机构编号', '--hospital', ''],
    ['窗口编号', '--window', 'H65400200101'],
  ])('没有%s：退出 2，什么也没有发送', async (_, option, hospital) => {
    const proxy = await site.through({})
    const env = { TERMINAL_URL: proxy.url, TERMINAL_KEY: 'mak_nobody_nobody', TERMINAL_HOSPITAL: hospital }
    const ended = await start(['--journal', join(folder, 'unused'), 'his', '2207', visit().file], env).ended
    expect([ended.code, ended.err]).toEqual([2, expect.stringContaining(option)])
    expect(proxy.seen).toEqual([])
  })

  test('两个窗口同一秒发送：窗口编号不同，msgid 就不同', async () => {
    const [a, b] = [site.window(), site.window()]
    const both = await Promise.all([a, b].map((w) => his(w, url, 'his', '2207', visit().file)))
    expect(both.map((one) => one.code)).toEqual([0, 0])
    expect(bodies(a)[0]).not.toBe(bodies(b)[0])
  })
})

describe('经本服务与医保结算', { timeout: 120_000 }, () => {
  const between = (w: Window, ...words: string[]) => run(site.practice.between, w, url, ...words)

  /** A visit the platform has not settled yet: 400.00, of which it pays 180.00; 220.00 × 50% = 110.00. */
  async function open(w: Window) {
    const nth = ++made
    const person = town.cast.get(`dibao_${nth + 20}`)
    const file = join(folder, `between-${nth}.json`)
    const asked = { mdtrt_cert_type: '02', mdtrt_cert_no: person?.id_number, certno: person?.id_number }
    writeFileSync(file, JSON.stringify({ data: { ...asked, psn_cert_type: '01', psn_name: person?.name } }))
    const { psn_no } = JSON.parse((await between(w, 'his', '1101', file).ended).out).output.baseinfo
    const numbers = { psn_no, mdtrt_id: `B${nth}`, chrg_bchno: '1', psn_setlway: '01', acct_used_flag: '0' }
    const data = { ...numbers, med_type: '11', insutype: '390', medfee_sumamt: 400, inscp_scp_amt: 400 }
    writeFileSync(file, JSON.stringify({ data }))
    return { file, mdtrt_id: `B${nth}` }
  }
  const live = async (mdtrt_id: string) =>
    (await site.practice.platform.books()).live.filter((d) => d.mdtrt_id === mdtrt_id).length

  test('医保先付、救助后付，一次返回', async () => {
    const w = site.window()
    const { file, mdtrt_id } = await open(w)
    const ended = await between(w, 'his', '2207', file).ended
    expect([ended.code, JSON.parse(ended.out).output.setlinfo]).toMatchObject([0, { maf_pay: 110, psn_cash_pay: 110 }])
    expect(await live(mdtrt_id)).toBe(1)
  })

  test('医保平台已结、本服务在中途被杀死：终端问到结果，与医保平台的账一致', async () => {
    const w = site.window()
    const { file, mdtrt_id } = await open(w)
    const { platform, service } = site.practice
    await platform.control({ on: '2207', kind: 'late', ms: 1500, times: 1 })
    const running = between(w, '--timeout', '20', '--retry', '1,2,4,8,16', 'his', '2207', file)
    while ((await live(mdtrt_id)) === 0) await wait(20)
    await service.kill()
    await service.start()
    const ended = await running.ended
    expect(ended.err).toContain('结果未知，正在查询')
    expect([0, 1]).toContain(ended.code)
    expect(await live(mdtrt_id)).toBe(ended.code === 0 ? 1 : 0)
    expect((await between(w, 'pending').ended).code).toBe(0)
  })
})
