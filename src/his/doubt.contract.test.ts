import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Between, carelessProxy } from '../../test/careless-proxy.ts'
import { eachEngine } from '../../test/engines.ts'
import { openBetween } from '../../test/his-between.ts'
import { fresh } from '../../test/his-desk.ts'
import { isTaken, refusedFor } from '../../test/his-message.ts'
import { type hisWindow, psnOf } from '../../test/his-window.ts'
import { checkDocuments } from '../../test/oracle.his.ts'
import { checkLedger } from '../../test/oracle.ts'
import { residentId } from '../../test/people.ts'
import { openHospital } from '../../test/platform/hospital.ts'
import type { PlatformProcess } from '../../test/platform/start.ts'
import { HOSPITAL, TODAY, type World } from '../../test/world.ts'
import { documentsOfVisit, openCalls } from './queries.ts'
import { callRounds } from './rounds.ts'

const PATIENTS = Array.from({ length: 12 }, (_, n) => ({ id: residentId(640 + n), name: `病人${n + 1}` }))

eachEngine((engine, open) => {
  let w: World
  let at: ReturnType<typeof hisWindow>
  let platform: PlatformProcess
  /** The hospital's old line to the platform, past us. */
  let past: ReturnType<typeof openHospital>
  let round: ReturnType<typeof callRounds>
  let careless: Between
  /** What the line to the platform brings instead of the answer to a settlement. */
  let instead: Buffer | null = null
  beforeAll(async () => {
    const between = await openBetween(engine, open, {
      people: PATIENTS,
      timeout_ms: 1000,
      async url(there) {
        careless = await carelessProxy(() => there.url, {
          coming: (answer, { body }) =>
            instead && body.includes('"infno":"2304"') ? { ...answer, body: instead } : answer,
        })
        return careless.url
      },
    })
    w = between.w
    at = between.at
    platform = between.platform
    past = openHospital(platform.url)
    round = callRounds(w.service.deps)
  })
  beforeEach(async () => {
    w.clock = TODAY
    await platform.control({ clear: 'faults', unknown_original: 'tombstone' })
  })
  afterAll(async () => {
    past.close()
    await careless.close()
    await platform.stop()
  })

  let ill = 0
  const patient = () => PATIENTS[ill++] as (typeof PATIENTS)[number]
  const both = async (visit: string) => [
    (await documentsOfVisit(w.store, HOSPITAL, visit)).filter((d) => d.kind === 'settlement' && !d.reversed_by).length,
    (await platform.books()).live.filter((d) => d.mdtrt_id === visit).length,
  ]

  describe('结算结果未知，医保又不肯冲正', () => {
    test('医保一时繁忙：再冲一次即可', async () => {
      const p = patient()
      const visit = await at.stay(p)
      await platform.control({ on: '2304', kind: 'cut' })
      await platform.control({ on: '2601', kind: 'refuse', text: '系统繁忙' })
      expect(refusedFor(await at.settleThrough(p, visit))).toBe('platform_undone')
      expect(await both(visit)).toEqual([0, 0])
    })

    test('始终不肯：半分钟内结果未知，之后请医院对账；答复此后不变，账单可以重新办理', async () => {
      const p = patient()
      const visit = await at.stay(p)
      await platform.control({ unknown_original: 'refuse' })
      await platform.control({ on: '2304', kind: 'cut_before' })
      const answer = await at.settleThrough(p, visit)
      expect(refusedFor(answer)).toBe('outcome_unknown')
      expect(refusedFor(await at.settleThrough(p, visit))).toBe('already_settling')
      w.clock = TODAY + 31_000
      expect(await round()).toMatchObject({ open: 0 })
      const told = await at.again(answer)
      expect(refusedFor(told)).toBe('platform_unclear')
      expect(told.json.err_msg).toContain('未查询到原交易')
      expect((await at.again(answer)).text).toBe(told.text)
      expect(refusedFor(await at.settleThrough(p, visit))).toBeNull()
      expect(await both(visit)).toEqual([1, 1])
    }, 20_000)
  })

  test('线路上来的是别人的答复：不当作本笔的结果，也不转给医院，冲正后重办', async () => {
    const [p, q] = [patient(), patient()]
    const [visit, other] = [await at.stay(p), await at.stay(q)]
    const theirs = await at.settleThrough(q, other)
    instead = Buffer.from(theirs.text)
    const answer = await at.settleThrough(p, visit)
    instead = null
    expect(refusedFor(answer)).toBe('platform_undone')
    expect([await both(visit), await both(other)]).toEqual([
      [0, 0],
      [1, 1],
    ])
    expect(refusedFor(await at.settleThrough(p, visit))).toBeNull()
  })

  describe('医保已经办了，却说不能办', () => {
    test('医院的冲正：第一次办成而没有答复，第二次被拒绝：以医保的结算信息为准，我方也冲', async () => {
      const p = patient()
      const visit = await at.stay(p)
      const { msgid } = await at.settleThrough(p, visit)
      await platform.control({ on: '2601', kind: 'cut' })
      await platform.control({ on: '2601', kind: 'refuse', text: '该报文已冲正' })
      expect(isTaken(await at.undo(p, '2304', msgid))).toBe(true)
      expect(await both(visit)).toEqual([0, 0])
    })

    test('医院的冲正被拒绝，医保也没有冲：我方不动', async () => {
      const p = patient()
      const visit = await at.stay(p)
      const { msgid } = await at.settleThrough(p, visit)
      await platform.control({ on: '2601', kind: 'refuse', text: '已清算，不能冲正' })
      const refused = await at.undo(p, '2304', msgid)
      expect(refused.json.err_msg).toContain('已清算，不能冲正')
      expect(await both(visit)).toEqual([1, 1])
    })

    test('绕过我方在医保撤销过：再经我方撤销，我方补撤；再撤则按医保的话拒绝', async () => {
      const p = patient()
      const visit = await at.stay(p)
      const { setl_id } = (await at.settleThrough(p, visit)).json.output.setlinfo
      const data = { psn_no: psnOf(p), mdtrt_id: visit, setl_id }
      expect((await past.say('2305', { data })).infcode).toBe(0)
      expect(await both(visit)).toEqual([1, 0])
      expect(isTaken(await at.cancelStay(p, visit, setl_id))).toBe(true)
      expect(await both(visit)).toEqual([0, 0])
      const twice = await at.cancelStay(p, visit, setl_id)
      expect(twice.json.err_msg).toContain('不能重复撤销')
    })

    test('撤销被拒绝，医保也没有撤：我方不动', async () => {
      const p = patient()
      const visit = await at.stay(p)
      const { setl_id } = (await at.settleThrough(p, visit)).json.output.setlinfo
      await platform.control({ on: '2305', kind: 'refuse', text: '已清算，不能撤销' })
      expect((await at.cancelStay(p, visit, setl_id)).json.err_msg).toBe('已清算，不能撤销')
      expect(await both(visit)).toEqual([1, 1])
    })
  })

  test('报文到达时刻早于已查清的时刻、登记却在其后：下一轮仍会查到', async () => {
    const p = patient()
    const visit = await at.stay(p)
    w.clock = TODAY + 100_000
    expect(await round()).toEqual({ asked: 0, open: 0 })
    w.clock = TODAY
    await platform.control({ on: '2304', kind: 'cut' })
    await platform.control({ on: '2601', kind: 'http_500', times: 2 })
    expect(refusedFor(await at.settleThrough(p, visit, { msgid: fresh('LAG') }))).toBe('outcome_unknown')
    w.clock = TODAY + 100_000
    expect(await round()).toEqual({ asked: 1, open: 0 })
    expect(await both(visit)).toEqual([0, 0])
  })

  test('账平，没有悬着的报文', async () => {
    expect(await openCalls(w.store, { before: Number.MAX_SAFE_INTEGER })).toEqual([])
    await checkLedger(w.store)
    await checkDocuments(w.store)
  })
})
