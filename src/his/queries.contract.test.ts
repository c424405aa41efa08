import { beforeAll, expect, test } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { fresh, hisDesk, newMessage, outcome, somebody, visitOf } from '../../test/his-desk.ts'
import { openWorld, type World } from '../../test/world.ts'
import { documentByKey, documentBySetlId, documentsOfVisit, personOfPsn, requestByKey } from './queries.ts'

eachEngine((engine, open) => {
  let w: World
  let his: ReturnType<typeof hisDesk>
  /** Three documents, of which the last is taken back. */
  const settled: { setl_id: string; no: string; key: string; mdtrt_id: string }[] = []
  let back: string
  beforeAll(async () => {
    w = await openWorld(engine, open)
    his = hisDesk(w)
    const person = await somebody(w)
    for (let n = 0; n < 3; n++) {
      const v = visitOf(person, '1.00')
      const job = his.settleJob(v)
      expect(outcome(await his.submit(job))).toBe('201')
      settled.push({ setl_id: v.setl_id, no: job.no, key: job.key, mdtrt_id: v.mdtrt_id })
    }
    back = fresh('BACK')
    const document = { setl_id: back, setl_day: '2026-10-05', sealed: 's' }
    await his.reverse({ setl_id: settled[2]?.setl_id ?? '' }, { document })
    await hisDesk(w, w.stranger).settle(visitOf(person, '1.00'))
  })

  test('one document, by the insurer’s number, by ours, by its message; not that of another hospital', async () => {
    const [first] = settled
    const { hospital } = w.terminal
    const found = await documentBySetlId(w.store, hospital, first?.setl_id ?? '')
    expect(found).toMatchObject({ settlement_no: first?.no, sealed: `sealed ${first?.setl_id}`, reversed_by: null })
    expect(await documentBySetlId(w.store, hospital, first?.no ?? '')).toEqual(found)
    expect(await documentByKey(w.store, hospital, first?.key ?? '')).toEqual(found)
    for (const name of [first?.setl_id, first?.no]) {
      expect(await documentBySetlId(w.store, w.stranger.hospital, name ?? '')).toBeNull()
    }
    expect(await documentByKey(w.store, w.stranger.hospital, first?.key ?? '')).toBeNull()
  })

  test('documents of a visit, in the order they came about', async () => {
    const of = await documentsOfVisit(w.store, w.terminal.hospital, settled[2]?.mdtrt_id ?? '')
    expect(of.map((d) => [d.kind, d.setl_id]).sort()).toEqual([
      ['reversal', back],
      ['settlement', settled[2]?.setl_id],
    ])
    expect(of.find((d) => d.kind === 'settlement')?.reversed_by).toBe(back)
    expect(await documentsOfVisit(w.store, w.stranger.hospital, settled[2]?.mdtrt_id ?? '')).toEqual([])
  })

  test('a request: what a booking was told stands in the ledger, what a note was told beside it', async () => {
    const scope = `his:${w.terminal.hospital}`
    const [first] = settled
    const asked = await requestByKey(w.store, scope, first?.key ?? '')
    expect([asked?.status, JSON.parse(asked?.answer ?? '{}').settlement_no]).toEqual([201, first?.no])
    const key = newMessage('2201')
    await his.note({ key, answer: 'sealed' })
    expect(await requestByKey(w.store, scope, key)).toMatchObject({ status: 200, answer: 'sealed', body: 'sealed' })
    expect(await requestByKey(w.store, scope, 'none')).toBeNull()
    expect(await personOfPsn(w.store, 'nobody')).toBeNull()
  })
})
