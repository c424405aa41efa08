import { type Refusal, refuse } from '../kernel/refusal.ts'

/** An ordinary bill is a tenth of this. */
const HEAVY = 16 * 1024
const MAX_IN_HAND = 16 * 1024 * 1024

/** Asks for room for a body of so many bytes; false: there is none now. Asked again, the larger weight counts. */
export type Admit = (bytes: number) => boolean

export const tooHeavy = (): Refusal => refuse('overloaded', '同时办理的大账单过多，没有写入任何内容', { retryAfter: 1 })

/**
 * Large bodies are let in as long as what is in hand fits in the memory of the process: a hundred bills of 2,000
 * lines at once would otherwise end it, and with it the answers of everybody else. Small ones always pass, whether
 * or not the caller stated their length.
 */
export function createScale() {
  let inHand = 0
  return async <R>(work: (admit: Admit) => Promise<R>): Promise<R> => {
    let held = 0
    const admit = (bytes: number): boolean => {
      const more = bytes - held
      if (bytes <= HEAVY || more <= 0) return true
      if (inHand + more > MAX_IN_HAND) return false
      inHand += more
      held = bytes
      return true
    }
    try {
      return await work(admit)
    } finally {
      inHand -= held
    }
  }
}
