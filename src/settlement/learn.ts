import type { Instant } from '../kernel/day.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import type { Batch } from './batch.ts'
import type { Learn } from './exchange.ts'

/** A number of the insurer means one person until the office says otherwise; another one under it is somebody's mistake. */
export function learnFault(batch: Batch, { psn_blind, person_blind }: Learn): Refusal | null {
  const known = batch.loaded.psns.get(psn_blind)
  if (known === undefined || known.person_blind === person_blind) return null
  const who = known.stated ? '医保经办机构已登记' : '医院以前登记过'
  return refuse('psn_no_conflict', `${who}此人员编号属于另一个证件号码；证件无误的，请致电医保经办机构更正`)
}

/**
 * The same of a bill whose patient the register has found by certificate and name: the money is theirs whatever the number
 * is bound to, and a document is told apart by hospital and `setl_id`, so that nothing is paid twice. A hospital's slip of
 * long ago must not cost somebody else their assistance; only what the office has said from a document stands against it.
 */
export const statedFault = (batch: Batch, learn: Learn): Refusal | null =>
  batch.loaded.psns.get(learn.psn_blind)?.stated ? learnFault(batch, learn) : null

/** What has been learned stays as it is: only the office's word takes its place. */
export function learn(batch: Batch, { psn_blind, person_blind }: Learn, at: Instant): void {
  if (batch.loaded.psns.has(psn_blind)) return
  batch.loaded.psns.set(psn_blind, { person_blind, stated: false })
  batch.writes.psns.push({ psn_blind, person_blind, at })
}
