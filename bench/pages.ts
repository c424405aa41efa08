import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Directory, keepDirectory } from '../src/access/directory.ts'
import { sha256 } from '../src/kernel/canonical.ts'
import { isRefusal } from '../src/kernel/refusal.ts'
import { billSchema } from '../src/settlement/bill.ts'
import { sqliteBooking } from '../src/settlement/booking.sqlite.ts'
import type { Booked, Job } from '../src/settlement/booking.ts'
import { type Desk, runOn } from '../src/settlement/desk.ts'
import { settle } from '../src/settlement/settle.ts'
import { loadKeys } from '../src/store/keys.ts'
import { openStore } from '../src/store/open.ts'
import { keepCheckpoints } from '../src/store/sqlite-checkpoints.ts'
import { logOf, openSqliteWriter } from '../src/store/sqlite-writer.ts'
import { billFor } from './bills.ts'
import { seededFolder, tidyUp } from './place.ts'
import { PERSONS, personAt, terminalAt } from './world.ts'

/**
 * `node bench/pages.ts [--count 20000] [--group 40]`: what a settlement writes to the disk and what booking it costs
 * the processor, by the code that books in the service, alone in one thread. Pages and bytes are the same whatever
 * else the machine does; so is the processor time, nearly.
 */
const { values } = parseArgs({
  options: { count: { type: 'string', default: '20000' }, group: { type: 'string', default: '40' } },
})
const COUNT = Number(values.count)
const GROUP = Number(values.group)
const TERMINALS = 64
/** Booked after the others and never carried into the database file, to see which tree each page belongs to. */
const LOOKED_AT = 2000
const LOG_HEADER = 32
const FRAME_HEADER = 24

/** The same bills in every run. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return (state >>> 8) / 2 ** 24
  }
}

type MakeJobs = (from: number) => Promise<Job[]>

/** Groups of jobs as the verb hands them to the desk. */
function jobsBy(common: Pick<Desk, 'store' | 'keys' | 'now'>): MakeJobs {
  const random = randomFrom(1)
  const told: Booked = { status: 201, body: '', problem: false, location: null, replayed: false }
  let jobs: Job[] = []
  const submit = async (job: Job) => {
    jobs.push(job)
    return told
  }
  const desk = { ...common, submit } as unknown as Desk
  return async (from) => {
    jobs = []
    for (let n = from; n < from + GROUP; n++) {
      const { idNumber, name } = personAt((random() * PERSONS) | 0)
      const { id, hospital } = terminalAt((random() * TERMINALS) | 0)
      const text = billFor(n, `ZY-${String(n).padStart(12, '0')}`, idNumber, name)
      const bill = billSchema.parse(JSON.parse(text))
      await settle(desk, { kind: 'terminal', id, hospital }, bill, sha256(`key ${n}`).slice(0, 32), null)
    }
    return jobs
  }
}

/** Bytes all threads have given to the system to be written; 0 where it does not tell. */
function written(): number {
  try {
    return Number(/^wchar: (\d+)/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

type Writer = ReturnType<typeof openSqliteWriter>

function booker({ writer, ...rest }: Writer, world: Directory) {
  const run = runOn(sqliteBooking({ writer, ...rest }))
  return async (jobs: readonly Job[]) => {
    const results = await run(jobs, world, Date.now)
    if ('stale' in results || results.some((r) => isRefusal(r) || r.status !== 201)) throw new Error('not booked')
  }
}

/** Books all groups; what they cost together, and how long each of them took, in ms. */
async function measure(writer: Writer, book: ReturnType<typeof booker>, make: MakeJobs) {
  const log = logOf(writer.writer)
  const all = { settlements: 0, pages: 0, bytes: 0, begun: 0, user: 0, system: 0, times: [] as number[] }
  let last = log.look().pages
  const written0 = written()
  for (; all.settlements < COUNT; all.settlements += GROUP) {
    const jobs = await make(all.settlements)
    const [before, start] = [process.threadCpuUsage(), performance.now()]
    await book(jobs)
    all.times.push(performance.now() - start)
    const { user, system } = process.threadCpuUsage(before)
    all.user += user
    all.system += system
    const { pages } = log.look()
    if (pages < last) all.begun++
    all.pages += pages < last ? pages : pages - last
    last = pages
  }
  return { ...all, bytes: written() - written0 }
}

/** Pages of the log by the table or index they belong to. */
function pagesByTree({ writer }: Writer, file: string): [string, number][] {
  const size = Number(writer.pragma('page_size', { simple: true }))
  const log = readFileSync(`${file}-wal`)
  const trees = new Map(writer.prepare('SELECT pageno, name FROM dbstat').raw().all() as [number, string][])
  const found = new Map<string, number>()
  for (let n = 0, at = LOG_HEADER; n < logOf(writer).look().pages; n++, at += FRAME_HEADER + size) {
    const tree = trees.get(log.readUInt32BE(at)) ?? '(free)'
    found.set(tree, (found.get(tree) ?? 0) + 1)
  }
  return [...found].sort((a, b) => b[1] - a[1])
}

function say(all: Awaited<ReturnType<typeof measure>>, trees: readonly [string, number][]): void {
  const each = (total: number) => (total / all.settlements).toPrecision(3)
  const sorted = all.times.toSorted((a, b) => a - b)
  const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0).toPrecision(3)
  const lines = [
    `${all.settlements} settlements of ${PERSONS} persons in groups of ${GROUP}; each of them:`,
    `  pages written to the log     ${each(all.pages)}`,
    `  bytes written, both files    ${Math.round(all.bytes / all.settlements)}`,
    `  processor of the thread, µs  ${each(all.user + all.system)} = ${each(all.user)} + system ${each(all.system)}`,
    `a group, ms: p50 ${at(0.5)}, p90 ${at(0.9)}, p99 ${at(0.99)}; the log was begun again ${all.begun} times`,
    'pages written for each settlement, by tree:',
    ...trees.map(([tree, pages]) => `  ${tree.padEnd(28)} ${(pages / LOOKED_AT).toPrecision(3)}`),
  ]
  console.log(lines.join('\n'))
}

async function main(): Promise<void> {
  const dataDir = await seededFolder(null)
  const file = join(dataDir, 'assistance.db')
  const store = await openStore({ dataDir, databaseUrl: null })
  const writer = openSqliteWriter(file)
  const make = jobsBy({ store, keys: loadKeys(dataDir), now: Date.now })
  const book = booker(writer, await keepDirectory(store).recent())
  const checkpoints = keepCheckpoints(file, (cause) => console.error(cause))
  const all = await measure(writer, book, make)
  await checkpoints.close()
  writer.writer.pragma('wal_autocheckpoint = 0')
  writer.writer.pragma('wal_checkpoint(TRUNCATE)')
  for (let n = 0; n < LOOKED_AT; n += GROUP) await book(await make(all.settlements + n))
  say(all, pagesByTree(writer, file))
  writer.close()
  await store.close()
}

try {
  await main()
} finally {
  tidyUp()
}
