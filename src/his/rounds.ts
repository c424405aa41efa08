import type { Instant } from '../kernel/day.ts'
import type { CallRow } from '../settlement/exchange.ts'
import { resolveOnce } from './doubt.ts'
import { othersMs } from './others.ts'
import { openCalls } from './queries.ts'
import type { HisDeps } from './transaction.ts'

/** A call has the time its message arrived at, and may be written so much later. */
const WRITING_MS = 120_000

/** So many are asked after in one round, some of them at a time; the rest waits for the next. */
const MOST = 500
const ABREAST = 8

export interface Round {
  readonly asked: number
  readonly open: number
}

/** Asks after every call of unknown outcome that nobody is at any more, oldest first. */
export function callRounds(deps: HisDeps): () => Promise<Round> {
  /** No call begun before this is open any more. */
  let after: Instant = 0
  let turn = 0
  /** Neither this process is at it, nor may another one be. */
  const isLeft = async (row: CallRow) =>
    !deps.under.has(row.hospital_code, row.key) && (await othersMs(deps, row)) === 0
  return async () => {
    const now = deps.now()
    const found = await openCalls(deps.store, { before: now + 1, after, limit: MOST })
    const left = await Promise.all(found.map(isLeft))
    const rows = found.filter((_, i) => left[i])
    // Each round begins elsewhere: calls that are never answered must not keep the others from their turn.
    const first = rows.length === 0 ? 0 : (turn++ * ABREAST) % rows.length
    const inTurn = [...rows.slice(first), ...rows.slice(0, first)]
    let asked = 0
    let ended = 0
    const errors: unknown[] = []
    while (asked < inTurn.length) {
      const some = inTurn.slice(asked, asked + ABREAST)
      // One that breaks us must not keep the others from their turn.
      const resolved = await Promise.all(
        some.map((row) => resolveOnce(deps, row).catch((error) => void errors.push(error))),
      )
      asked += some.length
      ended += resolved.filter((one) => one === 'ended').length
      // A platform that answers none of so many will not answer the next ones either.
      if (some.length === ABREAST && !resolved.includes('ended')) break
    }
    const open = found.length - ended
    if (open === 0 && found.length < MOST) after = now - WRITING_MS
    if (errors.length > 0) throw errors[0]
    return { asked, open }
  }
}
