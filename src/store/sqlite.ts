import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { sqliteTables } from './schema.sqlite.ts'
import { assertDurable, connect, type SqliteWriter, transactionOn } from './sqlite-writer.ts'
import type { Db, Store } from './store.ts'

export interface SqliteStore extends Store, SqliteWriter {
  readonly engine: 'sqlite'
  readonly file: string
  /** Brings the schema up to date. */
  migrate(migrationsFolder: string): void
}

/** Opens the embedded database: one write connection with FULL, one read-only connection. */
export function openSqlite(file: string): SqliteStore {
  const writer = connect(file, false)
  const reader = connect(file, true)
  assertDurable(writer)
  const transaction = transactionOn(writer)
  const tx = drizzle(writer) as unknown as Db
  let last: Promise<unknown> = Promise.resolve()

  async function alone<R>(work: (tx: Db) => Promise<R>): Promise<R> {
    let crossed = false
    transaction.begin()
    const guard = setImmediate(() => {
      crossed = true
    })
    try {
      const result = await work(tx)
      if (crossed) throw new Error('a write transaction waited for something other than its own queries')
      transaction.commit()
      return result
    } catch (error) {
      transaction.rollback()
      throw error
    } finally {
      clearImmediate(guard)
    }
  }

  /** One after another: a booking that found the transaction of a staff act open would fail, or read what is not committed. */
  function inTurn<R>(work: () => R | Promise<R>): Promise<R> {
    const next = last.then(work)
    last = next.catch(() => undefined)
    return next
  }

  return {
    engine: 'sqlite',
    tables: sqliteTables,
    read: drizzle(reader) as unknown as Db,
    writer,
    file,
    migrate: (migrationsFolder) => migrate(drizzle(writer), { migrationsFolder }),
    write: (work) => inTurn(() => alone(work)),
    between: inTurn,
    writeSync: (work) => inTurn(() => transaction.run(work)),
    async probe() {
      assertDurable(writer)
      reader.prepare('SELECT seq FROM lane LIMIT 1').get()
    },
    async close() {
      await last
      reader.close()
      writer.close()
    },
  }
}
