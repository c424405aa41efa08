import { beforeAll, expect, test } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { fresh, hisDesk, newMessage, outcome, somebody, visitOf } from '../../test/his-desk.ts'
import { openWorld, type World } from '../../test/world.ts'
import type { DocumentState } from '../settlement/exchange.ts'
import {
  documentByKey,
  documentBySetlId,
  documentsOfPeriod,
  documentsOfVisit,
  type Period,
  personOfPsn,
  requestByKey,
} from './queries.ts'

eachEngine((engine, open) => {
  let w: World
  let his: ReturnType<typeof hisDesk>
  /** One document a day from the first to the fifth, two on the third, of which one is taken back on the fifth. */
  const settled: { setl_id: string; no: string; key: string; mdtrt_id: string }[] = []
  let back: string
  beforeAll(async () => {
    w = await openWorld(engine, open)
    his = hisDesk(w)
    const person = await somebody(w)
    for (const [setl_day, insutype, setl_optins] of [
      ['2026-10-01', '390', '654002'],
      ['2026-10-02', '310', '654002'],
      ['2026-10-03', '390', '654003'],
      ['2026-10-03', '390', '654002'],
      ['2026-10-04', '390', '654002'],
    ] as const) {
      const v = visitOf(person, '1.00')
      const job = his.settleJob(v)
      if (!job.document) throw new Error('a job of a HIS has its document')
      expect(
        outcome(await his.submit({ ...job, document: { ...job.document, setl_day, insutype, setl_optins } })),
      ).toBe('201')
      settled.push({ setl_id: v.setl_id, no: job.no, key: job.key, mdtrt_id: v.mdtrt_id })
    }
    back = fresh('BACK')
    const document = { setl_id: back, setl_day: '2026-10-05', sealed: 's' }
    await his.reverse({ setl_id: settled[2]?.setl_id ?? '' }, { document })
    await hisDesk(w, w.stranger).settle(visitOf(person, '1.00'))
  })

  async function idsOf(period: Partial<Period>, size?: number): Promise<(string | undefined)[]> {
    const all: DocumentState[] = []
    const whole = { hospital: w.terminal.hospital, from: '2026-01-01', to: '2026-12-31', ...period }
    for await (const page of documentsOfPeriod(w.store, whole, size)) {
      expect(page.length).toBeLessThanOrEqual(size ?? 1000)
      all.push(...page)
    }
    return all.map((d) => d.setl_id)
  }
  const ids = (...places: number[]) => places.map((p) => settled[p]?.setl_id)

  test('documents of a period: by day and number, whatever the size of a page, of this hospital alone', async () => {
    const expected = [...ids(0, 1, 2, 3, 4), back]
    for (const size of [1, 2, 3, 6, 1000]) expect(await idsOf({}, size), String(size)).toEqual(expected)
    expect(await idsOf({ hospital: w.stranger.hospital })).toHaveLength(1)
  })

  test('documents of a period: first and last day count; insurance, kind and place narrow it', async () => {
    expect(await idsOf({ from: '2026-10-02', to: '2026-10-03' })).toEqual(ids(1, 2, 3))
    expect(await idsOf({ from: '2026-10-05', to: '2026-10-05' })).toEqual([back])
    expect(await idsOf({ from: '2026-10-06' })).toEqual([])
    expect(await idsOf({ insutype: '310' })).toEqual(ids(1))
    expect(await idsOf({ insutype: '390', setl_optins: '654003' })).toEqual([...ids(2), back])
    expect(await idsOf({ clr_type: '11' })).toEqual([])
  })

  test('a document says what has taken it back; nothing else of a page is sealed text', async () => {
    const whole = { hospital: w.terminal.hospital, from: '2026-10-03', to: '2026-10-05' }
    const { value } = await documentsOfPeriod(w.store, whole).next()
    const documents = value ?? []
    expect(documents.map((d) => d.reversed_by)).toEqual([back, null, null, null])
    expect(documents.map((d) => 'sealed' in d)).toEqual([false, false, false, false])
    expect(documents.reduce((sum, d) => sum + (d.setl_optins === '654003' ? d.medfee_fen : 0), 0)).toBe(0)
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
