import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, inject } from 'vitest'
import type { Keys } from '../src/kernel/seal.ts'
import { type AnyStore, openStore } from '../src/store/open.ts'
import { migratedFile, onServer, templateOn } from './migrated.ts'

export type Engine = 'sqlite' | 'postgres'

/** Where a store lives; opening the same place twice finds the same data. */
export interface Place {
  readonly dataDir: string
  readonly databaseUrl: string | null
}

/** Opens a store: on a fresh, empty, migrated database, or on a place opened before. Closed after the suite. */
export type Open = (place?: Place) => Promise<AnyStore>

type Removable = Place & { readonly remove: () => Promise<void> }

async function makePlace(engine: Engine, migrated: boolean): Promise<Removable> {
  const dataDir = mkdtempSync(join(tmpdir(), 'assistance-test-'))
  const clear = () => rmSync(dataDir, { recursive: true, force: true })
  if (engine === 'sqlite') {
    if (migrated) writeFileSync(join(dataDir, 'assistance.db'), await migratedFile())
    return { dataDir, databaseUrl: null, remove: async () => clear() }
  }
  const url = inject('postgresUrl')
  const name = `t_${randomBytes(8).toString('hex')}`
  const like = migrated ? ` TEMPLATE ${await templateOn(url)}` : ''
  await onServer(url, (client) => client.query(`CREATE DATABASE ${name}${like}`))
  const remove = async () => {
    clear()
    // The server of the run goes with its databases, while each that is dropped makes it write all others to the disk.
    if (process.env.TEST_POSTGRES_URL)
      await onServer(url, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`))
  }
  return { dataDir, databaseUrl: `${url}${name}`, remove }
}

/** Makes an empty database, and tells how to remove it. */
export const freshPlace = (engine: Engine): Promise<Removable> => makePlace(engine, false)

/** The same after every migration: a copy of one that went through them, for they take longer than most tests. */
export const migratedPlace = (engine: Engine): Promise<Removable> => makePlace(engine, true)

/**
 * Runs one suite on both engines: `eachEngine((engine, open) => { test(…) })`.
 * Every `open()` gives an empty database of its own; what was opened is closed and removed after the suite.
 */
export function eachEngine(suite: (engine: Engine, open: Open) => void): void {
  describe.each<Engine>(['sqlite', 'postgres'])('%s', (engine) => {
    const tidy: (() => Promise<void>)[] = []
    const open: Open = async (given) => {
      const place = given ?? (await migratedPlace(engine))
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
