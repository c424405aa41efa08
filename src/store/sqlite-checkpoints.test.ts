import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { keepCheckpoints } from './sqlite-checkpoints.ts'
import { LONG_LOG, logOf, openSqliteWriter } from './sqlite-writer.ts'

const folder = mkdtempSync(join(tmpdir(), 'assistance-checkpoints-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A frame of the log: a page and what is said of it. */
const FRAME = 4096 + 24
const A_COMMIT = 400

function openLog(name: string) {
  const file = join(folder, name)
  const { writer, close } = openSqliteWriter(file)
  writer.exec('CREATE TABLE t (n INTEGER PRIMARY KEY, x BLOB) STRICT')
  const add = writer.prepare('INSERT INTO t (x) VALUES (zeroblob(3800))')
  const commit = writer.transaction(() => {
    for (let i = 0; i < A_COMMIT; i++) add.run()
  })
  return { file, close, commit, log: logOf(writer), size: () => statSync(`${file}-wal`).size }
}

test('the thread carries the log into the database file while nobody commits', async () => {
  const { file, close, commit, log } = openLog('carried.db')
  const checkpoints = keepCheckpoints(file, () => undefined)
  for (let i = 0; i < 5; i++) commit()
  expect(log.look().pages).toBeGreaterThanOrEqual(5 * A_COMMIT)
  while (log.look().home < log.look().pages) await pause(20)
  await checkpoints.close()
  close()
})

test.each([true, false])('the log stays bounded however much is committed (with the thread: %s)', async (beside) => {
  const { file, close, commit, size } = openLog(`bounded-${beside}.db`)
  const checkpoints = beside ? keepCheckpoints(file, () => undefined) : null
  let longest = 0
  for (let pages = 0; pages < 3 * LONG_LOG; pages += A_COMMIT) {
    commit()
    longest = Math.max(longest, size())
    await pause(0)
  }
  // While the thread carries, a commit cannot: what is written meanwhile comes on top.
  expect(longest).toBeLessThan((LONG_LOG + (beside ? 4000 : 2 * A_COMMIT)) * FRAME)
  expect(longest).toBeGreaterThan(LONG_LOG * FRAME * 0.9)
  await checkpoints?.close()
  close()
})

test('who opened the thread is told that it has gone, once, and not when it was meant to go', async () => {
  const { file, close } = openLog('gone.db')
  const causes: unknown[] = []
  await keepCheckpoints(file, (cause) => causes.push(cause)).close()
  expect(causes).toEqual([])
  const missing = new Promise((resolve) => keepCheckpoints(join(folder, 'not', 'there.db'), resolve))
  expect(await missing).toBeInstanceOf(Error)
  close()
})
