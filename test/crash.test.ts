import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openStore } from '../src/store/open.ts'
import type { Engine, Place } from './engines.ts'
import { checkLedger, checkRecomputes } from './oracle.ts'
import { type Person, residentId } from './people.ts'
import { openLine, type Received, type Running, startService } from './process.ts'
import { billOf, HOSPITAL, newKey, openWorld, type Terminal, type World } from './world.ts'

const KILLS = Number(process.env.KILLS ?? 50)
const TERMINALS = 8

/** What a terminal writes down before it sends, and adds when it is answered. */
interface Entry {
  readonly path: string
  readonly key: string
  readonly body: unknown
  readonly terminal: number
  answer: Received | null
}

interface Site {
  readonly w: World
  readonly terminals: readonly Terminal[]
  readonly lines: readonly ReturnType<typeof openLine>[]
  readonly people: readonly Person[]
  readonly journal: Entry[]
}

async function openSite(engine: Engine): Promise<Site> {
  const w = await openWorld(engine, (place?: Place) => openStore(place as Place))
  const terminals: Terminal[] = []
  for (let i = 0; i < TERMINALS; i++) terminals.push(await w.addTerminal(HOSPITAL))
  const people = Array.from({ length: 20 }, (_, i) => ({ id: residentId(7000 + i), name: '波塔' }))
  await w.register(...people)
  await w.store.close()
  return { w, terminals, lines: terminals.map(openLine), people, journal: [] }
}

/** One terminal at work: settles, now and then takes back what it settled, until the line breaks. */
async function work(site: Site, n: number, port: number): Promise<void> {
  const line = site.lines[n]
  const settled: string[] = []
  for (let i = 0; ; i++) {
    const back = i % 5 === 4 ? settled.pop() : undefined
    const person = site.people[(i * 7 + n) % site.people.length] as Person
    const entry: Entry = {
      path: back ? `/v1/settlements/${back}/reversal` : '/v1/settlements',
      key: newKey(),
      body: back ? { reason: '录入有误' } : billOf(person, `${100 + (i % 900)}.00`),
      terminal: n,
      answer: null,
    }
    site.journal.push(entry)
    const answer = await line?.post(port, entry.path, entry.key, entry.body).catch(() => null)
    if (!answer) return
    entry.answer = answer
    if (answer.status === 201 && !back) settled.push(JSON.parse(answer.text).settlement_no)
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Lets all terminals work until `ms` after the first answer, then ends the service in the middle of it. */
async function round(site: Site, service: Running, end: (s: Running) => Promise<unknown>, ms: number): Promise<void> {
  const before = site.journal.length
  const working = Array.from({ length: TERMINALS }, (_, n) => work(site, n, service.port))
  while (!site.journal.slice(before).some((e) => e.answer)) await pause(2)
  await pause(ms)
  await end(service)
  await Promise.all(working)
}

/** R2 and R3: every answer given is still the answer; whatever was not answered gets one verdict from its own key. */
async function settleAccounts(site: Site, service: Running): Promise<{ answered: number; unknown: number }> {
  const unanswered = site.journal.filter((e) => e.answer === null)
  const answered = site.journal.length - unanswered.length
  for (const entry of unanswered) {
    entry.answer = (await site.lines[entry.terminal]?.post(service.port, entry.path, entry.key, entry.body)) ?? null
  }
  const wrong: string[] = []
  for (const { terminal, path, key, body, answer } of site.journal) {
    const again = await site.lines[terminal]?.post(service.port, path, key, body)
    if (again?.text !== answer?.text || again?.headers['idempotent-replayed'] !== 'true') wrong.push(key)
  }
  expect(wrong).toEqual([])
  expect(site.journal.filter((e) => e.answer?.status !== 201)).toEqual([])
  await service.stop()
  const store = await openStore(site.w.place)
  const { settled, reversed } = await checkLedger(store)
  expect(settled + reversed).toBe(site.journal.length)
  await checkRecomputes(store)
  if (store.engine === 'sqlite') expect(store.writer.pragma('integrity_check', { simple: true })).toBe('ok')
  await store.close()
  return { answered, unknown: unanswered.length }
}

/** Most of the time goes by while a process starts: two stores side by side take half of it. */
describe.each<[Engine, number, number]>([
  ['sqlite', KILLS, 2],
  ['postgres', Math.ceil(KILLS / 10), 1],
])('%s', (engine, kills, stores) => {
  let sites: Site[]
  let site: Site
  beforeAll(async () => {
    sites = await Promise.all(Array.from({ length: stores }, () => openSite(engine)))
    site = sites[0] as Site
    // The cache of compiled code is written when a process ends in peace; all others then start faster.
    await (await startService(site.w.place)).stop()
  })
  afterAll(() => {
    for (const { lines, w } of sites) {
      for (const line of lines) line.close()
      rmSync(w.place.dataDir, { recursive: true, force: true })
    }
  })

  test(`R2, R3: ${kills} kills under ${TERMINALS} terminals: no answer is lost, every open question has one verdict`, async () => {
    const results = await Promise.all(
      sites.map(async (one) => {
        for (let i = 0; i < kills / stores; i++) {
          const service = await startService(one.w.place)
          await round(one, service, (s) => s.kill(), 30 + Math.random() * 220)
        }
        return settleAccounts(one, await startService(one.w.place))
      }),
    )
    const answered = results.reduce((sum, r) => sum + r.answered, 0)
    const unknown = results.reduce((sum, r) => sum + r.unknown, 0)
    console.info(`${engine}: ${kills} kills, ${answered} answered, ${unknown} unknown and resolved`)
    expect(answered).toBeGreaterThan(kills * 4)
    expect(unknown).toBeGreaterThan(kills)
  }, 600_000)

  test('SIGTERM: what has been sent is answered, and the process ends by itself within ten seconds', async () => {
    const service = await startService(site.w.place)
    const item = { code: 'X1', name: '床位', cost: '1.00', policy_scope_cost: '1.00' }
    const long = { items: Array(1900).fill(item), amounts: { total_cost: '1900.00', policy_scope_cost: '1900.00' } }
    const lines = Array.from({ length: 24 }, (_, i) => openLine(site.terminals[i % TERMINALS] as Terminal))
    const send = (line: (typeof lines)[number], more: Record<string, unknown>) =>
      line.post(service.port, '/v1/settlements', newKey(), billOf(site.people[0] as Person, '10.00', more))
    await Promise.all(lines.map((line) => send(line, {})))
    const sent = Promise.allSettled(lines.map((line) => send(line, long)))
    await pause(60)
    const start = performance.now()
    expect(await service.stop()).toBe(0)
    expect(performance.now() - start).toBeLessThan(10_000)
    const answers = await sent
    for (const line of lines) line.close()
    expect(answers.map((a) => (a.status === 'fulfilled' ? a.value.status : String(a.reason)))).toEqual(
      lines.map(() => 201),
    )
  }, 60_000)

  test('SIGTERM under load: what was answered is there', async () => {
    site.journal.length = 0
    const service = await startService(site.w.place)
    await round(site, service, (s) => s.stop(), 300)
    const answered = site.journal.filter((e) => e.answer !== null)
    expect(answered.length).toBeGreaterThan(TERMINALS)
    expect(answered.filter((e) => e.answer?.status !== 201)).toEqual([])
    const again = await startService(site.w.place)
    const missing: string[] = []
    for (const { terminal, path, key, body, answer } of answered) {
      const now = await site.lines[terminal]?.post(again.port, path, key, body)
      if (now?.text !== answer?.text) missing.push(key)
    }
    expect(missing).toEqual([])
    await again.stop()
  }, 60_000)
})
