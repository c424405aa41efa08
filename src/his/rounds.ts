import type { Instant } from '../kernel/day.ts'
import { refuse } from '../kernel/refusal.ts'
import type { CallRow } from '../settlement/exchange.ts'
import { type Resolved, resolveCall } from './doubt.ts'
import { openCalls } from './queries.ts'
import { storedAnswer } from './said.ts'
import type { HisDeps } from './transaction.ts'

/** Calls of other processes are left alone for as long as those may still be waiting for the platform. */
const OTHERS_MS = 120_000

/** So many are asked after in one round, some of them at a time; the rest waits for the next. */
const MOST = 500
const ABREAST = 8

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
  let turn = 0
  async function resolve(row: CallRow): Promise<Resolved> {
    const { hospital_code: hospital, key, fingerprint } = row
    let resolved: Resolved = 'open'
    await deps.under.once(hospital, key, fingerprint, async () => {
      resolved = await resolveCall(deps, row)
      return (await storedAnswer(deps, hospital, key)) ?? refuse('outcome_unknown', `报文 ${key} 的结果仍在核实`)
    })
    return resolved
  }
  return async () => {
    const before = deps.now() + (mine ? 1 : -OTHERS_MS)
    const found = await openCalls(deps.store, { before, after, limit: MOST })
    const rows = found.filter((row) => !deps.under.has(row.hospital_code, row.key))
    // Each round begins elsewhere: calls that are never answered must not keep the others from their turn.
    const first = rows.length === 0 ? 0 : (turn++ * ABREAST) % rows.length
    const inTurn = [...rows.slice(first), ...rows.slice(0, first)]
    let asked = 0
    let ended = 0
    while (asked < inTurn.length) {
      const some = inTurn.slice(asked, asked + ABREAST)
      const resolved = await Promise.all(some.map(resolve))
      asked += some.length
      ended += resolved.filter((one) => one === 'ended').length
      // A platform that answers none of so many will not answer the next ones either.
      if (some.length === ABREAST && !resolved.includes('ended')) break
    }
    const open = found.length - ended
    if (open === 0 && found.length < MOST) after = before
    return { asked, open }
  }
}
