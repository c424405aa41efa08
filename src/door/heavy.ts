import { type Refusal, refuse } from '../kernel/refusal.ts'
import { MAX_BODY } from './body.ts'

/** An ordinary bill is a tenth of this. */
const HEAVY = 16 * 1024
const MAX_IN_HAND = 16 * MAX_BODY

/**
 * Large bodies are let in as long as what is in hand fits in the memory of the process: a hundred bills of 2,000
 * lines at once would otherwise end it, and with it the answers of everybody else. Small ones always pass.
 */
export function createScale() {
  let inHand = 0
  return async <R>(bytes: number, work: () => Promise<R>): Promise<R | Refusal> => {
    if (bytes <= HEAVY) return work()
    if (inHand + bytes > MAX_IN_HAND)
      return refuse('overloaded', '同时办理的大账单过多，没有写入任何内容', { retryAfter: 1 })
    inHand += bytes
    try {
      return await work()
    } finally {
      inHand -= bytes
    }
  }
}
