import type { Instant } from '../kernel/day.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import type { Batch } from './batch.ts'
import type { Learn } from './exchange.ts'

/** A number of the insurer means one person for ever; another one under it is somebody's mistake. */
export function learnFault(batch: Batch, { psn_blind, person_blind }: Learn): Refusal | null {
  const known = batch.loaded.psns.get(psn_blind)
  if (known === undefined || known === person_blind) return null
  return refuse('psn_no_conflict', '此人员编号以前对应的是另一个证件号码')
}

export function learn(batch: Batch, { psn_blind, person_blind }: Learn, at: Instant): void {
  if (batch.loaded.psns.has(psn_blind)) return
  batch.loaded.psns.set(psn_blind, person_blind)
  batch.writes.psns.push({ psn_blind, person_blind, at })
}
