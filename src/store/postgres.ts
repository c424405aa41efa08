import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import { openPostgresWriter, type PostgresWriter } from './postgres-writer.ts'
import { postgresTables } from './schema.postgres.ts'
import type { Db, Store } from './store.ts'

export interface PostgresStore extends Store, PostgresWriter {
  readonly engine: 'postgres'
  readonly place: { readonly url: string }
  /** Brings the schema up to date. */
  migrate(migrationsFolder: string): Promise<void>
}

const CONNECTIONS = { max: 10, idleTimeoutMillis: 10_000 }

/** Opens a pool on `postgres://…`; durable commits are asserted, not assumed. */
export function openPostgres(url: string): PostgresStore {
  const { pool, withClient } = openPostgresWriter(url, CONNECTIONS)

  return {
    engine: 'postgres',
    place: { url },
    tables: postgresTables,
    read: drizzle(pool) as unknown as Db,
    readTogether: (query) => query,
    pool,
    migrate: (migrationsFolder) => migrate(drizzle(pool), { migrationsFolder }),
    withClient,
    write: (work) =>
      withClient(async (client, { begun }) => {
        await begun
        return work(drizzle(client) as unknown as Db)
      }),
    async probe() {
      const { rows } = await pool.query(
        "SELECT current_setting('synchronous_commit') AS s, current_setting('fsync') AS f",
      )
      if (rows[0]?.s === 'off' || rows[0]?.f === 'off') throw new Error('PostgreSQL runs without durable commits')
      await pool.query('SELECT seq FROM lane LIMIT 1')
    },
    close: () => pool.end(),
  }
}
