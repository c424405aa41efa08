import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openStore } from './open.ts'
import { openSqliteWriter } from './sqlite-writer.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'assistance-busy-'))
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

test('别的进程占着数据库文件时，这个线程照样答复别人，轮到时再写', async () => {
  const store = await openStore({ dataDir, databaseUrl: null })
  const other = openSqliteWriter(join(dataDir, 'assistance.db'))
  other.writer.exec('BEGIN IMMEDIATE')
  let beats = 0
  const pulse = setInterval(() => beats++, 10)
  const { lane } = store.tables
  const written = store.write(async (tx) => tx.insert(lane).values({ name: 'x', seq: 1, head: '' }))
  await new Promise((resolve) => setTimeout(resolve, 400))
  // A thread that slept in the lock would not have counted.
  expect(beats).toBeGreaterThan(5)
  other.writer.exec('COMMIT')
  await written
  clearInterval(pulse)
  expect(await store.read.select().from(lane)).toContainEqual({ name: 'x', seq: 1, head: '' })
  other.close()
  await store.close()
})
