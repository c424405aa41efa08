import { fork } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import { fileURLToPath } from 'node:url'
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
const ENTRY = fileURLToPath(new URL('../proof-process.ts', import.meta.url))
/** A proof lives on 25 MB. */
const MEMORY = ['--max-old-space-size=64', '--max-semi-space-size=4']

const busy = (detail: string): Refusal => refuse('overloaded', detail, { retryAfter: 10 })

/**
 * One proof in a process of its own. A thread would do, but what it needed stays with the service for good, a third
 * of all the service may hold, and the system cannot put it behind the threads that terminals wait for.
 */
function inProcess(job: ProofJob, ms: number): ReturnType<Prove> {
  if (ms <= 0) return Promise.resolve(busy('排在前面的检查没有及时完成'))
  return new Promise((resolve, reject) => {
    const child = fork(ENTRY, {
      execArgv: MEMORY,
      env: { TZ: process.env.TZ, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      timeout: Math.ceil(ms),
      killSignal: 'SIGKILL',
    })
    if (child.pid) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL)
    child.once('error', reject)
    child.once('message', (faults: readonly RuleFault[]) => resolve(faults))
    // After the answer, if there was one: then this decides nothing any more.
    child.once('close', (code) => {
      if (code === null) resolve(busy('检查没有在限定的时间和内存之内完成'))
      else reject(new Error(`the proof ended with ${code}`))
    })
    // A child that is gone cannot be told anything; its end says so.
    child.send(job, () => undefined)
  })
}

/**
 * Proves texts one after the other, each in a process started for it: trying thousands of bills takes a second of
 * computing, and terminals must not wait for a rule editor.
 */
export function openProver({ inHand, ms }: Limits = LIMITS): Prove {
  let last: Promise<unknown> = Promise.resolve()
  let asked = 0
  return async (job) => {
    if (asked >= inHand) return busy(`已有 ${asked} 份文本在检查`)
    asked++
    const due = performance.now() + ms
    const proof = last.then(() => inProcess(job, due - performance.now()))
    last = proof.catch(() => undefined)
    try {
      return await proof
    } finally {
      asked--
    }
  }
}
