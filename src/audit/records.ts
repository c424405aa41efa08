import type { Deps } from '../access/act.ts'
import { type Caller, may } from '../access/caller.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import type { AuditRecord } from './chain.ts'
import { auditPage } from './queries.ts'

export interface RecordPage {
  readonly records: readonly (AuditRecord & { readonly hash: string })[]
  /** Where the next page begins; null at the end of the chain. */
  readonly next: number | null
}

/** The log holds no name and no number of a person, so reading it leaves no record of its own. */
export async function readRecords(
  deps: Deps,
  caller: Caller,
  ask: { readonly lane: string; readonly after: number; readonly limit: number },
): Promise<RecordPage | Refusal> {
  if (!may(caller, 'audit.read')) return refuse('forbidden', '需要权限 audit.read')
  const records = await auditPage(deps.store, ask.lane, ask.after, ask.limit)
  return { records, next: records.length < ask.limit ? null : (records.at(-1)?.seq ?? null) }
}
