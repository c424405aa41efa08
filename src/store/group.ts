import { isUnavailable, OutcomeUnknown, Overloaded } from './store.ts'

interface Waiting<J, R> {
  readonly job: J
  readonly resolve: (result: R) => void
  readonly reject: (error: unknown) => void
}

/**
 * Group commit: jobs that arrive together run as one batch, and nobody is answered before `run` resolves,
 * that is, before COMMIT. A batch that fails for a reason of its own is run again job by job, so that one
 * bad job cannot take the others with it; an unknown outcome or a store that is away is not tried again here.
 * `underWay` batches may run at once: more than one only where `run` keeps them in order.
 */
export function groupCommit<J, R>(
  run: (jobs: readonly J[]) => Promise<readonly R[]>,
  limits: { readonly batch: number; readonly waiting: number; readonly underWay: number },
): (job: J) => Promise<R> {
  let waiting: Waiting<J, R>[] = []
  let running = 0
  let woken = false

  async function settle(batch: readonly Waiting<J, R>[]): Promise<void> {
    try {
      const results = await run(batch.map((w) => w.job))
      batch.forEach((w, i) => {
        w.resolve(results[i] as R)
      })
    } catch (error) {
      if (batch.length === 1 || error instanceof OutcomeUnknown || isUnavailable(error))
        for (const w of batch) w.reject(error)
      else for (const w of batch) await settle([w])
    }
  }

  /** Requests that arrived in the same turn of the loop are parsed first, so that a batch is a batch. */
  function wake(): void {
    if (woken || waiting.length === 0 || running >= limits.underWay) return
    woken = true
    setImmediate(() => {
      woken = false
      const batch = waiting.slice(0, limits.batch)
      waiting = waiting.slice(limits.batch)
      running++
      void settle(batch).finally(() => {
        running--
        wake()
      })
      wake()
    })
  }

  return (job) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= limits.waiting) return reject(new Overloaded())
      waiting.push({ job, resolve, reject })
      wake()
    })
}
