import { sha256 } from '../kernel/canonical.ts'
import type { Instant } from '../kernel/day.ts'

/** One link of a writer's chain. `detail` is JSON text without personal data. */
export interface AuditRecord {
  readonly lane: string
  readonly seq: number
  readonly at: Instant
  readonly actor: string
  readonly action: string
  readonly subject: string
  readonly detail: string
}

/** Hash of a link: over the hash before it and every field, in this order, as one JSON array. */
export const linkHash = (previous: string, r: AuditRecord): string =>
  sha256(JSON.stringify([previous, r.lane, r.seq, r.at, r.actor, r.action, r.subject, r.detail]))

/**
 * What the audit record of a booking vouches for: bill, facts and answer as stored. The lengths stand in front, so
 * that text cannot wander from one into the next.
 */
export const settlementDigest = (bill: string, facts: string, answer: string): string =>
  sha256(`${bill.length}:${bill}${facts.length}:${facts}${answer}`)
