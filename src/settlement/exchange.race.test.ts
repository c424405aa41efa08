import { beforeAll, describe, expect, test } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { fresh, hisDesk, newMessage, outcome, somebody, type Visit, visitOf } from '../../test/his-desk.ts'
import { checkDocuments } from '../../test/oracle.his.ts'
import { checkLedger, checkRecomputes } from '../../test/oracle.ts'
import { type Person, residentId } from '../../test/people.ts'
import { openWorld, serviceOn, TODAY, type World } from '../../test/world.ts'
import { lockLane } from '../audit/queries.ts'
import { openCalls } from '../his/queries.ts'

eachEngine((engine, open) => {
  let w: World
  /** Two desks on one store, as two processes have them: their batches meet in the database only. */
  let one: ReturnType<typeof hisDesk>
  let two: ReturnType<typeof hisDesk>
  let person: Person
  const stranger: Person = { id: residentId(9300), name: '无名' }
  beforeAll(async () => {
    w = await openWorld(engine, open)
    const other = { ...w, service: serviceOn(w.place, w.store, w.log, () => w.clock) }
    one = hisDesk(w)
    two = hisDesk(other)
    person = await somebody(w)
  })
  const TIMES = 50
  const each = <T>(run: (i: number) => Promise<T>) => Promise.all(Array.from({ length: TIMES }, (_, i) => run(i)))
  const sound = async () => {
    await checkLedger(w.store)
    return checkDocuments(w.store)
  }

  test(`冲正与迟到的原报文同时到，${TIMES} 次：要么冲回，要么拒绝，没有一笔还立着`, async () => {
    const pairs = await each(async (i) => {
      const v = visitOf(person, '1.00')
      const job = one.settleJob(v)
      // Now this one first, now that one, and sometimes not in the same turn of the loop.
      const settling = async () => {
        if (i % 3 === 0) await new Promise(setImmediate)
        return outcome(await one.submit(job))
      }
      const taking = async () => {
        if (i % 3 === 1) await new Promise(setImmediate)
        return outcome(await two.reverse({ requestKey: job.key }, { psn_blind: v.psn_blind }))
      }
      return (await Promise.all(i % 2 ? [settling(), taking()] : [taking(), settling()])).sort().join(', ')
    })
    expect(
      [...new Set(pairs)].filter((p) => !['201, 201', 'kept reversed_before_arrival, tombstone'].includes(p)),
    ).toEqual([])
    expect((await sound()).live).toBe(0)
  })

  test(`一笔结算，${TIMES} 个冲正报文同时到：冲回一次，其余成功而没有作用`, async () => {
    const v = visitOf(person)
    const job = one.settleJob(v)
    await one.submit(job)
    const results = await each((i) => (i % 2 ? one : two).reverse({ requestKey: job.key }))
    const words = results.map(outcome)
    expect(words.filter((r) => r === '201')).toHaveLength(1)
    expect(words.filter((r) => r === 'already_reversed')).toHaveLength(TIMES - 1)
    await sound()
  })

  test(`同一账单两个开始同时到，${TIMES} 次：只有一个开始了`, async () => {
    const pairs = await each(async () => {
      const v = visitOf(person)
      const keys = [newMessage('2207'), newMessage('2207')] as const
      const words = await Promise.all([one.begin(v, keys[0]).then(outcome), two.begin(v, keys[1]).then(outcome)])
      return words.sort().join(', ')
    })
    expect(new Set(pairs)).toEqual(new Set(['202, already_settling']))
    expect(await openCalls(w.store, { before: TODAY + 1 })).toHaveLength(TIMES)
  })

  test(`同一报文的开始同时到两次，${TIMES} 次：一次开始，一次得知`, async () => {
    const pairs = await each(async () => {
      const v = visitOf(person)
      const key = newMessage('2207')
      const results = await Promise.all([one.begin(v, key), two.begin(v, key)])
      return results
        .map((r) => ('resume' in r ? 'resume' : outcome(r)))
        .sort()
        .join(', ')
    })
    expect(new Set(pairs)).toEqual(new Set(['202, resume']))
  })

  test(`撤销与冲正同时到，${TIMES} 次：冲回一次，另一个得知`, async () => {
    const visits = Array.from({ length: TIMES }, () => visitOf(person, '1.00'))
    const jobs = visits.map((v) => one.settleJob(v))
    for (const job of jobs) await one.submit(job)
    const pairs = await each(async (i) => {
      const [v, job] = [visits[i] as Visit, jobs[i]]
      const cancel = () => one.reverse({ setl_id: v.setl_id }).then(outcome)
      const undo = () => two.reverse({ requestKey: job?.key ?? '' }).then(outcome)
      return (await Promise.all(i % 2 ? [cancel(), undo()] : [undo(), cancel()])).sort().join(', ')
    })
    expect(
      [...new Set(pairs)].filter((p) => !['201, already_reversed', '201, kept already_reversed'].includes(p)),
    ).toEqual([])
    expect((await sound()).live).toBe(0)
  })

  test('等候账本时过了时限：轮到时已迟，放行', async () => {
    const [v, before] = [visitOf(person), w.clock]
    let passing: Promise<string> = Promise.resolve('')
    await w.store.write(async (tx) => {
      await lockLane(tx, w.store.tables, 'ledger')
      passing = one.settle(v, { pass: one.pass(v, before + 1000) }).then(outcome)
      await lockLane(tx, w.store.tables, 'ledger')
      w.clock = before + 1001
    })
    expect(await passing).toBe('passed too_late')
    w.clock = before
    await sound()
  })

  describe('乱序', () => {
    test('结算、放行、撤销、冲正、立碑任意交错，账与单相符', async () => {
      const visits = Array.from({ length: 40 }, (_, i) => visitOf(i % 4 ? person : stranger, '1.00'))
      const keys = visits.map(() => newMessage('2207'))
      const words: Record<string, number> = {}
      await Promise.all(
        Array.from({ length: 16 }, async (_, window) => {
          for (let step = 0; step < 40; step++) {
            // A fixed sequence, so that a failure can be run again; the interleaving is the engine's.
            const dice = (window * 7919 + step * 104_729) % 97
            const desk = dice % 2 ? one : two
            const n = (window * 31 + step * 17) % visits.length
            const v = { ...(visits[n] as Visit), setl_id: fresh('SETL') }
            const key = dice % 5 ? newMessage('2207') : (keys[n] as string)
            const known = (await w.store.read.select().from(w.store.tables.his_document)).find(
              (d) => d.mdtrt_id === v.mdtrt_id && d.kind === 'settlement',
            )
            const result =
              dice < 45
                ? await desk.settle(v, { key, ...(v.person === stranger ? { pass: desk.pass(v) } : {}) })
                : dice < 70 && known
                  ? await desk.reverse({ setl_id: known.setl_id })
                  : await desk.reverse({ requestKey: keys[n] as string })
            words[outcome(result)] = (words[outcome(result)] ?? 0) + 1
          }
        }),
      )
      const seen = ['201', 'tombstone', 'kept reversed_before_arrival', 'kept already_reversed', 'document']
      expect(seen.filter((word) => !words[word])).toEqual([])
      await sound()
      expect(await checkRecomputes(w.store)).toBeGreaterThan(20)
    })
  })
})
