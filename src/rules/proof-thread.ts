import { Worker } from 'node:worker_threads'
import type { Deps } from '../access/act.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import type { RuleFault } from './check.ts'
import type { VersionText } from './prove.ts'

export interface ProofJob {
  readonly text: string
  readonly inForce: readonly VersionText[]
}

/** What stands against a text among those in force, as `proveDraft` finds it; a refusal when there is no time for it. */
export type Prove = (job: ProofJob) => Promise<readonly RuleFault[] | Refusal>

/** What the verbs of the rule desk need beside the common things. */
export interface RuleDeps extends Deps {
  readonly prove: Prove
}

interface Limits {
  /** Proofs asked for and not yet answered. */
  readonly inHand: number
  /** From asking to answering; the door gives up on a request soon after. */
  readonly ms: number
}

const LIMITS: Limits = { inHand: 4, ms: 8000 }
const ENTRY = new URL('../proof-worker.ts', import.meta.url)
/** A proof lives on 25 MB; more would lift the whole process above what it may hold. */
const MEMORY = { maxYoungGenerationSizeMb: 6, maxOldGenerationSizeMb: 48 }

const busy = (detail: string): Refusal => refuse('overloaded', detail, { retryAfter: 10 })

/** One proof in a thread of its own, whose memory is given back with it. */
function inThread(job: ProofJob, ms: number): ReturnType<Prove> {
  if (ms <= 0) return Promise.resolve(busy('排在前面的检查没有及时完成'))
  return new Promise((resolve, reject) => {
    const worker = new Worker(ENTRY, { workerData: job, resourceLimits: MEMORY })
    const timer = setTimeout(() => void worker.terminate(), ms)
    let found: readonly RuleFault[] | Refusal = busy('检查没有在限定的时间和内存之内完成')
    let fault: Error | null = null
    worker.once('message', (faults: readonly RuleFault[]) => {
      found = faults
    })
    worker.once('error', (error: Error & { code?: string }) => {
      if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') fault = error
    })
    worker.once('exit', () => {
      clearTimeout(timer)
      if (fault) reject(fault)
      else resolve(found)
    })
  })
}

/**
 * Proves texts one after the other, each in a thread started for it: trying thousands of bills takes a second of
 * computing, and terminals must not wait for a rule editor.
 */
export function openProver({ inHand, ms }: Limits = LIMITS): Prove {
  let last: Promise<unknown> = Promise.resolve()
  let asked = 0
  return async (job) => {
    if (asked >= inHand) return busy(`已有 ${asked} 份文本在检查`)
    asked++
    const due = performance.now() + ms
    const proof = last.then(() => inThread(job, due - performance.now()))
    last = proof.catch(() => undefined)
    try {
      return await proof
    } finally {
      asked--
    }
  }
}
