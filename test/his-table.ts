import { setTimeout } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openCalls } from '../src/his/queries.ts'
import type { Engine } from './engines.ts'
import {
  type Cell,
  cellsOf,
  isAnswered,
  isCancelling,
  KILLS,
  type Kill,
  nameOf,
  prepare,
  sizeOf,
  type Table,
} from './his-cells.ts'
import { dayEnd } from './his-day-end.ts'
import { waitUntil } from './his-line.ts'
import { react, sendFirst } from './his-react.ts'
import { openSite, type Site } from './his-site.ts'
import { booksOf, faultsOf } from './his-verdict.ts'
import { checkDocuments } from './oracle.his.ts'
import { checkLedger } from './oracle.ts'
import { type Person, residentId } from './people.ts'

/** How long the service waits for the platform: long where it is to be killed in the waiting, else short. */
const [LONG_MS, SHORT_MS] = [20_000, 1200]
/** A hospital that does not wait for a silent platform acts while its first message is still under way. */
const IMPATIENT_MS = 500
/** The directory is read again after a second. */
const KNOWN_MS = 1100
/** Answers arrive over so long a time, so that some come before the kill, some in its moment and some never. */
const SPREAD_MS = 80
const MOMENT_MS = 10
const BOOKED_MS = 10_000
/** A round comes every few seconds. */
const ROUNDS_MS = 20_000

/** The messages that have ended in our books, of those the hospital sent first. */
async function ended({ w }: Site, of: readonly Cell[]): Promise<number> {
  const { request } = w.store.tables
  const rows = await w.store.read
    .select({ key: request.key })
    .from(request)
    .where(eq(request.terminal_id, `his:${w.terminal.hospital}`))
  const keys = new Set(rows.map((r) => r.key))
  return of.filter((c) => keys.has(`${c.infno}:${c.msgid}`)).length
}

/** Every message is in the platform's hands, and all it does at once is done. */
async function inWork(site: Site, of: readonly Cell[]): Promise<void> {
  await site.back.heard(of.map((c) => c.msgid))
  const atOnce = of.filter((c) => c.upstream !== 'late').map((c) => c.msgid)
  await waitUntil('the platform has worked', async () => {
    const seen = new Set((await site.platform.log()).map((l) => l.msgid))
    return atOnce.every((msgid) => seen.has(msgid))
  })
}

async function driveUnkilled(site: Site, of: readonly Cell[]): Promise<void> {
  await site.setTimeout(SHORT_MS)
  await site.start()
  await prepare(site, of)
  const [patient, impatient] = [site.window(), site.window(IMPATIENT_MS)]
  const drive = async (cell: Cell) => {
    const setl_id = await sendFirst(['hangs', 'late'].includes(cell.upstream) ? impatient : patient, cell)
    await react(patient, cell, setl_id)
  }
  await Promise.all(of.map(drive))
}

/** How each kind of kill comes about, once the messages are sent. */
const KILL: Record<Exclude<Kill, 'not killed'>, (site: Site, of: readonly Cell[]) => Promise<void>> = {
  async before(site, of) {
    await inWork(site, of)
    await site.kill()
    site.back.cut()
  },
  async during(site, of) {
    await inWork(site, of)
    site.back.release(() => Math.random() * SPREAD_MS)
    // Whether it ever was is a test of its own: the cells are judged in any case.
    const booked = async () => (await ended(site, of.filter(isAnswered))) > 0
    await waitUntil('the first is booked', booked, BOOKED_MS).catch(() => undefined)
    await setTimeout(Math.random() * MOMENT_MS)
    await site.kill()
  },
  async after(site, of) {
    await site.front.holds(of.length)
    await site.kill()
    site.front.cut()
  },
}

/** Gives how many of the messages had ended when the service was killed. */
async function driveKilled(site: Site, kill: Exclude<Kill, 'not killed'>, of: readonly Cell[]): Promise<number> {
  await site.setTimeout(SHORT_MS)
  await prepare(site, of)
  if (kill !== 'after') {
    await site.setTimeout(LONG_MS)
    await setTimeout(KNOWN_MS)
  }
  const held = kill === 'after' ? site.front : site.back
  held.hold()
  const sent = of.map((cell) => sendFirst(site.window(), cell))
  await KILL[kill](site, of)
  const about = await Promise.all(sent)
  const known = await ended(site, of)
  await site.setTimeout(SHORT_MS)
  await site.start()
  await Promise.all(of.map((cell, i) => react(site.window(), cell, about[i] ?? '')))
  return known
}

/** What must have become of a bill; two, where the moment of the kill decides. */
function expected(cell: Cell): readonly string[] {
  const { kill, client } = cell
  if (isCancelling(cell)) return expectedOfCancelling(cell)
  const answered = isAnswered(cell)
  // The kill of all comes a moment too late for some: they have heard, and stand as they were told.
  if (kill === 'during' && answered && cell.first) return client === '2601' ? ['settled', 'none'] : ['settled']
  if (!answered || client === '2601') return [client === 'new msgid' ? 'settled' : 'none']
  if (kill === 'not killed') return ['settled']
  // What had been booked before the kill is known to the hospital only if it asks the same again.
  const booked = client === 'same msgid' ? 'settled' : 'day end'
  const lost = client === 'new msgid' ? 'settled' : 'none'
  return kill === 'after' ? [booked] : kill === 'before' ? [lost] : [booked, lost]
}
/** Asked for, it is carried through, whoever hears of it; only a refusal that was kept lets the settlement stand. */
function expectedOfCancelling({ kill, client, upstream, first }: Cell): readonly string[] {
  const done = client === 'gives up' && !first ? 'day end' : 'cancelled'
  if (upstream !== 'refuses' || client === 'new msgid' || kill === 'before') return [done]
  return kill === 'during' ? ['live', done] : ['live']
}
const outcomeOf = (cell: Cell): string => {
  if (cell.told) return isCancelling(cell) ? 'live' : 'settled'
  return cell.learned ? 'day end' : isCancelling(cell) ? 'cancelled' : 'none'
}

/** Tries every situation of a table on one engine, and says at its end what has become of each. */
export function faultTable(engine: Engine, table: Table): void {
  const size = sizeOf(table)
  const people: readonly Person[] = Array.from({ length: KILLS.length * size }, (_, n) => ({
    id: residentId(3000 + n),
    name: '热娜',
  }))
  const groups = KILLS.map((kill, n) => ({ kill, own: cellsOf(table, kill, people.slice(n * size).values()) }))
  let site: Site
  beforeAll(async () => {
    site = await openSite(engine, people)
  }, 90_000)
  afterAll(() => site?.close())

  describe.each(groups)('killed: $kill', ({ kill, own }) => {
    const faults = new Map<Cell, string[]>()
    let ends: Awaited<ReturnType<typeof dayEnd>>
    let known = 0
    let open: string[] = []
    beforeAll(async () => {
      if (kill === 'not killed') await driveUnkilled(site, own)
      else known = await driveKilled(site, kill, own)
      const none = async () => {
        open = (await openCalls(site.w.store, { before: Date.now() + 1000 })).map((c) => c.key)
        return open.length === 0
      }
      await waitUntil('no call is open', none, ROUNDS_MS).catch(() => undefined)
      ends = await dayEnd(
        site,
        groups.slice(0, KILLS.indexOf(kill) + 1).flatMap((g) => g.own),
      )
      const books = await booksOf(site.w.store, await site.platform.books())
      for (const cell of own) faults.set(cell, faultsOf(cell, books))
    }, 120_000)

    test.each(own.map((cell) => [nameOf(cell), cell] as const))('%s', (_, cell) => {
      expect(faults.get(cell)).toEqual([])
      expect(expected(cell)).toContain(outcomeOf(cell))
    })

    test('the kill came when it was meant to', () => {
      if (kill === 'before') expect(known).toBe(0)
      if (kill === 'during') expect(known).toBeGreaterThan(0)
      if (kill === 'after') expect(known).toBe(size)
    })

    test('no call is left open, and the day ends equal', () => {
      expect(open).toEqual([])
      expect(ends).toEqual({ results: ['000000', '000000'], faults: [] })
    })
  })

  test('the books are sound, and every cell was tried', async () => {
    await checkLedger(site.w.store)
    await checkDocuments(site.w.store)
    const cells = groups.flatMap((g) => g.own)
    expect(new Set(cells.map(nameOf)).size).toBe(KILLS.length * size)
    console.info(sayTable(table, cells))
  })
}

/** Outcomes by what was asked and what the platform did; clients in the order of their list. */
function sayTable({ infnos, upstreams }: Table, cells: readonly Cell[]): string {
  const rows = infnos.flatMap((infno) =>
    upstreams.map((upstream) => {
      const own = cells.filter((c) => c.infno === infno && c.upstream === upstream)
      const of = (kill: Kill) => own.filter((c) => c.kill === kill).map((c) => outcomeOf(c))
      return [`${infno} ${upstream}`, ...KILLS.map((kill) => of(kill).join(' '))]
    }),
  )
  return [['', ...KILLS], ...rows].map((row) => row.join(' | ')).join('\n')
}
