import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { expect, test } from 'vitest'
import { eachEngine } from './engines.ts'
import { checkLedger, checkRealTime, checkRecomputes } from './oracle.ts'
import { type Person, residentId } from './people.ts'
import { openLine, startService } from './process.ts'
import {
  type Answer,
  bill,
  billOf,
  HOSPITAL,
  newKey,
  openWorld,
  patientOf,
  type Terminal,
  type World,
} from './world.ts'

/** `TRIES=100000 npx vitest run test/concurrency.test.ts` is the long run. */
const TRIES = Number(process.env.TRIES ?? 2500)
const WINDOWS = 64
const LIMIT = 60_000

/** The service of this process, reached as the other one is. */
async function serveHere({ service }: World) {
  const server = serve({ fetch: service.app.fetch, port: 0, hostname: '127.0.0.1' })
  await new Promise<void>((resolve) => server.once('listening', () => resolve()))
  const { port } = server.address() as AddressInfo
  return { port, stop: () => new Promise<void>((resolve) => server.close(() => resolve())) }
}

/** Runs `each` for every number below `count`, as many windows at a time as there are terminals. */
async function atWindows<T>(
  terminals: readonly Terminal[],
  count: number,
  each: (t: Terminal, i: number) => Promise<T>,
) {
  let next = 0
  const results: T[] = []
  await Promise.all(
    terminals.map(async (terminal) => {
      for (let i = next++; i < count; i = next++) results.push(await each(terminal, i))
    }),
  )
  return results
}

const windows = async (w: World, count: number): Promise<Terminal[]> => {
  const terminals: Terminal[] = []
  for (let i = 0; i < count; i++) terminals.push(await w.addTerminal(HOSPITAL))
  return terminals
}

const sumOf = (answers: readonly Answer[]) =>
  answers.reduce((sum, a) => sum + Math.round(Number(a.json.assistance_paid) * 100), 0)

eachEngine((engine, open) => {
  const patient: Person = { id: residentId(5000), name: '热娜' }

  test(`R8, R15: ${WINDOWS} windows, one person, ${TRIES} bills, the limit to its last fen`, async () => {
    const w = await openWorld(engine, open)
    await w.register(patient)
    const terminals = await windows(w, WINDOWS)
    // All bills together would come to twice the limit; none fits it evenly.
    const base = ((LIMIT * 2) / 0.75 / TRIES).toFixed(2).replace(/.$/, '3')
    const history: { asked: number; answered: number; seq: number }[] = []
    const answers = await atWindows(terminals, TRIES, async (terminal) => {
      const asked = performance.now()
      const answer = await w.settle(billOf(patient, base), newKey(), terminal)
      history.push({ asked, answered: performance.now(), seq: answer.json.ledger_seq })
      return answer
    })
    expect(answers.every((a) => a.status === 201)).toBe(true)
    expect(sumOf(answers)).toBe(LIMIT * 100)
    expect(answers.filter((a) => a.json.assistance_paid === '0.00').length).toBeGreaterThan(TRIES / 3)
    checkRealTime(history)
    expect(await checkLedger(w.store)).toMatchObject({ settled: TRIES })
  }, 600_000)

  test('R9, R11, R13: one key 200 times, one bill under 100 keys, one reversal 100 times, all at once', async () => {
    const w = await openWorld(engine, open)
    const terminals = await windows(w, WINDOWS)
    const [body, key] = [bill(), newKey()]
    const same = await Promise.all(Array.from({ length: 200 }, () => w.settle(body, key)))
    expect(new Set(same.map((a) => a.text)).size).toBe(1)
    expect(same.filter((a) => a.headers.get('idempotent-replayed') === null)).toHaveLength(1)
    const again = bill()
    const many = await Promise.all(
      Array.from({ length: 100 }, (_, i) => w.settle(again, newKey(), terminals[i % WINDOWS])),
    )
    const winner = many.filter((a) => a.status === 201)
    expect(winner).toHaveLength(1)
    const address = `/v1/settlements/${winner[0]?.json.settlement_no}`
    expect(many.filter((a) => a.status === 409 && a.headers.get('location') === address)).toHaveLength(99)
    const settlement_no: string = winner[0]?.json.settlement_no
    const back = await Promise.all(
      Array.from({ length: 100 }, (_, i) => w.reverse(settlement_no, newKey(), terminals[i % WINDOWS])),
    )
    expect(back.filter((a) => a.status === 201)).toHaveLength(1)
    expect(back.filter((a) => a.json.code === 'already_reversed')).toHaveLength(99)
    expect(await checkLedger(w.store)).toEqual({ settled: 2, reversed: 1, refused: 198 })
  })

  test('settling, reversing and repeating at random by 16 windows for 5 people leaves a sound ledger', async () => {
    const w = await openWorld(engine, open)
    const people = Array.from(
      { length: 5 },
      (_, i): Person => ({ id: residentId(6000 + i), name: `热娜${'甲乙丙丁戊'[i]}` }),
    )
    await w.register(...people)
    const live: string[] = []
    await atWindows(await windows(w, 16), 600, async (terminal, i) => {
      // A fixed sequence, so that a failure can be run again; the interleaving is the engine's.
      const dice = (i * 7919) % 10
      const target = live[(i * 31) % Math.max(1, live.length)]
      if (dice < 3 && target) return w.reverse(target, newKey(), terminal)
      const person = people[i % people.length] as Person
      const body = billOf(person, `${1000 + ((i * 37) % 9000)}.${10 + (i % 90)}`, { bill_no: `B${i % 150}` })
      const answer = await w.settle(body, `shared-key-${String(i % 400).padStart(8, '0')}`, terminal)
      if (answer.status === 201) live.push(answer.json.settlement_no)
      return answer
    })
    const { settled, reversed } = await checkLedger(w.store)
    expect([settled > 100, reversed > 30]).toEqual([true, true])
    expect(await checkRecomputes(w.store)).toBe(settled)
  })

  test('two service processes on one store: one ledger, one limit, one answer a key', async () => {
    const w = await openWorld(engine, open)
    await w.register(patient)
    const terminals = await windows(w, 16)
    // A folder has one service; there the second process is this one, which serves upon the same file.
    const second = w.place.databaseUrl ? startService(w.place) : serveHere(w)
    const services = await Promise.all([startService(w.place), second])
    const lines = new Map(terminals.map((t) => [t.id, openLine(t)]))
    const history: { asked: number; answered: number; seq: number }[] = []
    const total = 600
    try {
      await atWindows(terminals, total, async (terminal, i) => {
        const line = lines.get(terminal.id)
        const port = services[i % 2]?.port ?? 0
        const [key, body] = [newKey(), { ...billOf(patient, '400.00'), patient: patientOf(patient) }]
        const asked = performance.now()
        const first = await line?.post(port, '/v1/settlements', key, body)
        if (first?.status !== 201) throw new Error(`${first?.status} ${first?.text}`)
        history.push({ asked, answered: performance.now(), seq: JSON.parse(first.text).ledger_seq })
        if (i % 10 > 0) return
        const other = await line?.post(services[(i + 1) % 2]?.port ?? 0, '/v1/settlements', key, body)
        expect([other?.text, other?.headers['idempotent-replayed']]).toEqual([first.text, 'true'])
      })
    } finally {
      for (const line of lines.values()) line.close()
      for (const service of services) await service.stop()
    }
    checkRealTime(history)
    expect(await checkLedger(w.store)).toMatchObject({ settled: total })
    const used = await w.settle(billOf(patient, '1.00'))
    expect(used.json.limits[0]).toMatchObject({ used_before: '60000.00', left: '0.00' })
  }, 120_000)
})
