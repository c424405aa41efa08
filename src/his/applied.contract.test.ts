import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { standBetween } from '../../test/his-between.ts'
import { fresh, hisDesk, outcome } from '../../test/his-desk.ts'
import { publishCodes, refusedFor, isTaken as succeeded } from '../../test/his-message.ts'
import { hisWindow, psnOf, stayInfo } from '../../test/his-window.ts'
import { checkLedger } from '../../test/oracle.ts'
import { type RawPlatform, rawPlatform } from '../../test/raw-platform.ts'
import { openWorld, SOMEBODY, type World } from '../../test/world.ts'
import { hospitalBooks } from './clearing.fixture.ts'
import { psnBlind } from './kept.ts'
import { callRounds } from './rounds.ts'

const ROUNDS = 16

/** 3203 and 2601 about the same settlement: one of the two, never both. */
eachEngine((engine, open) => {
  let w: World
  let at: ReturnType<typeof hisWindow>
  let books: ReturnType<typeof hospitalBooks>
  let platform: RawPlatform
  beforeAll(async () => {
    platform = await rawPlatform()
    w = await openWorld(engine, open)
    await publishCodes(w)
    at = hisWindow(w)
    books = hospitalBooks(w, at)
  })
  afterAll(() => platform.stop())

  let days = 0
  /** A stay settled alone on its day, and how that day is applied for. */
  async function alone(send: (visit: string, info: object) => ReturnType<typeof at.settleStay>) {
    const day = `2026-10-${String(++days).padStart(2, '0')}`
    const visit = fresh('MD')
    const settled = await send(visit, { begndate: '2026-09-20', enddate: day, setl_time: `${day} 16:20:00` })
    expect(settled.json.output?.setlinfo.setl_id).toBeTruthy()
    const row = books.note(settled)
    const apply = (of = [row]) => books.apply(of, { begndate: day, enddate: day })
    return { visit, msgid: settled.msgid, apply, undo: () => at.undo(SOMEBODY, '2304', settled.msgid) }
  }

  describe('医院先与医保结算的', () => {
    const settle = () => alone((visit, info) => at.settleStay(SOMEBODY, visit, { info }))

    test('申请与冲正同时到：恰有一个办成', async () => {
      for (let i = 0; i < ROUNDS; i++) {
        const { apply, undo } = await settle()
        const [applied, undone] = await Promise.all([
          setTimeout(i % 4).then(() => apply()),
          setTimeout((i >> 2) % 4).then(undo),
        ])
        expect([succeeded(applied), succeeded(undone)].sort()).toEqual([false, true])
        expect(refusedFor(applied) ?? refusedFor(undone)).toMatch(/^(totals_differ|already_done)$/)
      }
    })

    test('冲正在入账的事务里看申请：谁先查过都不算；撤回申请后可以冲正', async () => {
      const { apply, undo, msgid } = await settle()
      const applied = await apply()
      const late = hisDesk(w).reverse(
        { requestKey: `2304:${msgid}` },
        { psn_blind: psnBlind(w.service.deps.keys, psnOf(SOMEBODY)) },
      )
      expect(outcome(await late)).toBe('already_done')
      expect(refusedFor(await undo())).toBe('already_done')
      await books.withdraw(applied.json.output.result.clr_appy_evt_id)
      expect(refusedFor(await undo())).toBeNull()
    })
  })

  describe('居中的', () => {
    beforeAll(() => standBetween(w, platform.url))
    const APPLIED = { infcode: 0, output: { result: { clr_appy_evt_id: 'P1' } } }
    const settle = () =>
      alone((visit, info) => {
        const said = { infcode: 0, output: { setlinfo: stayInfo(SOMEBODY, visit, { ...info }), setldetail: [] } }
        platform.says(() => said)
        return at.settleThrough(SOMEBODY, visit)
      })
    const heard = (infno: string, since: number) => platform.heard.slice(since).filter((m) => m.infno === infno).length

    test('冲正正在问平台：申请等它有了结果，平台也不问；冲正办成后，那天没有可申请的', async () => {
      const { apply, undo } = await settle()
      const before = platform.heard.length
      const { promise, resolve } = Promise.withResolvers<object>()
      platform.says((message) => (message.infno === '2601' ? promise : APPLIED))
      const undone = undo()
      while (heard('2601', before) === 0) await setTimeout(5)
      expect(refusedFor(await apply())).toBe('already_settling')
      expect(heard('3203', before)).toBe(0)
      resolve({ infcode: 0, output: {} })
      expect(succeeded(await undone)).toBe(true)
      expect(refusedFor(await apply())).toBe('totals_differ')
    })

    test('已经申请的：冲正拒绝，平台没有听到', async () => {
      const { apply, undo } = await settle()
      const before = platform.heard.length
      platform.says(() => APPLIED)
      expect(succeeded(await apply())).toBe(true)
      expect(refusedFor(await undo())).toBe('already_done')
      expect(heard('2601', before)).toBe(0)
    })

    test('问过平台之后、登记申请之前来了冲正：恰有一个登记', async () => {
      const { apply, undo } = await settle()
      const { promise, resolve } = Promise.withResolvers<object>()
      platform.says((message) => (message.infno === '3203' ? promise : { infcode: 0, output: {} }))
      const before = platform.heard.length
      const applied = apply()
      while (heard('3203', before) === 0) await setTimeout(5)
      expect(succeeded(await undo())).toBe(true)
      resolve(APPLIED)
      expect(refusedFor(await applied)).toBe('totals_differ')
    })
  })

  test('账平；没有一个调用是开着的', async () => {
    await checkLedger(w.store)
    expect(await callRounds(w.service.deps)()).toEqual({ asked: 0, open: 0 })
  })
})
