import { statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NO_BILL, openSite, run, type Site } from './window.fixture.ts'

let site: Site
let url: string
beforeAll(async () => {
  site = await openSite()
  url = site.practice.url()
})
afterAll(() => site.close())

describe('一笔结算', { timeout: 120_000 }, () => {
  test('办成退出 0，答复在标准输出；再结同一账单退出 1；日志只有本人可读，记录先于发送', async () => {
    const w = site.window()
    const first = await w.at(url, 'settle', w.bill).ended
    expect(first.code).toBe(0)
    expect(JSON.parse(first.out)).toMatchObject({ status: 'settled', assistance_paid: '3000.00' })
    expect(first.err).toContain('医疗救助    3000.00 元')
    expect(w.states()).toEqual(['asked', 'answered'])
    expect(statSync(w.journal).mode & 0o777).toBe(0o600)
    const again = await w.at(url, 'settle', w.bill).ended
    expect(again.code).toBe(1)
    expect(JSON.parse(again.out)).toMatchObject({ code: 'bill_already_settled' })
    expect(again.err).toContain('现在怎么办')
  })

  test('须签名的终端按 RFC 9421 签名；不签名退出 1，没有入账', async () => {
    const w = site.window()
    const { key, id } = site.practice.signed
    const bare = await w.at(url, 'settle', w.bill, '--key', key).ended
    expect([bare.code, JSON.parse(bare.out).code]).toEqual([1, 'signature_required'])
    expect(await site.booked(w.bill_no)).toMatchObject({ code: 'settlement_not_found' })
    const signed = await w.at(url, 'settle', w.bill, '--key', key, '--signed-as', id).ended
    expect([signed.code, JSON.parse(signed.out).assistance_paid]).toEqual([0, '3000.00'])
  })

  test.each([
    ['没有这个命令', ['frob'], '没有这个命令'],
    ['缺账单', ['settle'], '缺少参数'],
    ['账单不是 JSON', ['settle', NO_BILL], '不是一个 JSON 对象'],
    ['没有密钥', ['settle', NO_BILL, '--key', ''], '密钥'],
    ['地址不对', ['pending', '--url', 'ftp://x'], '--url'],
  ])('%s：退出 2，什么也没有发送', async (_, args, said) => {
    const proxy = await site.through({})
    const ended = await site.window().at(proxy.url, ...args).ended
    expect([ended.code, ended.err]).toEqual([2, expect.stringContaining(said)])
    expect(proxy.seen).toEqual([])
  })

  test('服务没开：退出 4，请求没有发出，日志里没有未完成的', async () => {
    const w = site.window()
    const ended = await w.at('http://127.0.0.1:9', 'settle', w.bill).ended
    expect(ended.code).toBe(4)
    expect(ended.err).not.toContain('结果未知')
    expect((await w.at(url, 'pending').ended).code).toBe(0)
  })

  test('冲销、查询、结算单、清理日志：删去已有结果的，姓名和号码不再留在盘上', async () => {
    const w = site.window()
    const { settlement_no: no } = JSON.parse((await w.at(url, 'settle', w.bill).ended).out)
    const page = `${w.journal}.html`
    expect((await w.at(url, 'statement', no, '--to', page).ended).code).toBe(0)
    expect(statSync(page).size).toBeGreaterThan(5000)
    const reversed = await w.at(url, 'reverse', no, '--reason', '账单录入有误').ended
    expect([reversed.code, JSON.parse(reversed.out).assistance_paid]).toEqual([0, '-3000.00'])
    expect((await w.at(url, 'reverse', no, '--reason', '再冲一次').ended).code).toBe(1)
    expect(JSON.parse((await w.at(url, 'look-up', '--no', no).ended).out)).toMatchObject({ status: 'reversed' })
    const listed = await w.at(url, 'journal').ended
    expect(listed.out.split('\n').filter((line) => line.includes('办成'))).toHaveLength(2)
    expect((await w.at(url, 'journal', '--prune').ended).err).toContain('已删去 3 笔')
    expect(statSync(w.journal)).toMatchObject({ size: 0 })
  })

  test('菜单：逐项录入账单，先试算，确认后按试算结算', async () => {
    const w = site.window()
    const [name, id] = ['马德明', '659900193811110011']
    const keyed = ['', 'CD-1', id, name, '', '', '1', '2024-01-02', '2024-01-12', 'I21.9', '急性心肌梗死', '1']
    const amounts = ['', '', '', '5000', '3000.5', '', '', '', '']
    const input = ['3', ...keyed, ...amounts, '', '', 'y', '9', '0', ''].join('\n')
    const options = ['--journal', w.journal]
    const ended = await run(options, { TERMINAL_URL: url, TERMINAL_KEY: site.practice.native.key }, input).ended
    expect(ended.code).toBe(0)
    expect(ended.out).toMatch(/试算结果：\n {2}医疗救助 {4}1999.50 元/)
    expect(ended.out).toMatch(/✓ 已结算\n {2}结算单号/)
    expect(ended.out).toContain('没有这一项')
    expect(await site.booked('CD-1')).toMatchObject({ status: 'settled', assistance_paid: '1999.50' })
  })
})

describe('答复丢失', { timeout: 120_000 }, () => {
  test('代理吞掉前两次答复：说“结果未知”，从不说失败；同一幂等键问到结果，只入一笔', async () => {
    const proxy = await site.through({ coming: (answer, { nth }) => (nth < 2 ? null : answer) })
    const w = site.window()
    const ended = await w.at(proxy.url, 'settle', w.bill).ended
    expect(ended.code).toBe(0)
    expect(ended.err).toContain('结果未知，正在查询')
    expect(ended.err).not.toMatch(/失败|✗/)
    expect(new Set(proxy.seen.map((p) => `${p.headers['idempotency-key']} ${p.body}`)).size).toBe(1)
    expect(w.states()).toEqual(['asked', 'unknown', 'answered'])
    expect(await site.booked(w.bill_no)).toMatchObject({ ledger_seq: JSON.parse(ended.out).ledger_seq })
  })

  test('结算的答复全被吞掉、查询能通：按幂等键查到结果', async () => {
    const proxy = await site.through({ coming: (answer, { method }) => (method === 'POST' ? null : answer) })
    const w = site.window()
    const ended = await w.at(proxy.url, 'settle', w.bill).ended
    expect([ended.code, JSON.parse(ended.out).assistance_paid]).toEqual([0, '3000.00'])
    expect(proxy.seen.map((p) => p.method)).toEqual(['POST', 'POST', 'POST', 'POST', 'GET'])
  })

  test('请求一直到不了服务、查询能通：查到没有入账，就用同一幂等键再结，只结一笔', async () => {
    const proxy = await site.through({ going: (passing) => (passing.nth < 4 ? null : passing) })
    const w = site.window()
    expect((await w.at(proxy.url, 'settle', w.bill).ended).code).toBe(0)
    expect(proxy.seen.map((p) => p.method)).toEqual(['POST', 'POST', 'POST', 'POST', 'GET', 'POST'])
    expect(await site.booked(w.bill_no)).toMatchObject({ status: 'settled' })
  })

  test('代理拿自己的错误页回答：不是本服务的话，一律按未知', async () => {
    const page = { status: 502, headers: { 'content-type': 'text/html' }, body: Buffer.from('<h1>Bad Gateway</h1>') }
    const proxy = await site.through({ coming: () => page })
    const w = site.window()
    const ended = await w.at(proxy.url, 'settle', w.bill).ended
    expect([ended.code, ended.out]).toEqual([3, ''])
    expect(ended.err).toContain('不要退款，也不要重新收费')
    expect((await w.at(url, 'pending').ended).code).toBe(3)
  })

  test('询问没有得到答复：退出 4，说没有办理任何业务，不留未完成', async () => {
    const proxy = await site.through({ coming: () => null })
    const w = site.window()
    const ended = await w.at(proxy.url, 'preview', w.bill).ended
    expect([ended.code, ended.err]).toEqual([4, expect.stringContaining('没有办理任何业务')])
    expect(ended.err).not.toContain('退款')
    expect((await w.at(url, 'pending').ended).code).toBe(0)
  })

  test('结果未知时，同一账单不能再提交；恢复后启动先查清，再办别的', async () => {
    const proxy = await site.through({ coming: () => null })
    const w = site.window()
    expect((await w.at(proxy.url, 'settle', w.bill).ended).code).toBe(3)
    expect((await w.at(proxy.url, 'settle', w.bill).ended).code).toBe(3)
    const keys = new Set(proxy.seen.flatMap((p) => p.headers['idempotency-key'] ?? []))
    expect(keys.size).toBe(1)
    const looked = await w.at(url, 'look-up', '--bill', w.bill_no).ended
    expect(looked.code).toBe(0)
    expect(looked.err).toContain('未完成交易 1 笔，正在查询')
    expect(looked.err).toContain('已查清，已办成')
    expect(await site.booked(w.bill_no)).toMatchObject({ status: 'settled', assistance_paid: '3000.00' })
  })

  test('另一把密钥不能替它查：幂等键属于原终端', async () => {
    const proxy = await site.through({ coming: () => null })
    const w = site.window()
    expect((await w.at(proxy.url, 'settle', w.bill).ended).code).toBe(3)
    const other = await w.at(url, 'resolve', '--key', site.practice.signed.key).ended
    expect([other.code, other.out]).toEqual([3, expect.stringContaining('另一把终端密钥')])
    expect((await w.at(url, 'resolve').ended).code).toBe(0)
  })
})
