import Database from 'better-sqlite3'
import { OutcomeUnknown } from './store.ts'

/** The write connection, for prepared statements of the booking adapter. */
export interface SqliteWriter {
  readonly writer: Database.Database
  /** Runs synchronous work on the write connection once no transaction is open there. */
  between<R>(work: () => R): Promise<R>
  /** The same, in a transaction of its own. */
  writeSync<R>(work: () => R): Promise<R>
}

const FULL = 2

/**
 * A thread of its own carries the log into the database file (`sqlite-checkpoints.ts`), but under load it is always a
 * few commits behind, and a log is begun again only where nothing is left to carry. From this many pages on (64 MiB) a
 * commit carries the rest itself: that bounds the log, also where there is no such thread.
 */
export const LONG_LOG = 16_000

export function connect(file: string, readonly: boolean): Database.Database {
  const db = new Database(file, { readonly })
  db.pragma('busy_timeout = 5000')
  db.pragma('foreign_keys = ON')
  db.pragma('trusted_schema = OFF')
  if (!readonly) {
    db.pragma('journal_mode = WAL')
    db.pragma(`wal_autocheckpoint = ${LONG_LOG}`)
    // better-sqlite3 drops to NORMAL after the first write in WAL mode: answers would leave before the disk has them.
    db.pragma('synchronous = FULL')
    // More saves no processor time, with a million settlements either: the system keeps the file, and a commit looks at every page held here.
    db.pragma('cache_size = -8192')
  }
  return db
}

export function assertDurable(db: Database.Database): void {
  if (db.pragma('synchronous', { simple: true }) !== FULL) throw new Error('SQLite connection is not synchronous=FULL')
  if (db.pragma('journal_mode', { simple: true }) !== 'wal') throw new Error('SQLite connection is not in WAL mode')
}

/** The log of a database: how many pages it holds, how many of them the database file has too, and carrying them there. */
export function logOf(db: Database.Database) {
  const ask = (mode: 'NOOP' | 'PASSIVE') => {
    const statement = db.prepare<[], [number, number, number]>(`PRAGMA wal_checkpoint(${mode})`).raw()
    return () => {
      const [, pages = 0, home = 0] = statement.get() ?? []
      return { pages, home }
    }
  }
  return { look: ask('NOOP'), carry: ask('PASSIVE') }
}

/** BEGIN IMMEDIATE, COMMIT and ROLLBACK of a write connection. */
export function transactionOn(db: Database.Database) {
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  let lost = false
  /** After a commit of unknown outcome nothing may be decided on what this connection believes to be there. */
  function beginUnlessLost(): void {
    if (lost) throw new OutcomeUnknown('an earlier commit failed on I/O')
    begin.run()
  }
  const rollback = () => {
    if (db.inTransaction) db.exec('ROLLBACK')
  }
  /** A COMMIT that failed on I/O may come back after recovery; a full disk has rolled back for certain. */
  function commitOrUnknown(): void {
    try {
      commit.run()
    } catch (error) {
      const code = (error as { code?: string }).code ?? ''
      if (code.startsWith('SQLITE_IOERR')) {
        lost = true
        throw new OutcomeUnknown('commit failed on I/O', { cause: error })
      }
      rollback()
      throw error
    }
  }
  /** Synchronous work in the transaction that has just begun. */
  function within<R>(work: () => R): R {
    try {
      const result = work()
      commitOrUnknown()
      return result
    } catch (error) {
      rollback()
      throw error
    }
  }
  return {
    begin: beginUnlessLost,
    commit: commitOrUnknown,
    rollback,
    within,
    /** Synchronous work in one transaction. */
    run<R>(work: () => R): R {
      beginUnlessLost()
      return within(work)
    },
  }
}

/** A write connection of a thread of its own, which nothing else uses. */
export function openSqliteWriter(file: string): SqliteWriter & { close(): void } {
  const writer = connect(file, false)
  assertDurable(writer)
  const transaction = transactionOn(writer)
  return {
    writer,
    between: async (work) => work(),
    writeSync: async (work) => transaction.run(work),
    close: () => writer.close(),
  }
}
