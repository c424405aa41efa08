import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openCalls } from '../src/his/queries.ts'
import { type Cell, cellsOf, prepare, type Table } from './his-cells.ts'
import { dayEnd } from './his-day-end.ts'
import { waitUntil } from './his-line.ts'
import { react, refusal, sendFirst } from './his-react.ts'
import { openSite, overSocket, type Site } from './his-site.ts'
import { booksOf, faultsOf } from './his-verdict.ts'
import { hisWindow, psnOf } from './his-window.ts'
import { checkDocuments } from './oracle.his.ts'
import { checkLedger } from './oracle.ts'
import { type Person, residentId } from './people.ts'
import { startService } from './process.ts'

const people = (from: number, count: number): Person[] =>
  Array.from({ length: count }, (_, n) => ({ id: residentId(from + n), name: '热娜' }))
const SHORT_MS = 1200
const LONG_MS = 20_000
const KNOWN_MS = 1100
const EQUAL = { results: ['000000', '000000'], faults: [] }
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Both sides' books against what the hospital believes. */
async function wrong(site: Site, cells: readonly Cell[]): Promise<string[]> {
  const books = await booksOf(site.w.store, await site.platform.books())
  return cells.flatMap((cell) => faultsOf(cell, books).map((fault) => `${cell.visit}: ${fault}`))
}
const live = async (site: Site, visit: string) =>
  (await site.platform.books()).live.filter((d) => d.mdtrt_id === visit).length
const had = (site: Site, infno: string, times: number) =>
  waitUntil(`${infno} ×${times}`, async () => (await count(site, infno)) >= times)
const count = async (site: Site, infno: string) => (await site.platform.log()).filter((l) => l.infno === infno).length
const openKeys = async (site: Site) => (await openCalls(site.w.store, { before: Date.now() + 1000 })).map((c) => c.key)
const noneOpen = (site: Site) => waitUntil('no call is open', async () => (await openKeys(site)).length === 0)

describe('one process on the embedded engine', () => {
  const PATIENTS = people(5000, 20)
  const patients = PATIENTS.values()
  const patient = () => patients.next().value as Person
  let site: Site
  beforeAll(async () => {
    site = await openSite('sqlite', PATIENTS)
    await site.setTimeout(SHORT_MS)
    await site.start()
  }, 60_000)
  beforeEach(() => site.platform.control({ clear: 'faults', unknown_original: 'tombstone' }))
  afterAll(() => site?.close())

  test('a platform that forgets: the original is done after its own 2601, and the day’s end finds it', async () => {
    const table: Table = { infnos: ['2207', '2304'], upstreams: ['late'], clients: ['gives up', 'same msgid'] }
    const cells = cellsOf(table, 'not killed', PATIENTS.slice(10).values())
    await site.platform.control({ unknown_original: 'forget' })
    await prepare(site, cells)
    const at = site.window()
    await Promise.all(cells.map(async (cell) => react(at, cell, await sendFirst(at, cell))))
    expect(cells.map((c) => c.first && refusal(c.first))).toEqual(cells.map(() => 'platform_undone'))
    for (const { visit } of cells)
      await waitUntil('the original is done', async () => (await live(site, visit)) === 1, 10_000)
    const before = await booksOf(site.w.store, await site.platform.books())
    expect(cells.flatMap((cell) => faultsOf(cell, before))).not.toEqual([])
    expect(await dayEnd(site, cells)).toEqual(EQUAL)
    expect(cells.every((c) => c.learned)).toBe(true)
    expect(await wrong(site, cells)).toEqual([])
  }, 60_000)

  test('the platform is away when the service comes back: nothing is decided until it answers, then all is', async () => {
    const p = patient()
    const at = site.window()
    const visit = await at.stay(p)
    await site.platform.control({ on: '2304', kind: 'hang' })
    const before = await count(site, '2304')
    const lost = at.settleThrough(p, visit, { msgid: 'AWAY-1' }).catch(() => null)
    await had(site, '2304', before + 1)
    await site.kill()
    expect(await lost).toBeNull()
    await site.platform.kill()
    await site.start()
    const unknown = await at.settleThrough(p, visit, { msgid: 'AWAY-1' })
    expect(refusal(unknown)).toBe('outcome_unknown')
    expect(refusal(await at.settleThrough(p, visit))).toBe('already_settling')
    expect(refusal(await at.send('2404', { data: { psn_no: psnOf(p), mdtrt_id: visit } }))).toBe('already_settling')
    await site.platform.again()
    expect(await live(site, visit)).toBe(1)
    await noneOpen(site)
    expect(await live(site, visit)).toBe(0)
    expect(refusal(await at.settleThrough(p, visit, { msgid: 'AWAY-1' }))).toBe('platform_undone')
    expect(refusal(await at.settleThrough(p, visit))).toBeNull()
    expect(await live(site, visit)).toBe(1)
  }, 60_000)

  test('killed when the platform had undone the message and we had not written it down: undone once', async () => {
    const p = patient()
    const at = site.window()
    const visit = await at.stay(p)
    await site.platform.control({ on: '2304', kind: 'cut' })
    const before = await count(site, '2601')
    // The broken answer must come through; what is asked after it must not.
    await site.platform.control({ on: '2601', kind: 'late', ms: 60_000 })
    const lost = at.settleThrough(p, visit, { msgid: 'UNDO-1' }).catch(() => null)
    await had(site, '2601', before + 1)
    expect(await live(site, visit)).toBe(0)
    await site.kill()
    expect(await lost).toBeNull()
    await site.start()
    await noneOpen(site)
    expect(refusal(await at.settleThrough(p, visit, { msgid: 'UNDO-1' }))).toBe('platform_undone')
    const of = (await site.platform.books()).documents.filter((d) => d.mdtrt_id === visit)
    expect(of.map((d) => d.kind)).toEqual(['settlement', 'reversal'])
    expect(refusal(await at.settleThrough(p, visit))).toBeNull()
  }, 60_000)

  test('the hospital takes back a settlement, and both the service and its successor are killed in the middle', async () => {
    const p = patient()
    const at = site.window()
    const visit = await at.stay(p)
    const { msgid } = await at.settleThrough(p, visit)
    for (let i = 0; i < 2; i++) {
      const before = await count(site, '2601')
      await site.platform.control({ on: '2601', kind: 'late', ms: 60_000 })
      const lost = at.undo(p, '2304', msgid).catch(() => null)
      await had(site, '2601', before + 1)
      await site.kill()
      expect(await lost).toBeNull()
      await site.start()
    }
    await noneOpen(site)
    expect(refusal(await at.undo(p, '2304', msgid))).toBeNull()
    expect(await live(site, visit)).toBe(0)
    const { his_document } = site.w.store.tables
    const ours = (await site.w.store.read.select().from(his_document)).filter((d) => d.mdtrt_id === visit)
    expect(ours.map((d) => d.kind).sort()).toEqual(['reversal', 'settlement'])
  }, 60_000)

  test('the books are sound', async () => {
    await checkLedger(site.w.store)
    await checkDocuments(site.w.store)
  })
})

describe('two processes on one PostgreSQL', () => {
  const TABLE: Table = {
    infnos: ['2207', '2304', '2208', '2305'],
    upstreams: ['answers', 'late', 'cut'],
    clients: ['gives up', 'same msgid', 'new msgid', '2601'],
  }
  const PATIENTS = people(6000, 48)
  let site: Site
  beforeAll(async () => {
    site = await openSite('postgres', PATIENTS)
  }, 90_000)
  afterAll(() => site?.close())

  test('every message goes to both at once, one of them is killed: the other ends what it began, and the day ends equal', async () => {
    await site.setTimeout(SHORT_MS)
    const doomed = await startService(site.w.place)
    await site.start()
    const cells = cellsOf(TABLE, 'during', PATIENTS.values())
    await prepare(site, cells)
    await site.setTimeout(LONG_MS)
    await pause(KNOWN_MS)
    const other = hisWindow(overSocket(() => doomed.port, site.w.terminal))
    const at = site.window()
    const about = cells.map((c) => c.told?.setl_id ?? '')
    // What the second line hears is lost: the hospital waits at the first one.
    const twins = cells.map((cell) => sendFirst(other, { ...cell, faults: [] }).catch(() => null))
    const sent = cells.map((cell) => sendFirst(at, cell))
    await pause(40)
    await doomed.kill()
    await site.setTimeout(SHORT_MS)
    await Promise.all([...twins, ...sent])
    await Promise.all(cells.map((cell, i) => react(at, cell, about[i] ?? '')))
    await noneOpen(site)
    expect(await dayEnd(site, cells)).toEqual(EQUAL)
    expect(await wrong(site, cells)).toEqual([])
    await checkLedger(site.w.store)
    await checkDocuments(site.w.store)
  }, 120_000)
})
