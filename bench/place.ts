import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadKeys } from '../src/store/keys.ts'
import { openStore } from '../src/store/open.ts'
import { startServer } from './processes.ts'
import { seed } from './seed.ts'

/** Removes what a bench left on the disk, in reverse order, whatever happened. */
const left: (() => void)[] = []
export function tidyUp(): void {
  for (const remove of left.splice(0).reverse()) remove()
}

export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'assistance-bench-'))
  left.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A migrated and seeded store, closed again. */
export async function seededFolder(databaseUrl: string | null): Promise<string> {
  const dataDir = freshFolder()
  const store = await openStore({ dataDir, databaseUrl })
  try {
    await seed(store, loadKeys(dataDir))
  } finally {
    await store.close()
  }
  return dataDir
}

/** The service itself, as it runs in production. */
export const startService = (dataDir: string, databaseUrl: string | null) =>
  startServer('../src/main.ts', {
    DATA_DIR: dataDir,
    ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }),
  })
