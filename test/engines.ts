import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, describe, inject } from 'vitest'
import type { Keys } from '../src/kernel/seal.ts'
import { type AnyStore, openStore } from '../src/store/open.ts'

export type Engine = 'sqlite' | 'postgres'

/** Where a store lives; opening the same place twice finds the same data. */
export interface Place {
  readonly dataDir: string
  readonly databaseUrl: string | null
}

/** Opens a store: on a fresh, empty, migrated database, or on a place opened before. Closed after the suite. */
export type Open = (place?: Place) => Promise<AnyStore>

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${inject('postgresUrl')}postgres` })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** Makes an empty database, and tells how to remove it. */
export async function freshPlace(engine: Engine): Promise<Place & { remove: () => Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'assistance-test-'))
  const clear = () => rmSync(dataDir, { recursive: true, force: true })
  if (engine === 'sqlite') return { dataDir, databaseUrl: null, remove: async () => clear() }
  const name = `t_${randomBytes(8).toString('hex')}`
  await onServer(`CREATE DATABASE ${name}`)
  const remove = async () => {
    clear()
    await onServer(`DROP DATABASE ${name} WITH (FORCE)`)
  }
  return { dataDir, databaseUrl: `${inject('postgresUrl')}${name}`, remove }
}

/**
 * Runs one suite on both engines: `eachEngine((engine, open) => { test(…) })`.
 * Every `open()` gives an empty database of its own; what was opened is closed and removed after the suite.
 */
export function eachEngine(suite: (engine: Engine, open: Open) => void): void {
  describe.each<Engine>(['sqlite', 'postgres'])('%s', (engine) => {
    const tidy: (() => Promise<void>)[] = []
    const open: Open = async (given) => {
      const place = given ?? (await freshPlace(engine))
      if ('remove' in place) tidy.push(place.remove as () => Promise<void>)
      const store = await openStore(place)
      // Closing a pool twice throws; a test that closes its store itself must not fail here.
      tidy.push(() => store.close().catch(() => undefined))
      return store
    }
    afterAll(async () => {
      for (const step of tidy.reverse()) await step()
    })
    suite(engine, open)
  })
}

/** Keys for tests: new ones for each run, as an installation has its own. */
export const testKeys = (): Keys => ({ id: 'test', field: randomBytes(32), blind: randomBytes(32) })
