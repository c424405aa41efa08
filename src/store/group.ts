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
 */
export function groupCommit<J, R>(
  run: (jobs: readonly J[]) => Promise<readonly R[]>,
  limits: { batch: number; waiting: number },
) {
  let waiting: Waiting<J, R>[] = []
  let running = false

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

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, limits.batch)
      waiting = waiting.slice(limits.batch)
      await settle(batch)
      // Let requests that arrived meanwhile be parsed, so that the next batch is a batch again.
      if (waiting.length > 0) await new Promise((resolve) => setImmediate(resolve))
    }
    running = false
  }

  return (job: J): Promise<R> =>
    new Promise((resolve, reject) => {
      if (waiting.length >= limits.waiting) return reject(new Overloaded())
      waiting.push({ job, resolve, reject })
      if (running) return
      running = true
      setImmediate(() => void drain())
    })
}
