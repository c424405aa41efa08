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

/**
 * Reads the calls: an answer is early when its number stood in no page of the log that fsync had confirmed, or when
 * pages written since the last fsync still wait for the disk.
 */
async function audit(file: string): Promise<{ answers: number; early: number }> {
  let waiting: string[] = []
  let confirmed: string[] = []
  let [answers, early] = [0, 0]
  const begun = new Map<string, string>()
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const thread = line.slice(0, line.indexOf(' '))
    if (line.endsWith('<unfinished ...>')) {
      begun.set(thread, line)
      continue
    }
    const call = line.includes('resumed>') ? `${begun.get(thread)}${line}` : line
    const isLog = call.includes('assistance.db-wal>')
    if (isLog && call.includes(' pwrite64(')) waiting.push(call)
    else if (isLog && / f(data)?sync\(/.test(call) && / = 0$/.test(call)) {
      confirmed = [...confirmed.slice(-40), ...waiting]
      waiting = []
    }
    const no = /HTTP\/1\.1 201 .*?\\"settlement_no\\":\\"([0-9A-Z]+)\\"/.exec(call)?.[1]
    if (no === undefined) continue
    answers++
    if (waiting.length > 0 || !confirmed.some((page) => page.includes(no))) early++
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
