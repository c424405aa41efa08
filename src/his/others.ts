import { setTimeout } from 'node:timers/promises'
import type { CallRow } from '../settlement/exchange.ts'
import { isUndoKey, scopeOf } from './kept.ts'
import { platformOf } from './own-call.ts'
import { requestByKey } from './queries.ts'
import type { HisDeps } from './transaction.ts'

/** What a process needs to decide and book, when the platform's answer has come at the last moment. */
const BOOKING_MS = 5_000
const LOOK_MS = 250

/**
 * How long yet another process may be at a call. Nothing depends on it but that a settlement under way is not given up
 * needlessly; a folder of the embedded engine has one service, so that what this one is not at has been left. Undoing may be tried by any number.
 */
export async function othersMs(deps: HisDeps, row: CallRow): Promise<number> {
  if (deps.store.engine === 'sqlite' || isUndoKey(row.key)) return 0
  const platform = await platformOf(deps, row.hospital_code)
  return platform ? Math.max(0, row.at + platform.timeout_ms + BOOKING_MS - deps.now()) : 0
}

/** Waits until a call has ended, or another process can no longer be at it. */
export async function awaitOthers(deps: HisDeps, row: CallRow): Promise<void> {
  for (let left = await othersMs(deps, row); left > 0; left -= LOOK_MS) {
    if (await requestByKey(deps.store, scopeOf(row.hospital_code), row.key)) return
    await setTimeout(Math.min(left, LOOK_MS))
  }
}
