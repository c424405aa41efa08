import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { connect, transactionOn } from './sqlite-writer.ts'
import { OutcomeUnknown } from './store.ts'

const folder = mkdtempSync(join(tmpdir(), 'assistance-writer-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A connection whose COMMIT fails once, with a code of SQLite's, before anything reaches the disk. */
function failingOnce(name: string, code: string) {
  const db = connect(join(folder, name), false)
  db.exec('CREATE TABLE t (n INTEGER) STRICT')
  const prepare = db.prepare.bind(db)
  let failed = false
  vi.spyOn(db, 'prepare').mockImplementation(((sql: string) => {
    const statement = prepare(sql)
    if (sql !== 'COMMIT') return statement
    const run = () => {
      if (failed) return statement.run()
      failed = true
      throw Object.assign(new Error('cannot commit'), { code })
    }
    return { run }
  }) as typeof db.prepare)
  return { db, transaction: transactionOn(db), add: () => db.exec('INSERT INTO t VALUES (1)') }
}

test('R6: after a commit that failed on I/O the connection decides nothing more', () => {
  const { db, transaction, add } = failingOnce('io.db', 'SQLITE_IOERR_FSYNC')
  expect(() => transaction.run(add)).toThrow(OutcomeUnknown)
  const work = vi.fn(add)
  expect(() => transaction.run(work)).toThrow(OutcomeUnknown)
  expect(() => transaction.begin()).toThrow(OutcomeUnknown)
  expect(work).not.toHaveBeenCalled()
  db.close()
})

test('a full disk has taken nothing, and the next transaction goes on', () => {
  const { db, transaction, add } = failingOnce('full.db', 'SQLITE_FULL')
  expect(() => transaction.run(add)).toThrow('cannot commit')
  transaction.run(add)
  expect(db.prepare('SELECT count(*) AS n FROM t').get()).toEqual({ n: 1 })
  db.close()
})
