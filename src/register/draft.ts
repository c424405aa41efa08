import { hash } from 'node:crypto'
import { act } from '../access/act.ts'
import { actorOf, type Caller, may } from '../access/caller.ts'
import { rowDigest } from '../audit/chain.ts'
import { dayOf } from '../kernel/day.ts'
import { randomText } from '../kernel/ids.ts'
import { type Fault, isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'
import { seal } from '../kernel/seal.ts'
import { turn } from '../store/turns.ts'
import { assess, namesOf, prepare, type RegisterDeps } from './assess.ts'
import { type Change, readChanges } from './change-list.ts'
import type { RowFault } from './fault.ts'
import type { Plan, RowOutcome } from './plan.ts'
import { insertDraft } from './queries.ts'
import { type Counts, countsOf, reportOf } from './report.ts'
import { type Roster, readRoster } from './roster.ts'
import type { Statement } from './statement.ts'

/** What a clerk hands in: a roster as text, or a list of changes. */
export type Source =
  | { readonly source: 'roster'; readonly text: string }
  | { readonly source: 'changes'; readonly changes: readonly Change[] }

/** What of a draft may stand in the clear: figures and faults, no names and no numbers. */
export interface Summary {
  readonly hash: string
  readonly counts: Counts
  readonly faults: readonly RowFault[]
}

export interface DraftAnswer extends Summary {
  readonly id: string
  readonly rows: readonly RowOutcome[]
}

export const placeOfRows = (draftId: string): string => `register_draft.sealed_rows:${draftId}`

/** A draft takes effect in one transaction, during which settlements on the embedded engine wait. */
const MAX_DRAFT_ROWS = 2000

/** Keeps a change of the register for a second person to approve; nothing takes effect before that. */
export async function draftChange(deps: RegisterDeps, caller: Caller, source: Source): Promise<DraftAnswer | Refusal> {
  if (!may(caller, 'register.draft')) return refuse('forbidden', '需要权限 register.draft')
  const read = await readSource(deps, source)
  if (isRefusal(read)) return read
  const { statements, roster } = read
  const digest = `sha256:${hash('sha256', source.source === 'roster' ? source.text : JSON.stringify(source.changes), 'hex')}`
  const prepared = await prepare(deps.keys, statements)
  // Only told to whoever reads the draft, and compared anew at the approval: no transaction need wait for it.
  const planned = await assess(deps.store.read, deps.store.tables, prepared, turn)
  const refused = roster ? null : contradictions(planned)
  if (refused) return refused
  const { counts, faults, rows } = roster
    ? reportOf(roster, planned, { applied: false, batch_id: null, file_hash: digest })
    : { ...planned, counts: countsOf(planned.rows, 0) }
  if (planned.writes.length === 0) return refuse('invalid_request', '没有任何变更', { errors: faults.map(asFault) })
  const id = randomText(20)
  const sealed_rows = seal(deps.keys, placeOfRows(id), JSON.stringify(statements))
  return act(deps, caller, 'register.draft', async (tx, t, at) => {
    const summary: Summary = { hash: digest, counts, faults }
    const row = {
      id,
      source: source.source,
      sealed_rows,
      summary: JSON.stringify(summary),
      drafted_by: actorOf(caller),
      drafted_at: at,
    }
    await insertDraft(tx, t, row)
    const detail = { did: 'draft', hash: digest, counts, rows: [rowDigest('register_draft', row)] }
    return { result: { id, ...summary, rows }, deed: { subject: `register_draft:${id}`, detail } }
  })
}

async function readSource(
  deps: RegisterDeps,
  source: Source,
): Promise<{ statements: readonly Statement[]; roster: Roster | null } | Refusal> {
  const today = dayOf(deps.now())
  const categories = await namesOf(deps)
  if (source.source === 'changes') {
    const statements = readChanges(source.changes, today, categories)
    return isRefusal(statements) ? statements : { statements, roster: null }
  }
  if (source.text.split('\n', MAX_DRAFT_ROWS + 2).length > MAX_DRAFT_ROWS + 1)
    return refuse('body_too_large', `一份变更最多 ${MAX_DRAFT_ROWS} 行，请按乡镇拆分`)
  const roster = readRoster(new TextEncoder().encode(source.text), today, categories)
  if (roster.statements.length > 0) return { statements: roster.statements, roster }
  const faults = roster.faults.map(asFault)
  return refuse('invalid_request', `没有一行可以导入：${faults[0]?.message ?? '文件是空的'}`, { errors: faults })
}

const asFault = (f: RowFault): Fault => ({
  path: f.row === 0 ? 'text' : `rows.${f.row}${f.column ? `.${f.column}` : ''}`,
  message: `${f.code} ${f.reason}；${f.action}`,
})

/** A list of changes is taken whole or not at all. */
function contradictions(planned: Plan): Refusal | null {
  const faults = planned.faults.filter((f) => f.rejects)
  if (faults.length === 0) return null
  const errors = faults.map((f) => ({ ...asFault(f), path: `changes.${f.row - 1}` }))
  return refuse('invalid_request', `共 ${errors.length} 项变更与登记册不符`, { errors })
}
