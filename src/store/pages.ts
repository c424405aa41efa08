import { setImmediate } from 'node:timers/promises'

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
