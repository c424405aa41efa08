import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { drizzle as drizzleSqlite } from 'drizzle-orm/better-sqlite3'
import { migrate as migrateSqlite } from 'drizzle-orm/better-sqlite3/migrator'
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres'
import { migrate as migratePostgres } from 'drizzle-orm/node-postgres/migrator'
import { openPostgres, type PostgresStore } from './postgres.ts'
import { openSqlite, type SqliteStore } from './sqlite.ts'

export type AnyStore = SqliteStore | PostgresStore

const migrations = (engine: string) => fileURLToPath(new URL(`../../drizzle/${engine}`, import.meta.url))

/** Opens the store the configuration names, brings its schema up to date and proves that commits are durable. */
export async function openStore(config: { dataDir: string; databaseUrl: string | null }): Promise<AnyStore> {
  const store = config.databaseUrl ? openPostgres(config.databaseUrl) : openEmbedded(config.dataDir)
  if (store.engine === 'sqlite') migrateSqlite(drizzleSqlite(store.writer), { migrationsFolder: migrations('sqlite') })
  else await migratePostgres(drizzlePostgres(store.pool), { migrationsFolder: migrations('postgres') })
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

function openEmbedded(dataDir: string): SqliteStore {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  return openSqlite(join(dataDir, 'assistance.db'))
}
