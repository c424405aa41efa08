import pg from 'pg'
import { OutcomeUnknown } from './store.ts'

/** Connections to write on, for the statements of the booking adapter. */
export interface PostgresWriter {
  readonly pool: pg.Pool
  /**
   * Runs work in one transaction on a client of its own; retried when the engine asks for it (40001, 40P01).
   * `begin` may carry a first statement, which then costs no round trip of its own.
   */
  withClient<R>(work: Work<R>, begin?: string): Promise<R>
}

/**
 * Both ends of a transaction. Statements travel without waiting for the answers of those before them: work need not
 * wait for `begun` before it reads, and those that `last` sends once it has begun are waited for together with COMMIT,
 * which the server turns into a rollback if it has refused one of them.
 */
export interface Ends {
  readonly begun: Promise<unknown>
  readonly last: (send: () => readonly Promise<unknown>[]) => void
}

type Work<R> = (client: pg.PoolClient, ends: Ends) => Promise<R>

const INT8 = 20
const RETRIES = 10
const codeOf = (error: unknown): string => {
  const e = error as { code?: string; cause?: { code?: string } }
  return e.code ?? e.cause?.code ?? ''
}
const wantsRetry = (error: unknown): boolean => codeOf(error) === '40001' || codeOf(error) === '40P01'

/** Where the server says that a standby was not waited for; other warnings have the same code. */
const WAITING = 'SyncRepWaitForLSN'

/**
 * COMMIT on PostgreSQL, behind the statements sent before it. A connection lost under it, by whatever fault, or the
 * notice 01000 that a synchronous standby was not waited for, mean that nobody knows what will be there after recovery.
 */
async function commitOrUnknown(client: pg.PoolClient, sent: readonly Promise<unknown>[]): Promise<void> {
  let unreplicated = false
  const onNotice = ({ code, routine = WAITING }: { code?: string | undefined; routine?: string | undefined }) => {
    if (code === '01000' && routine === WAITING) unreplicated = true
  }
  client.on('notice', onNotice)
  const [commit, ...ended] = await Promise.allSettled([client.query('COMMIT'), ...sent])
  client.off('notice', onNotice)
  const faults = ended.flatMap((one) => (one.status === 'rejected' ? [one.reason as { severity?: string }] : []))
  // A statement the server has refused lets no COMMIT behind it take effect, whether or not that was answered.
  const refused = faults.find(({ severity }) => severity !== undefined)
  if (refused) throw refused
  if (commit.status === 'rejected')
    throw wantsRetry(commit.reason) ? commit.reason : new OutcomeUnknown('commit failed', { cause: commit.reason })
  const { command } = commit.value
  if (command !== 'COMMIT') throw new Error(`COMMIT was answered with ${command}`, { cause: faults[0] })
  // What never reached the server has not stopped it from committing the rest.
  if (faults.length > 0) throw new OutcomeUnknown('a statement was not sent', { cause: faults[0] })
  if (unreplicated) throw new OutcomeUnknown('commit was not acknowledged by the standby')
}

async function once<R>(pool: pg.Pool, work: Work<R>, begin: string): Promise<R> {
  const client = await pool.connect()
  let broken = false
  let send: () => readonly Promise<unknown>[] = () => []
  const last: Ends['last'] = (sending) => {
    send = sending
  }
  try {
    const begun = client.query(begin)
    begun.catch(() => undefined)
    const result = await work(client, { begun, last })
    await begun
    await commitOrUnknown(client, send())
    return result
  } catch (error) {
    broken = error instanceof OutcomeUnknown
    if (!broken)
      await client.query('ROLLBACK').catch(() => {
        broken = true
      })
    throw error
  } finally {
    client.release(broken)
  }
}

/** At most so many connections, each opened when it is needed, and closed again after so long without work (0: never). */
interface Connections {
  readonly max: number
  readonly idleTimeoutMillis: number
}

/** Opens connections to `postgres://…`. */
export function openPostgresWriter(url: string, connections: Connections): PostgresWriter {
  const types = {
    getTypeParser: ((id: number, format: 'text' | 'binary') =>
      id === INT8 ? Number : pg.types.getTypeParser(id, format as 'text')) as typeof pg.types.getTypeParser,
  }
  const pool = new pg.Pool({
    connectionString: url,
    ...connections,
    types,
    pipeline: true,
    connectionTimeoutMillis: 5000,
    statement_timeout: 10_000,
  })
  pool.on('error', () => undefined)
  // The statements under way say it; an event nobody listens to would end the process, even between two listeners.
  pool.on('connect', (client) => client.on('error', () => undefined))

  async function withClient<R>(work: Work<R>, begin = 'BEGIN'): Promise<R> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await once(pool, work, begin)
      } catch (error) {
        if (!wantsRetry(error) || attempt === RETRIES) throw error
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 50))
      }
    }
  }
  return { pool, withClient }
}
