import { act } from '../access/act.ts'
import { actorOf, type Caller, may } from '../access/caller.ts'
import { rowDigest } from '../audit/chain.ts'
import { lockLane } from '../audit/queries.ts'
import type { Instant } from '../kernel/day.ts'
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'
import { unsound } from './check-text.ts'
import type { RuleDeps } from './prover.ts'
import { type DraftEntry, draftNow, hashInForce, insertPublication, publishedTexts } from './queries.ts'

export interface Published {
  readonly id: string
  readonly scheme: string
  readonly version: string
  readonly hash: string
  readonly drafted_by: string
  readonly approved_by: string
  readonly approved_at: Instant
}

/**
 * A second person puts a version into force, once it is proved sound among those in force. Whoever drafted it may
 * not; the database holds the same rule.
 */
export async function approveRule(deps: RuleDeps, caller: Caller, id: string): Promise<Published | Refusal> {
  if (!may(caller, 'rules.approve')) return refuse('forbidden', '需要权限 rules.approve')
  const approved_by = actorOf(caller)
  const draft = await draftNow(deps.store.read, deps.store.tables, id)
  const obstacle = standsAgainst(draft, id, approved_by)
  if (obstacle) return obstacle
  if (!draft) throw new Error('a missing draft stands against its approval')
  // Proved before the transaction begins: trying thousands of bills must not hold up the terminals.
  const faults = await deps.prove({ text: draft.text, inForce: await publishedTexts(deps.store) })
  if (isRefusal(faults)) return faults
  if (faults.length > 0) return unsound(faults)
  return act(deps, caller, 'rules.approve', async (tx, t, at) => {
    await lockLane(tx, t, 'office')
    const now = await draftNow(tx, t, id)
    const late = standsAgainst(now, id, approved_by)
    if (late) return late
    const { scheme, version, hash, drafted_by } = draft
    if ((await hashInForce(tx, t, scheme, version)) === hash) {
      return refuse('already_done', `${scheme}/${version} 已按同样的文本公布`)
    }
    const row = { draft_id: id, drafted_by, approved_by, approved_at: at }
    await insertPublication(tx, t, row)
    const detail = { did: 'approve', scheme, version, hash, drafted_by, rows: [rowDigest('rule_publication', row)] }
    const result = { id, scheme, version, hash, drafted_by, approved_by, approved_at: at }
    return { result, deed: { subject: `rule_draft:${id}`, detail } }
  })
}

function standsAgainst(draft: DraftEntry | null, id: string, approver: string): Refusal | null {
  if (!draft) return refuse('record_not_found', `没有规则草案 ${id}`)
  if (draft.published !== null) return refuse('already_done', `草案 ${id} 已由 ${draft.approved_by} 批准`)
  if (draft.drafted_by === approver) return refuse('own_change', '起草人与审批人是同一人')
  return null
}
