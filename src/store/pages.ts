import { setImmediate } from 'node:timers/promises'
import { asc, gt, sql } from 'drizzle-orm'
import type { Store } from './store.ts'

/**
 * Reads a table in pages by a growing number, never all of it. Between two pages other work gets its turn: the
 * embedded engine answers at once, and a long reading would otherwise hold up the terminals.
 */
export async function* pages<R>(
  read: (after: number) => PromiseLike<R[]>,
  numberOf: (row: R) => number,
): AsyncGenerator<R[], void, undefined> {
  let after = 0
  for (;;) {
    const rows = await read(after)
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows
    after = numberOf(last)
    await setImmediate()
  }
}

const MAX_ROWS = 1000
const MAX_BYTES = 8 * 1024 * 1024

/**
 * The last number of a page of whole rows of the ledger: a bill may have 2,000 lines, and a thousand such bills at
 * once are more than the process may hold. One row always fits.
 */
export async function endOfLedgerPage(store: Store, after: number): Promise<number> {
  const t = store.tables.settlement
  const sizes = await store.read
    .select({ seq: t.ledger_seq, bytes: sql<number>`octet_length(${t.bill})`.mapWith(Number) })
    .from(t)
    .where(gt(t.ledger_seq, after))
    .orderBy(asc(t.ledger_seq))
    .limit(MAX_ROWS)
  let held = 0
  let end = after
  for (const { seq, bytes } of sizes) {
    held += bytes
    if (end > after && held > MAX_BYTES) break
    end = seq
  }
  return end
}
