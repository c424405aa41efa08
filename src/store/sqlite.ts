import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { sqliteTables } from './schema.sqlite.ts'
import { assertDurable, connect, type SqliteWriter, transactionOn } from './sqlite-writer.ts'
import type { Db, Store } from './store.ts'

export interface SqliteStore extends Store, SqliteWriter {
  readonly engine: 'sqlite'
  readonly place: { readonly file: string }
  /** Brings the schema up to date. */
  migrate(migrationsFolder: string): void
}

const TRIES = 150
const PAUSE_MS = 20
const isBusy = (error: unknown): boolean => String((error as { code?: string }).code).startsWith('SQLITE_BUSY')

/** Waits for another writer of the file without holding up the thread that answers requests: a few seconds at most. */
async function beginPatiently(transaction: ReturnType<typeof transactionOn>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return transaction.begin()
    } catch (error) {
      if (!isBusy(error) || tries === TRIES) throw error
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }
}

/** A transaction whose work awaits its own queries and nothing else. */
async function transact<R>(transaction: ReturnType<typeof transactionOn>, work: () => Promise<R>): Promise<R> {
  await beginPatiently(transaction)
  let crossed = false
  const guard = setImmediate(() => {
    crossed = true
  })
  try {
    const result = await work()
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

/** A query of this engine that can be run on the spot. */
interface SyncQuery {
  sync(): unknown
}

/** Runs the queries that have gathered by the end of a turn of the event loop in one snapshot. */
function readsTogether(reader: ReturnType<typeof connect>): Store['readTogether'] {
  let waiting: { readonly ask: () => void; readonly reject: (error: unknown) => void }[] = []
  const askAll = reader.transaction((asked: typeof waiting) => {
    for (const one of asked) {
      try {
        one.ask()
      } catch (error) {
        one.reject(error)
      }
    }
  })
  const run = () => {
    const asked = waiting
    waiting = []
    try {
      askAll(asked)
    } catch (error) {
      for (const one of asked) one.reject(error)
    }
  }
  return <R>(query: PromiseLike<R>) =>
    new Promise<R>((resolve, reject) => {
      if (waiting.length === 0) setImmediate(run)
      waiting.push({ ask: () => resolve((query as unknown as SyncQuery).sync() as R), reject })
    })
}

/** Opens the embedded database: one write connection with FULL, one read-only connection. */
export function openSqlite(file: string): SqliteStore {
  const writer = connect(file, false)
  const reader = connect(file, true)
  assertDurable(writer)
  const transaction = transactionOn(writer)
  const tx = drizzle(writer) as unknown as Db
  let last: Promise<unknown> = Promise.resolve()

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
    readTogether: readsTogether(reader),
    writer,
    place: { file },
    migrate(migrationsFolder) {
      migrate(drizzle(writer), { migrationsFolder })
      // From here on `beginPatiently` does the waiting.
      writer.pragma(`busy_timeout = ${PAUSE_MS}`)
    },
    write: (work) => inTurn(() => transact(transaction, () => work(tx))),
    between: inTurn,
    writeSync: (work) => inTurn(() => beginPatiently(transaction).then(() => transaction.within(work))),
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
