import type { Instant } from '../kernel/day.ts'
import { refuse } from '../kernel/refusal.ts'
import { resolveCall } from './doubt.ts'
import { openCalls } from './queries.ts'
import { storedAnswer } from './said.ts'
import type { HisDeps } from './transaction.ts'

/** Calls of other processes are left alone for as long as those may still be waiting for the platform. */
const OTHERS_MS = 120_000

/** So many are asked after in one round; the rest waits for the next. */
const MOST = 500

export interface Round {
  readonly asked: number
  readonly open: number
}

/**
 * Asks after every call of unknown outcome, oldest first. `mine`: this is the only process, so that whatever is open
 * and not being worked on here was left by one that has ended.
 */
export function callRounds(deps: HisDeps, mine: boolean): () => Promise<Round> {
  /** No call begun before this is open any more. */
  let after: Instant = 0
  return async () => {
    const before = deps.now() + (mine ? 1 : -OTHERS_MS)
    const found = await openCalls(deps.store, { before, after, limit: MOST })
    const rows = found.filter((row) => !deps.under.has(row.hospital_code, row.key))
    let open = found.length - rows.length
    for (const row of rows) {
      const { hospital_code: hospital, key, fingerprint } = row
      await deps.under.once(hospital, key, fingerprint, async () => {
        if ((await resolveCall(deps, row)) === 'open') open++
        return (await storedAnswer(deps, hospital, key)) ?? refuse('outcome_unknown', `报文 ${key} 的结果仍在核实`)
      })
    }
    if (open === 0 && found.length < MOST) after = before
    return { asked: rows.length, open }
  }
}
