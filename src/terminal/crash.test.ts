import { appendFileSync, chmodSync, existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSite, type Site } from './window.fixture.ts'

let site: Site
let url: () => string
beforeAll(async () => {
  site = await openSite()
  url = site.practice.url
})
afterAll(() => site.close())

/** A proxy that ends the terminal, as a power cut does, when the request has come this far. */
async function powerCut(where: 'before_the_service' | 'after_the_service') {
  let cut = () => {}
  const proxy = await site.through({
    going: (passing) => {
      if (where === 'before_the_service') cut()
      return where === 'before_the_service' ? null : passing
    },
    coming: () => {
      cut()
      return null
    },
  })
  return { proxy, on: (kill: () => void) => (cut = kill) }
}

describe('终端断电', { timeout: 120_000 }, () => {
  test.each([
    ['已入账、答复没到', 'after_the_service', 'settled'],
    ['请求没到服务', 'before_the_service', undefined],
  ] as const)('%s：再启动先说未完成交易 1 笔，查清后正好一笔', async (_, where, before) => {
    const w = site.window()
    const { proxy, on } = await powerCut(where)
    const running = w.at(proxy.url, 'settle', w.bill)
    on(() => running.child.kill('SIGKILL'))
    const killed = await running.ended
    expect([killed.code, killed.out]).toEqual([null, ''])
    expect(w.states()).toEqual(['asked'])
    expect((await site.booked(w.bill_no)).status).toBe(before ?? 404)
    const again = await w.at(url(), 'resolve').ended
    expect([again.code, again.out]).toEqual([0, expect.stringContaining('已查清，已办成')])
    const settled = await site.booked(w.bill_no)
    expect(settled).toMatchObject({ status: 'settled', assistance_paid: '3000.00' })
    expect((await w.at(url(), 'settle', w.bill).ended).code).toBe(1)
    expect(await site.booked(w.bill_no)).toEqual(settled)
  })

  test('冲销中断电：查清后只冲一次，可以重结', async () => {
    const w = site.window()
    const { settlement_no: no } = JSON.parse((await w.at(url(), 'settle', w.bill).ended).out)
    const { proxy, on } = await powerCut('after_the_service')
    const running = w.at(proxy.url, 'reverse', no, '--reason', '录入有误')
    on(() => running.child.kill('SIGKILL'))
    await running.ended
    const next = await w.at(url(), 'settle', w.bill).ended
    expect(next.err).toContain('未完成交易 1 笔')
    expect([next.code, JSON.parse(next.out).assistance_paid]).toEqual([0, '3000.00'])
    expect((await w.at(url(), 'reverse', no, '--reason', '再冲').ended).code).toBe(1)
  })

  test('随时断电六次：每张账单最后正好一笔', async () => {
    const journals = await Promise.all(
      [20, 150, 220, 260, 300, 340].map(async (ms) => {
        const w = site.window()
        const running = w.at(url(), 'settle', w.bill)
        await wait(ms)
        running.child.kill('SIGKILL')
        await running.ended
        // Whoever was ended before it noted anything down has sent nothing: the cashier types the bill again.
        const noted = existsSync(w.journal) && w.states().includes('asked')
        const again = noted ? await w.at(url(), 'resolve').ended : await w.at(url(), 'settle', w.bill).ended
        expect(again.code).toBe(0)
        return site.booked(w.bill_no)
      }),
    )
    expect(journals.map((j) => j.status)).toEqual(Array(6).fill('settled'))
  })
})

describe('日志', { timeout: 120_000 }, () => {
  test('最后一行没写完：略过，说出来；没写完的请求没有发送，之后照常', async () => {
    const w = site.window()
    await w.at(url(), 'settle', w.bill).ended
    const whole = readFileSync(w.journal, 'utf8')
    appendFileSync(w.journal, '{"state":"asked","id":"AAAAAAAA')
    const listed = await w.at(url(), 'resolve').ended
    expect(listed.code).toBe(0)
    const { settlement_no: no } = await site.booked(w.bill_no)
    const after = await w.at(url(), 'reverse', String(no), '--reason', '录入有误').ended
    expect([after.code, after.err]).toEqual([0, expect.stringContaining('第 3 行没有写完')])
    expect(readFileSync(w.journal, 'utf8').startsWith(whole)).toBe(true)
    expect(w.states()).toEqual(['asked', 'answered', 'asked', 'answered'])
  })

  test('答复那一行没写完：仍算未完成，用同一幂等键查到原结果', async () => {
    const w = site.window()
    const first = JSON.parse((await w.at(url(), 'settle', w.bill).ended).out)
    const whole = readFileSync(w.journal, 'utf8')
    writeFileSync(w.journal, whole.slice(0, -30))
    const again = await w.at(url(), 'resolve').ended
    expect([again.code, again.out]).toEqual([0, expect.stringContaining(first.settlement_no)])
  })

  test('权限过宽：改回仅本人可读，并说出来', async () => {
    const w = site.window()
    await w.at(url(), 'settle', w.bill).ended
    chmodSync(w.journal, 0o644)
    expect((await w.at(url(), 'look-up', '--bill', w.bill_no).ended).err).toContain('权限过宽')
    expect(statSync(w.journal).mode & 0o777).toBe(0o600)
  })

  test('写不进去：什么也不发送', async () => {
    const w = site.window()
    const proxy = await site.through({})
    symlinkSync('/dev/full', w.journal)
    const ended = await w.at(proxy.url, 'settle', w.bill).ended
    expect([ended.code, proxy.seen.length]).toEqual([2, 0])
    expect(ended.err).toContain('没有发送')
  })

  test('一个日志同时只给一个程序；前一个被杀死的，锁不碍事', async () => {
    const w = site.window()
    let release = () => {}
    const done = new Promise<void>((resolve) => {
      release = resolve
    })
    const held = await site.through({ going: (passing) => done.then(() => passing) })
    const first = w.at(held.url, '--timeout', '60', 'settle', w.bill)
    while (held.seen.length === 0) await wait(20)
    const second = await w.at(url(), 'resolve').ended
    release()
    expect([second.code, second.err]).toEqual([2, expect.stringContaining('正被另一个终端程序')])
    expect((await first.ended).code).toBe(0)
    writeFileSync(`${w.journal}.lock`, '99999999')
    expect((await w.at(url(), 'pending').ended).code).toBe(0)
  })
})

describe('服务被杀死', { timeout: 120_000 }, () => {
  test('kill -9 服务于请求途中：终端继续问，重启后同一幂等键得到唯一结果', async () => {
    const w = site.window()
    const { service } = site.practice
    let killed = false
    const proxy = await site.through({
      going: async (passing, send) => {
        if (killed) return passing
        killed = true
        // The service ends while it may be at its commit.
        void send(passing).catch(() => undefined)
        await wait(3)
        await service.kill()
        return null
      },
    })
    const running = w.at(proxy.url, 'settle', w.bill, '--retry', '0.5,1,2,4,8,16')
    while (!killed) await wait(10)
    await wait(300)
    await service.start()
    const ended = await running.ended
    expect([ended.code, JSON.parse(ended.out).assistance_paid]).toEqual([0, '3000.00'])
    expect(ended.err).toContain('结果未知，正在查询')
    expect(await site.booked(w.bill_no)).toMatchObject({ settlement_no: JSON.parse(ended.out).settlement_no })
  })
})
