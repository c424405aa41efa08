import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'

/** Longer than a service takes to leave after SIGTERM, so that a restart goes through. */
const PATIENCE_MS = 10_000
const FILE = 'service.lock'

/**
 * Holds the data folder of the embedded engine for one service until this process ends, however it ends: a lock of the
 * operating system on a file of its own, which dies with its holder. The engine itself is safe with several processes, but
 * what a service has under way with an insurance platform it alone knows: another one would take it for left, and give
 * it up. Tools that only read and write the store need no lock and work beside it. Null: another service has the folder.
 */
export function holdFolder(dataDir: string, onWait: () => void): { release(): void } | null {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const lock = new Database(join(dataDir, FILE))
  const held = (patience: number): boolean => {
    lock.pragma(`busy_timeout = ${patience}`)
    try {
      lock.exec('BEGIN EXCLUSIVE')
      return true
    } catch (error) {
      if (String((error as { code?: string }).code).startsWith('SQLITE_BUSY')) return false
      throw error
    }
  }
  if (!held(0)) {
    onWait()
    if (!held(PATIENCE_MS)) {
      lock.close()
      return null
    }
  }
  return { release: () => void lock.close() }
}
