import { act } from '../access/act.ts'
import { actorOf, type Caller, may } from '../access/caller.ts'
import { type Day, dayOf, formatInstant, type Instant } from '../kernel/day.ts'
import { maskName } from '../kernel/person-name.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import { maskId } from '../kernel/resident-id.ts'
import { blindIndex, type Keys, unseal } from '../kernel/seal.ts'
import { turn } from '../store/turns.ts'
import { assess, namesOf, prepare, type RegisterDeps } from './assess.ts'
import type { CategoryNames } from './category.ts'
import { placeOfRows, type Summary } from './draft.ts'
import { heldOn, personBlindKey } from './holding.ts'
import { type KnownPerson, type PURPOSES, placeOfId, placeOfName, recordAt } from './person.ts'
import type { RowOutcome } from './plan.ts'
import { type Draft, findDraft, findPeople, waitingDrafts } from './queries.ts'
import type { Counts } from './report.ts'
import { openStatement, viewPsnNo } from './state-psn-no.ts'
import type { Statement } from './statement.ts'

export interface PersonAsk {
  readonly id_type: 'resident_id'
  readonly id_number: string
  readonly on?: Day | undefined
  /** What the register said at an instant; without one: what it says now. */
  readonly known_at?: Instant | undefined
  /** With a purpose name and number are shown in full. */
  readonly purpose?: (typeof PURPOSES)[number] | undefined
}

/** Finds a person by number. The look is noted in the audit log, whether or not it finds anybody. */
export async function searchPerson(deps: RegisterDeps, caller: Caller, ask: PersonAsk) {
  const blind = blindIndex(deps.keys, personBlindKey(ask.id_type, ask.id_number))
  const names = await namesOf(deps)
  return act(deps, caller, 'register.read', async (tx, t, at) => {
    const person = (await findPeople(tx, t, [blind])).get(blind)
    const view = person ? viewOf(deps.keys, person, ask, ask.on ?? dayOf(at), names) : null
    const subject = view ? `person:${view.person_id}` : 'person:unknown'
    const detail = { did: 'search', purpose: ask.purpose ?? null, full: view !== null && ask.purpose !== undefined }
    return { result: view ?? { status: 'unknown_person' as const }, deed: { subject, detail } }
  })
}

function viewOf(keys: Keys, person: KnownPerson, ask: PersonAsk, on: Day, names: CategoryNames) {
  const record = recordAt(person, ask.known_at)
  if (!record) return null
  const full = ask.purpose !== undefined
  const name = unseal(keys, placeOfName(person.blind), record.sealed_name)
  const id_number = unseal(keys, placeOfId(person.blind), person.sealed_id)
  const label = (key: string) => names.labels.get(key) ?? key
  const known = person.holdings.filter((h) => ask.known_at === undefined || h.recorded_at <= ask.known_at)
  return {
    status: 'registered' as const,
    person_id: person.id,
    name: full ? name : maskName(name),
    id_number: full ? id_number : maskId(id_number),
    township: record.township,
    admdvs: record.admdvs,
    head_of_household: record.household === null || record.household === person.blind,
    died_on: record.died_on,
    on,
    categories: heldOn(known, on, record.died_on).map((h) => ({ ...h, label: label(h.key) })),
    history: known.map((h) => ({
      category: h.category,
      label: label(h.category),
      from_day: h.from_day,
      held: h.held === 1,
      batch_id: h.batch_id,
      recorded_at: formatInstant(h.recorded_at),
    })),
  }
}

const MOST_ROWS = 500

/** A row of a draft as the approver sees it. */
interface RowView extends RowOutcome {
  readonly name: string | null
  readonly id_number: string
  /** The document that says so, where one is asked for. */
  readonly reason?: string
}

export interface DraftView {
  readonly id: string
  readonly status: 'waiting' | 'approved'
  readonly source: string
  readonly hash: string
  readonly drafted_by: string
  readonly drafted_at: string
  readonly approved_by: string | null
  readonly approved_at: string | null
  readonly counts: Counts
  readonly faults: Summary['faults']
  /** What a waiting draft would change today; rows that change nothing are left out. */
  readonly rows: readonly RowView[]
  readonly rows_omitted: number
}

/** A draft with what it would change; names and numbers masked. The look is noted in the audit log. */
export async function readDraft(deps: RegisterDeps, caller: Caller, id: string): Promise<DraftView | Refusal> {
  if (!may(caller, 'register.read')) return refuse('forbidden', '需要权限 register.read')
  // Read ahead, so that no bill waits for the comparison; shown only once the look is on record.
  const { read, tables } = deps.store
  const found = await findDraft(read, tables, id)
  if (!found) return refuse('record_not_found', '没有这份变更')
  const { draft, approval } = found
  const telling = approval ? [] : await rowsOf(deps, draft)
  return act(deps, caller, 'register.read', async () => {
    const result: DraftView = {
      id,
      status: approval ? 'approved' : 'waiting',
      source: draft.source,
      ...(JSON.parse(draft.summary) as Summary),
      drafted_by: draft.drafted_by,
      drafted_at: formatInstant(draft.drafted_at),
      approved_by: approval?.approved_by ?? null,
      approved_at: approval ? formatInstant(approval.approved_at) : null,
      rows: telling.slice(0, MOST_ROWS),
      rows_omitted: Math.max(0, telling.length - MOST_ROWS),
    }
    return { result, deed: { subject: `register_draft:${id}`, detail: { did: 'read', shown: result.rows.length } } }
  })
}

/** What a waiting draft would change today, masked. */
async function rowsOf(deps: RegisterDeps, draft: Draft): Promise<RowView[]> {
  if (draft.source === 'psn_no') return [await viewPsnNo(deps, openStatement(deps.keys, draft))]
  const { read, tables } = deps.store
  const statements = JSON.parse(unseal(deps.keys, placeOfRows(draft.id), draft.sealed_rows)) as Statement[]
  const planned = await assess(read, tables, await prepare(deps.keys, statements), turn)
  const about = new Map(statements.map((s) => [s.row, s]))
  const telling = planned.rows.filter((r) => r.outcome !== 'unchanged')
  return telling.map((row) => ({ ...row, ...masked(about.get(row.row)) }))
}

/** A statement's person, masked; a change that names only the number shows no name. */
const masked = (statement: Statement | undefined): { name: string | null; id_number: string } => ({
  name: statement?.name === undefined ? null : maskName(statement.name),
  id_number: maskId(statement?.id_number ?? ''),
})

const MOST_TASKS = 100

/** Something that waits for a second person. */
export interface Task {
  readonly kind: string
  readonly id: string
  readonly source: string
  readonly drafted_by: string
  readonly drafted_at: string
  /** True: the caller's own work, which somebody else must approve. */
  readonly own: boolean
  readonly counts: Counts | null
}

/** Register drafts that wait for a second person, the oldest first. */
export async function waitingTasks(deps: RegisterDeps, caller: Caller): Promise<Task[]> {
  const drafts = await waitingDrafts(deps.store.read, deps.store.tables, MOST_TASKS)
  return drafts.map((d) => ({
    kind: 'register_draft',
    id: d.id,
    source: d.source,
    drafted_by: d.drafted_by,
    drafted_at: formatInstant(d.drafted_at),
    own: d.drafted_by === actorOf(caller),
    counts: (JSON.parse(d.summary) as Summary).counts,
  }))
}
