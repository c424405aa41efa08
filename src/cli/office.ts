import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import type { Caller } from '../access/caller.ts'
import { keepDirectory, schemeCategories } from '../access/directory.ts'
import type { Config } from '../config.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { type CodeDocument, compileCodesText, isCodesKey } from '../rules/codes.ts'
import { compileText } from '../rules/compile.ts'
import { gatherSchemes, type Scheme } from '../rules/in-force.ts'
import { publishedTexts } from '../rules/queries.ts'
import { seedRules } from '../rules/seed.ts'
import { loadKeys } from '../store/keys.ts'
import { type AnyStore, openStore } from '../store/open.ts'
import type { ExitCode, Io, Work } from './command.ts'
import { sayRefusal } from './say.ts'

/** Opens what the service opens, and seeds an empty store as the service does on its first start. */
export async function withOffice(work: Work, config: Config, io: Io): Promise<ExitCode> {
  const store = await openStore(config)
  try {
    const directory = keepDirectory(store)
    const common = { store, keys: loadKeys(config.dataDir), now: Date.now }
    const deps = { ...common, categories: async () => schemeCategories(await directory.recent()) }
    const seeded = existsSync(config.rulesDir) ? await seedRules(common, config.rulesDir) : null
    if (isRefusal(seeded)) return sayRefusal(io, seeded)
    return await work({ deps, caller: operator() }, io)
  } finally {
    await store.close()
  }
}

export interface Rules {
  readonly schemes: readonly Scheme[]
  readonly codes: readonly CodeDocument[]
}

/** What is published in the store there is; null where nothing was ever kept. Neither makes nor changes anything. */
export async function publishedRules(config: Config): Promise<Rules | null> {
  const store = await openAsItIs(config)
  if (store === null) return null
  try {
    const texts = (await publishedTexts(store)).map(({ scheme, version, text }) => ({
      scheme,
      text,
      file: `${scheme}/${version}.yaml`,
    }))
    return {
      schemes: gatherSchemes(texts.filter((t) => !isCodesKey(t.scheme)).map((t) => compileText(t.text, t.file))),
      codes: texts.filter((t) => isCodesKey(t.scheme)).map((t) => compileCodesText(t.text, t.file)),
    }
  } catch (error) {
    if (lacksTables(error)) return null
    throw error
  } finally {
    await store.close()
  }
}

async function openAsItIs({ dataDir, databaseUrl }: Config): Promise<AnyStore | null> {
  if (databaseUrl) return (await import('../store/postgres.ts')).openPostgres(databaseUrl)
  const file = join(dataDir, 'assistance.db')
  return existsSync(file) ? (await import('../store/sqlite.ts')).openSqlite(file) : null
}

/** PostgreSQL says it by its code, SQLite in words. */
function lacksTables(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? error.code : undefined
  return code === '42P01' || error.message.startsWith('no such table') || lacksTables(error.cause)
}

/** The person at the machine, by the name the system knows; containers may run under a number alone. */
function operator(): Caller {
  try {
    return { kind: 'operator', id: userInfo().username }
  } catch {
    return { kind: 'operator', id: `uid-${process.getuid?.() ?? 0}` }
  }
}
