import { afterAll, beforeAll, expect, test } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { hisDesk, newMessage, outcome, visitOf } from '../../test/his-desk.ts'
import { checkDocuments } from '../../test/oracle.his.ts'
import { checkLedger } from '../../test/oracle.ts'
import { openWorld, SOMEBODY, TODAY, type World } from '../../test/world.ts'
import { openDeskThread } from './desk-thread.ts'
import { openBooking } from './open-booking.ts'

eachEngine((engine, open) => {
  let w: World
  const close: (() => Promise<void>)[] = []
  beforeAll(async () => {
    w = await openWorld(engine, open)
  })
  afterAll(async () => {
    for (const one of close) await one()
  })

  /** The desk in a thread of its own, as if each batch had been this long on its way there. */
  function threadDesk(onItsWay: number) {
    const { deps } = w.service
    const clock = () => Date.now() - onItsWay
    const desk = openDeskThread(deps, openBooking(w.store), deps.directory, () => undefined, clock)
    close.push(desk.close)
    return hisDesk({ ...w, service: { ...w.service, deps: { ...deps, desk } } })
  }

  test('the thread tells the time by the clock of the service and by how long the batch was on its way', async () => {
    const [quick, slow] = [threadDesk(0), threadDesk(3_600_000)]
    const decideBy = TODAY + 1_800_000
    const words = []
    for (const desk of [quick, slow]) {
      const v = visitOf(SOMEBODY)
      words.push(outcome(await desk.settle(v, { pass: desk.pass(v, decideBy) })))
    }
    expect(words).toEqual(['201', 'passed too_late'])
  })

  test('everything a job of a HIS brings and is told goes over to the thread and back', async () => {
    const desk = threadDesk(0)
    const v = visitOf(SOMEBODY)
    const [key, learn] = [newMessage('2207'), { psn_blind: v.psn_blind, person_blind: 'id' }]
    const words = [
      await desk.begin(v, key),
      await desk.settle(v, { key, learn, pass: desk.pass(v), begun: true }),
      await desk.reverse({ setl_id: v.setl_id }, { psn_blind: v.psn_blind }),
      await desk.reverse({ requestKey: newMessage('2207') }),
    ].map(outcome)
    expect(words).toEqual(['202', '201', '201', 'tombstone'])
    const begun = newMessage('2207')
    await desk.begin(v, begun)
    expect(await desk.begin(v, begun)).toMatchObject({ resume: { key: begun, mdtrt_id: v.mdtrt_id } })
    await checkLedger(w.store)
    await checkDocuments(w.store)
  })
})
