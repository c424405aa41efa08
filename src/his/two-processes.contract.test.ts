import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { openBetween } from '../../test/his-between.ts'
import { fresh } from '../../test/his-desk.ts'
import { type Line, openLine, waitUntil } from '../../test/his-line.ts'
import { isTaken } from '../../test/his-message.ts'
import { hisWindow, type Sent } from '../../test/his-window.ts'
import { checkDocuments } from '../../test/oracle.his.ts'
import { checkLedger } from '../../test/oracle.ts'
import { residentId } from '../../test/people.ts'
import type { PlatformProcess } from '../../test/platform/start.ts'
import { ask, HOSPITAL, serviceOn, type World } from '../../test/world.ts'
import { documentsOfVisit, openCalls } from './queries.ts'
import { callRounds } from './rounds.ts'

const PATIENTS = Array.from({ length: 12 }, (_, n) => ({ id: residentId(600 + n), name: `病人${n + 1}` }))
const codeOf = ({ json }: Pick<Sent, 'json'>) => /\[(\w+)\]$/.exec(json.err_msg)?.[1] ?? null

/**
 * Two processes of the service upon one store, and a platform whose answers are held back: the second process hears
 * of a call of the first only through the store. Its clock is ahead, so that it does not wait for the first one.
 */
eachEngine((engine, open) => {
  let w: World
  let platform: PlatformProcess
  let line: Line
  let first: ReturnType<typeof hisWindow>
  let second: ReturnType<typeof hisWindow>
  let rounds: ReturnType<typeof callRounds>
  beforeAll(async () => {
    const between = await openBetween(engine, open, {
      people: PATIENTS,
      timeout_ms: 5000,
      async url(there) {
        line = await openLine(() => there.port)
        return line.url
      },
    })
    w = between.w
    first = between.at
    platform = between.platform
    const other = serviceOn(w.place, w.store, w.log, () => w.clock + 600_000)
    second = hisWindow({ terminal: w.terminal, call: (method, path, asking) => ask(other.app, method, path, asking) })
    rounds = callRounds(other.deps)
  })
  beforeEach(() => platform.control({ clear: 'faults', unknown_original: 'tombstone' }))
  afterAll(async () => {
    await line.close()
    await platform.stop()
  })

  let ill = 0
  const patient = () => PATIENTS[ill++] as (typeof PATIENTS)[number]
  const theirs = async (visit: string) => (await platform.books()).live.filter((d) => d.mdtrt_id === visit).length
  const ours = async (visit: string) =>
    (await documentsOfVisit(w.store, HOSPITAL, visit)).filter((d) => d.kind === 'settlement' && !d.reversed_by).length
  const both = async (visit: string) => [await ours(visit), await theirs(visit)]
  /** The platform has had so many messages of a kind. */
  const had = async (infno: string, times: number) =>
    waitUntil(`${infno} has come`, async () => (await platform.log()).filter((l) => l.infno === infno).length >= times)
  const count = async (infno: string) => (await platform.log()).filter((l) => l.infno === infno).length

  describe('同一报文到了两个进程', () => {
    test('第一个进程的答复与第二个进程的冲正同时在路上：两边一致，两个窗口听到的一致', async () => {
      const p = patient()
      const visit = await first.stay(p)
      const msgid = fresh('TWO')
      const before = await count('2601')
      line.hold()
      const one = first.settleThrough(p, visit, { msgid })
      await line.heard([msgid])
      const two = second.settleThrough(p, visit, { msgid })
      await had('2601', before + 1)
      // The first process hears before the second one.
      line.release((message) => (message.includes('"infno":"2601"') ? 200 : 0))
      const heard = [await one, await two]
      const [live, known] = await both(visit)
      expect(live).toBe(known)
      expect(heard.map(isTaken)).toEqual(live === 1 ? [true, true] : [false, false])
      expect((await first.settleThrough(p, visit, { msgid })).text).toBe(heard[1]?.text)
      expect(isTaken(await first.settleThrough(p, visit))).toBe(live === 0)
      expect(await both(visit)).toEqual([1, 1])
    })

    test('冲正先到、原报文后办成（医保不拒绝迟到的报文）：办成的再冲掉', async () => {
      const p = patient()
      const visit = await first.stay(p)
      const msgid = fresh('TWO')
      await platform.control({ unknown_original: 'forget' })
      await platform.control({ on: '2304', kind: 'late', before: true, ms: 700 })
      const one = first.settleThrough(p, visit, { msgid })
      await line.heard([msgid])
      const two = await second.settleThrough(p, visit, { msgid })
      expect(codeOf(two)).toBe('platform_undone')
      expect((await one).text).toBe(two.text)
      expect(await both(visit)).toEqual([0, 0])
    })

    test('撤销：两个进程都去办，只撤一次，都说已撤', async () => {
      const p = patient()
      const visit = await first.stay(p)
      const { setl_id } = (await first.settleThrough(p, visit)).json.output.setlinfo
      const msgid = fresh('TWO')
      await platform.control({ on: '2305', kind: 'late', before: true, ms: 700 })
      const one = first.cancelStay(p, visit, setl_id, {}, { msgid })
      await line.heard([msgid])
      const two = await second.cancelStay(p, visit, setl_id, {}, { msgid })
      expect(isTaken(two)).toBe(true)
      expect((await one).text).toBe(two.text)
      expect(await both(visit)).toEqual([0, 0])
    })

    test('撤销：第二个进程被医保拒绝时，第一个已撤成', async () => {
      const p = patient()
      const visit = await first.stay(p)
      const { setl_id } = (await first.settleThrough(p, visit)).json.output.setlinfo
      const msgid = fresh('TWO')
      const before = await count('2305')
      line.hold()
      const one = first.cancelStay(p, visit, setl_id, {}, { msgid })
      await had('2305', before + 1)
      const two = second.cancelStay(p, visit, setl_id, {}, { msgid })
      await had('5203', 1)
      line.release()
      expect([isTaken(await one), isTaken(await two)]).toEqual([true, true])
      expect(await both(visit)).toEqual([0, 0])
    })
  })

  describe('冲正', () => {
    test('原报文还在第一个进程手里，医院向第二个进程冲正', async () => {
      const p = patient()
      const visit = await first.stay(p)
      const msgid = fresh('TWO')
      line.hold()
      const one = first.settleThrough(p, visit, { msgid })
      await line.heard([msgid])
      const before = await count('2601')
      const two = second.undo(p, '2304', msgid)
      await had('2601', before + 1)
      line.release()
      expect(isTaken(await two)).toBe(true)
      await one
      expect(await both(visit)).toEqual([0, 0])
    })

    test('两个窗口同时冲正各自没有办成的报文，互不妨碍', async () => {
      const [p, q] = [patient(), patient()]
      line.hold()
      const one = first.undo(p, '2304', fresh('NEVER'))
      const before = await count('2601')
      await had('2601', before + 1)
      const two = first.undo(q, '2304', fresh('NEVER'))
      await had('2601', before + 2).finally(() => line.release())
      expect([isTaken(await one), isTaken(await two)]).toEqual([true, true])
    })
  })

  test('账平，没有悬着的报文', async () => {
    await rounds()
    expect(await openCalls(w.store, { before: Number.MAX_SAFE_INTEGER })).toEqual([])
    await checkLedger(w.store)
    await checkDocuments(w.store)
  })
})
