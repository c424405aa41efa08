import { spawnSync } from 'node:child_process'
import { createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { openStore } from '../src/store/open.ts'
import type { Place } from './engines.ts'
import { openLine, startService } from './process.ts'
import { bill, HOSPITAL, newKey, openWorld, type Terminal } from './world.ts'

const ANSWERS = 1000
const hasStrace = spawnSync('strace', ['-V']).status === 0
if (!hasStrace) console.info('R1 is not shown: strace is not installed (apt-get install -y strace)')

/** Every call that reaches the disk or a socket, with enough of its bytes to find a settlement number in them. */
const STRACE = [
  'strace',
  '-f',
  '-y',
  '-qq',
  '-s',
  '4200',
  '-e',
  'trace=pwrite64,fsync,fdatasync,write,writev,sendto,sendmsg',
]

/** Books under strace and gives the file of the calls, in the order in which the kernel saw them. */
async function trace(place: Place, terminals: readonly Terminal[], file: string, preload?: string): Promise<void> {
  const service = await startService(place, { under: [...STRACE, '-o', file], ...(preload ? { preload } : {}) })
  const { pid } = JSON.parse(service.log.find((line) => line.includes('listening')) ?? '{}') as { pid: number }
  await Promise.all(
    terminals.map(async (terminal) => {
      const line = openLine(terminal)
      for (let i = 0; i < ANSWERS / terminals.length; i++) {
        const { status } = await line.post(service.port, '/v1/settlements', newKey(), bill())
        if (status !== 201) throw new Error(`answered ${status}`)
      }
      line.close()
    }),
  )
  const gone = new Promise((resolve) => service.child.once('exit', resolve))
  process.kill(pid, 'SIGTERM')
  await gone
}

const KEPT = 8

/**
 * Reads the calls of all threads in their order: an answer is early unless its number stands in a page of the log
 * that fsync has confirmed. A write and an answer count when they begin, fsync when it has ended.
 */
async function audit(file: string): Promise<{ answers: number; early: number }> {
  let waiting: string[] = []
  let confirmed: string[][] = []
  let [answers, early] = [0, 0]
  const syncing = new Map<string, readonly string[]>()
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const thread = line.slice(0, line.indexOf(' '))
    const isLog = line.includes('assistance.db-wal>')
    if (isLog && line.includes(' pwrite64(')) waiting.push(line)
    if (isLog && / f(data)?sync\(/.test(line)) {
      syncing.set(thread, waiting)
      waiting = []
    }
    const pages = syncing.get(thread)
    if (pages && / = 0$/.test(line) && /sync(\(| resumed)/.test(line)) {
      confirmed = [...confirmed.slice(-KEPT), [...pages]]
      syncing.delete(thread)
    }
    const no = /HTTP\/1\.1 201 .*?\\"settlement_no\\":\\"([0-9A-Z]+)\\"/.exec(line)?.[1]
    if (no === undefined) continue
    answers++
    if (!confirmed.some((group) => group.some((page) => page.includes(no)))) early++
  }
  return { answers, early }
}

test.runIf(hasStrace)(
  `R1: of ${ANSWERS} answers none leaves before the disk has confirmed its booking`,
  async () => {
    const w = await openWorld('sqlite', (place?: Place) => openStore(place as Place))
    const terminals: Terminal[] = []
    for (let i = 0; i < 8; i++) terminals.push(await w.addTerminal(HOSPITAL))
    await w.store.close()
    const folder = mkdtempSync(join(tmpdir(), 'assistance-strace-'))
    try {
      await trace(w.place, terminals, join(folder, 'full'))
      expect(await audit(join(folder, 'full'))).toEqual({ answers: ANSWERS, early: 0 })
      // The same test on a database that does not wait for the disk: every single answer must be caught.
      await trace(w.place, terminals, join(folder, 'normal'), new URL('careless-disk.ts', import.meta.url).href)
      const careless = await audit(join(folder, 'normal'))
      expect(careless.answers).toBe(ANSWERS)
      expect(careless.early).toBeGreaterThan(ANSWERS * 0.95)
    } finally {
      rmSync(folder, { recursive: true, force: true })
      rmSync(w.place.dataDir, { recursive: true, force: true })
    }
  },
  180_000,
)
