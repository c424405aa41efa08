import { z } from 'zod'
import { canonical, sha256 } from '../kernel/canonical.ts'
import type { Instant } from '../kernel/day.ts'
import { blindIndex, type Keys } from '../kernel/seal.ts'

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

/** What the audit record of a booking vouches for where an insurer's document goes with it: every column of that row. */
export const documentDigest = (row: object): string => sha256(canonical(row))

/**
 * Vouches for one row of a reference table: the audit record of the act that wrote it holds this text under `rows`.
 * A number that the engine gave to the row is left out, for nobody knows it before.
 */
export function rowDigest(table: string, row: Readonly<Record<string, unknown>>): string {
  const { id, seq, ...rest } = row
  const known = typeof id === 'string' ? { id, ...rest } : rest
  return `${table}:${sha256(canonical(known))}`
}

/** Heads of all lanes at one moment. Kept outside the database, it shows later whether history was cut or rolled back. */
export const checkpointSchema = z
  .strictObject({
    at: z.int(),
    lanes: z.array(z.strictObject({ name: z.string().max(40), seq: z.int().min(0), head: z.string().max(64) })).max(20),
    mac: z.string().max(64).describe("HMAC under the installation's key, so that a forged checkpoint is known as such"),
  })
  .meta({ id: 'AuditCheckpoint' })
export type Checkpoint = z.output<typeof checkpointSchema>

const checkpointMac = (keys: Keys, c: Omit<Checkpoint, 'mac'>): string =>
  blindIndex(keys, `audit checkpoint ${canonical([c.at, c.lanes])}`)

export const signCheckpoint = (keys: Keys, c: Omit<Checkpoint, 'mac'>): Checkpoint => ({
  ...c,
  mac: checkpointMac(keys, c),
})

export const isGenuine = (keys: Keys, c: Checkpoint): boolean => c.mac === checkpointMac(keys, c)
