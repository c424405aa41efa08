import { act } from '../access/act.ts'
import { actorOf, type Caller } from '../access/caller.ts'
import { rowDigest } from '../audit/chain.ts'
import type { Instant } from '../kernel/day.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import { unseal } from '../kernel/seal.ts'
import { append } from './append.ts'
import { assess, prepare, type RegisterDeps } from './assess.ts'
import { placeOfRows, type Summary } from './draft.ts'
import type { RowFault } from './fault.ts'
import { findDraft, insertApproval, lockRegister } from './queries.ts'
import { type Counts, countsOf } from './report.ts'
import type { Statement } from './statement.ts'

export interface ApprovalAnswer {
  readonly id: string
  readonly drafted_by: string
  readonly approved_by: string
  readonly approved_at: Instant
  readonly counts: Counts
  /** Rows that the register has come to contradict since the draft was made: left out. */
  readonly faults: readonly RowFault[]
}

/** Puts a draft into effect. The draft is compared anew, for the register may have moved since it was made. */
export async function approveDraft(deps: RegisterDeps, caller: Caller, id: string): Promise<ApprovalAnswer | Refusal> {
  return act(deps, caller, 'register.approve', async (tx, t, at) => {
    await lockRegister(tx, t)
    const found = await findDraft(tx, t, id)
    if (!found) return refuse('record_not_found', '没有这份变更')
    if (found.approval) return refuse('already_done', '这份变更已经审批')
    const { draft } = found
    const approved_by = actorOf(caller)
    const approval = { draft_id: id, drafted_by: draft.drafted_by, approved_by, approved_at: at }
    if ((await insertApproval(tx, t, approval)) === 'own_change') return refuse('own_change', '起草人与审批人是同一人')
    const statements = JSON.parse(unseal(deps.keys, placeOfRows(id), draft.sealed_rows)) as Statement[]
    const planned = await assess(tx, t, prepare(deps.keys, statements))
    const batch = await append(tx, t, deps.keys, planned.writes, { id, at })
    const counts = countsOf(planned.rows, 0)
    const { hash } = JSON.parse(draft.summary) as Summary
    return {
      result: { id, drafted_by: draft.drafted_by, approved_by, approved_at: at, counts, faults: planned.faults },
      deed: {
        subject: `register_draft:${id}`,
        detail: { did: 'approve', hash, counts, batch, rows: [rowDigest('register_approval', approval)] },
      },
    }
  })
}
