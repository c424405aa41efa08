import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PostgresStore } from './postgres.ts'
import type { SqliteStore } from './sqlite.ts'

export type AnyStore = SqliteStore | PostgresStore

const migrationsFolder = (engine: AnyStore['engine']) =>
  fileURLToPath(new URL(`../../drizzle/${engine}`, import.meta.url))

/** Opens the store the configuration names, brings its schema up to date and proves that commits are durable. */
export async function openStore(config: { dataDir: string; databaseUrl: string | null }): Promise<AnyStore> {
  const store = config.databaseUrl ? await openServer(config.databaseUrl) : await openEmbedded(config.dataDir)
  await store.write(async (tx) => {
    const { lane } = store.tables
    await tx
      .insert(lane)
      .values([
        { name: 'ledger', seq: 0, head: '' },
        { name: 'office', seq: 0, head: '' },
        { name: 'desk', seq: 0, head: '' },
      ])
      .onConflictDoNothing()
  })
  await store.probe()
  return store
}

// Each engine is loaded only where it is used: the query builder of the other one costs a second at start.
async function openEmbedded(dataDir: string): Promise<SqliteStore> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const { openSqlite } = await import('./sqlite.ts')
  const store = openSqlite(join(dataDir, 'assistance.db'))
  store.migrate(migrationsFolder('sqlite'))
  return store
}

async function openServer(url: string): Promise<PostgresStore> {
  const { openPostgres } = await import('./postgres.ts')
  const store = openPostgres(url)
  await store.migrate(migrationsFolder('postgres'))
  return store
}
