import type { Instant } from '../kernel/day.ts'

const KEEP_MS = 300_000

/** A signature's time may be this far from ours, either way. */
export const MAX_SKEW_MS = 60_000

/** Remembers what may be used once for longer than any signature is good; true for the first use. */
export type FirstUse = (nonce: string, at: Instant) => boolean

export function createNonces(): FirstUse {
  const nonces = new Map<string, Instant>()
  return (nonce, at) => {
    for (const [known, since] of nonces) {
      if (at - since < KEEP_MS) break
      nonces.delete(known)
    }
    if (nonces.has(nonce)) return false
    nonces.set(nonce, at)
    return true
  }
}
