import { setTimeout } from 'node:timers/promises'
import { refuse } from '../kernel/refusal.ts'
import type { Said } from './transaction.ts'

/** Messages this process is working on, by hospital and key. */
export interface UnderWay {
  /** Runs the work, or waits for the same work that has begun before. */
  once(hospital: string, key: string, fingerprint: string, work: () => Promise<Said>): Promise<Said>
  /** Resolves when nothing is under way under this key, or when the time is up. */
  settled(hospital: string, key: string, ms: number): Promise<void>
  has(hospital: string, key: string): boolean
}

export function underWay(): UnderWay {
  const running = new Map<string, { readonly fingerprint: string; readonly said: Promise<Said> }>()
  const place = (hospital: string, key: string) => `${hospital}|${key}`
  return {
    async once(hospital, key, fingerprint, work) {
      const at = place(hospital, key)
      const before = running.get(at)
      if (before) {
        return before.fingerprint === fingerprint
          ? before.said
          : refuse('idempotency_key_reused', '此报文ID正用于内容不同的请求')
      }
      const said = work().finally(() => running.delete(at))
      running.set(at, { fingerprint, said })
      return said
    },
    async settled(hospital, key, ms) {
      const before = running.get(place(hospital, key))
      if (before) await Promise.race([before.said.catch(() => undefined), setTimeout(ms, undefined, { ref: false })])
    },
    has: (hospital, key) => running.has(place(hospital, key)),
  }
}
