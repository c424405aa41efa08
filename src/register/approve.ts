import { act } from '../access/act.ts'
import { actorOf, type Caller, may } from '../access/caller.ts'
import { rowDigest } from '../audit/chain.ts'
import type { Instant } from '../kernel/day.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import { unseal } from '../kernel/seal.ts'
import type { Db } from '../store/store.ts'
import { inTurns, turn } from '../store/turns.ts'
import { append, knownAmong, type Ready, sealWrites } from './append.ts'
import { assess, prepare, type RegisterDeps } from './assess.ts'
import { placeOfRows, type Summary } from './draft.ts'
import type { RowFault } from './fault.ts'
import type { Plan, Prepared } from './plan.ts'
import { type Draft, findDraft, insertApproval, isApproved, lockRegister, registerVersion } from './queries.ts'
import { type Counts, countsOf } from './report.ts'
import { appendPsnNo, ONE_CHANGED, openStatement } from './state-psn-no.ts'
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

/** What a draft changes in the register as it was at a version. */
interface Compared extends Ready {
  readonly version: string
  readonly plan: Plan
}

/** Compares and seals before the transaction, so that bills wait only for the writing. */
async function compareAhead({ store, keys }: RegisterDeps, prepared: readonly Prepared[]): Promise<Compared> {
  // First of all: whatever is appended while the rest is read makes it another version.
  const version = await registerVersion(store.read, store.tables)
  const plan = await assess(store.read, store.tables, prepared, turn)
  const known = await knownAmong(store.read, store.tables, plan.writes)
  return { version, plan, known, writes: await inTurns(plan.writes, (part) => sealWrites(keys, part)) }
}

async function compareNow(tx: Db, { store, keys }: RegisterDeps, prepared: readonly Prepared[]) {
  const plan = await assess(tx, store.tables, prepared)
  return { plan, known: await knownAmong(tx, store.tables, plan.writes), writes: sealWrites(keys, plan.writes) }
}

/** Puts a draft into effect. The draft is compared anew, for the register may have moved since it was made. */
export async function approveDraft(deps: RegisterDeps, caller: Caller, id: string): Promise<ApprovalAnswer | Refusal> {
  if (!may(caller, 'register.approve')) return refuse('forbidden', '需要权限 register.approve')
  const found = await findDraft(deps.store.read, deps.store.tables, id)
  if (!found) return refuse('record_not_found', '没有这份变更')
  if (found.approval) return refuse('already_done', '这份变更已经审批')
  const { draft } = found
  if (draft.source === 'psn_no') return approvePsnNo(deps, caller, draft)
  const statements = JSON.parse(unseal(deps.keys, placeOfRows(id), draft.sealed_rows)) as Statement[]
  const prepared = await prepare(deps.keys, statements)
  const ahead = await compareAhead(deps, prepared)
  return act(deps, caller, 'register.approve', async (tx, t, at) => {
    await lockRegister(tx, t)
    if (await isApproved(tx, t, id)) return refuse('already_done', '这份变更已经审批')
    const approved_by = actorOf(caller)
    const approval = { draft_id: id, drafted_by: draft.drafted_by, approved_by, approved_at: at }
    if ((await insertApproval(tx, t, approval)) === 'own_change') return refuse('own_change', '起草人与审批人是同一人')
    const stillTrue = ahead.version === (await registerVersion(tx, t))
    const { plan, ...ready } = stillTrue ? ahead : await compareNow(tx, deps, prepared)
    const batch = await append(tx, t, ready, { id, at })
    const counts = countsOf(plan.rows, 0)
    const { hash } = JSON.parse(draft.summary) as Summary
    return {
      result: { id, drafted_by: draft.drafted_by, approved_by, approved_at: at, counts, faults: plan.faults },
      deed: {
        subject: `register_draft:${id}`,
        detail: { did: 'approve', hash, counts, batch, rows: [rowDigest('register_approval', approval)] },
      },
    }
  })
}

/** Puts the office's word on a person number into effect. */
function approvePsnNo(deps: RegisterDeps, caller: Caller, draft: Draft): Promise<ApprovalAnswer | Refusal> {
  const { id, drafted_by } = draft
  const statement = openStatement(deps.keys, draft)
  return act(deps, caller, 'register.approve', async (tx, t, at) => {
    await lockRegister(tx, t)
    if (await isApproved(tx, t, id)) return refuse('already_done', '这份变更已经审批')
    const approval = { draft_id: id, drafted_by, approved_by: actorOf(caller), approved_at: at }
    if ((await insertApproval(tx, t, approval)) === 'own_change') return refuse('own_change', '起草人与审批人是同一人')
    const said = await appendPsnNo(tx, t, deps.keys, statement, { draft_id: id, by: approval.approved_by, at })
    const { hash } = JSON.parse(draft.summary) as Summary
    return {
      result: { id, drafted_by, approved_by: approval.approved_by, approved_at: at, counts: ONE_CHANGED, faults: [] },
      deed: {
        subject: `register_draft:${id}`,
        detail: { did: 'approve', hash, counts: ONE_CHANGED, rows: [rowDigest('register_approval', approval), said] },
      },
    }
  })
}
