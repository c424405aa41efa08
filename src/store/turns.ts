const PART = 250

/** Lets other requests have their turn; never to be awaited inside a write. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Works through a list part by part; other requests have their turn in between. */
export async function inTurns<T, R>(all: readonly T[], work: (part: readonly T[]) => readonly R[]): Promise<R[]> {
  const results: R[] = []
  for (let i = 0; i < all.length; i += PART) {
    if (i > 0) await turn()
    for (const one of work(all.slice(i, i + PART))) results.push(one)
  }
  return results
}
