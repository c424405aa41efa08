import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { sqliteTables } from './schema.sqlite.ts'
import { type Db, OutcomeUnknown, type Store } from './store.ts'

export interface SqliteStore extends Store {
  readonly engine: 'sqlite'
  /** The one write connection, for prepared statements of the booking adapter. */
  readonly writer: Database.Database
  /** Brings the schema up to date. */
  migrate(migrationsFolder: string): void
  /** Runs synchronous work on the write connection once no transaction is open there. */
  between<R>(work: () => R): Promise<R>
  /** The same, in a transaction of its own. */
  writeSync<R>(work: () => R): Promise<R>
}

const FULL = 2

function connect(file: string, readonly: boolean): Database.Database {
  const db = new Database(file, { readonly })
  db.pragma('busy_timeout = 5000')
  db.pragma('foreign_keys = ON')
  db.pragma('trusted_schema = OFF')
  if (!readonly) {
    db.pragma('journal_mode = WAL')
    db.pragma('wal_autocheckpoint = 1000')
    // better-sqlite3 drops to NORMAL after the first write in WAL mode: answers would leave before the disk has them.
    db.pragma('synchronous = FULL')
    db.pragma('cache_size = -24576')
  }
  return db
}

function assertDurable(db: Database.Database): void {
  if (db.pragma('synchronous', { simple: true }) !== FULL) throw new Error('SQLite connection is not synchronous=FULL')
  if (db.pragma('journal_mode', { simple: true }) !== 'wal') throw new Error('SQLite connection is not in WAL mode')
}

/** COMMIT that failed on I/O may come back after recovery; a full disk has rolled back for certain. */
function commitOrUnknown(db: Database.Database, commit: Database.Statement): void {
  try {
    commit.run()
  } catch (error) {
    const code = (error as { code?: string }).code ?? ''
    if (code.startsWith('SQLITE_IOERR')) throw new OutcomeUnknown('commit failed on I/O', { cause: error })
    if (db.inTransaction) db.exec('ROLLBACK')
    throw error
  }
}

/** Opens the embedded database: one write connection with FULL, one read-only connection. */
export function openSqlite(file: string): SqliteStore {
  const writer = connect(file, false)
  const reader = connect(file, true)
  assertDurable(writer)
  const begin = writer.prepare('BEGIN IMMEDIATE')
  const commit = writer.prepare('COMMIT')
  const rollback = () => {
    if (writer.inTransaction) writer.exec('ROLLBACK')
  }
  const tx = drizzle(writer) as unknown as Db
  let last: Promise<unknown> = Promise.resolve()

  async function alone<R>(work: (tx: Db) => Promise<R>): Promise<R> {
    let crossed = false
    begin.run()
    const guard = setImmediate(() => {
      crossed = true
    })
    try {
      const result = await work(tx)
      if (crossed) throw new Error('a write transaction waited for something other than its own queries')
      commitOrUnknown(writer, commit)
      return result
    } catch (error) {
      rollback()
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

  function atOnce<R>(work: () => R): R {
    begin.run()
    try {
      const result = work()
      commitOrUnknown(writer, commit)
      return result
    } catch (error) {
      rollback()
      throw error
    }
  }

  return {
    engine: 'sqlite',
    tables: sqliteTables,
    read: drizzle(reader) as unknown as Db,
    writer,
    migrate: (migrationsFolder) => migrate(drizzle(writer), { migrationsFolder }),
    write: (work) => inTurn(() => alone(work)),
    between: inTurn,
    writeSync: (work) => inTurn(() => atOnce(work)),
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
