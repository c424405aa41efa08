import { hash } from 'node:crypto'
import { act } from '../access/act.ts'
import { actorOf, type Caller, may } from '../access/caller.ts'
import { rowDigest } from '../audit/chain.ts'
import type { Instant } from '../kernel/day.ts'
import { randomText } from '../kernel/ids.ts'
import { maskName } from '../kernel/person-name.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import { maskId } from '../kernel/resident-id.ts'
import { blindIndex, type Keys, seal, unseal } from '../kernel/seal.ts'
import type { Db } from '../store/store.ts'
import type { Tables } from '../store/tables.ts'
import type { RegisterDeps } from './assess.ts'
import { type DraftAnswer, placeOfRows, type Summary } from './draft.ts'
import { personBlindKey } from './holding.ts'
import { placeOfId, placeOfName, recordAt } from './person.ts'
import type { RowOutcome } from './plan.ts'
import { type PsnNoStatement, placeOfReason, psnBlindKey } from './psn-no.ts'
import { type Draft, findPeople, insertDraft, insertPsnNo, lockRegister, meantByPsn } from './queries.ts'
import { countsOf } from './report.ts'

/** In the list of drafts it is one row that changes. */
const ONE: RowOutcome = { row: 1, outcome: 'changed', differences: [] }
export const ONE_CHANGED = countsOf([ONE], 0)

const blindsOf = (keys: Keys, { psn_no, id_number }: PsnNoStatement) => ({
  psn_blind: blindIndex(keys, psnBlindKey(psn_no)),
  person_blind: blindIndex(keys, personBlindKey('resident_id', id_number)),
})

/** What only a hospital has said so far may be confirmed by the office; its own word is not repeated. */
async function saidAlready(db: Db, t: Tables, keys: Keys, statement: PsnNoStatement): Promise<Refusal | null> {
  const { psn_blind, person_blind } = blindsOf(keys, statement)
  const meant = await meantByPsn(db, t, psn_blind)
  if (!meant?.stated || meant.person_blind !== person_blind) return null
  return refuse('already_done', '此人员编号已经登记为这个证件号码')
}

export const openStatement = (keys: Keys, { id, sealed_rows }: Pick<Draft, 'id' | 'sealed_rows'>): PsnNoStatement =>
  JSON.parse(unseal(keys, placeOfRows(id), sealed_rows)) as PsnNoStatement

/** Keeps the office's word on a person number for a second person to approve, as every change of the register. */
export async function draftPsnNo(
  deps: RegisterDeps,
  caller: Caller,
  { psn_no, id_number, reason }: PsnNoStatement,
): Promise<DraftAnswer | Refusal> {
  if (!may(caller, 'register.draft')) return refuse('forbidden', '需要权限 register.draft')
  const statement = { psn_no, id_number, reason }
  const text = JSON.stringify(statement)
  const id = randomText(20)
  const sealed_rows = seal(deps.keys, placeOfRows(id), text)
  return act(deps, caller, 'register.draft', async (tx, t, at) => {
    const said = await saidAlready(tx, t, deps.keys, statement)
    if (said) return said
    const summary: Summary = { hash: `sha256:${hash('sha256', text, 'hex')}`, counts: ONE_CHANGED, faults: [] }
    const drafted = { drafted_by: actorOf(caller), drafted_at: at }
    const row = { id, source: 'psn_no', sealed_rows, summary: JSON.stringify(summary), ...drafted }
    await insertDraft(tx, t, row)
    const detail = { did: 'draft', hash: summary.hash, counts: ONE_CHANGED, rows: [rowDigest('register_draft', row)] }
    return { result: { id, ...summary, rows: [ONE] }, deed: { subject: `register_draft:${id}`, detail } }
  })
}

/** Appends the office's word; the newest counts, and what was said before stays on record. Gives the row's digest. */
export async function appendPsnNo(
  tx: Db,
  t: Tables,
  keys: Keys,
  statement: PsnNoStatement,
  said: { readonly draft_id: string | null; readonly by: string; readonly at: Instant },
): Promise<string> {
  const blinds = blindsOf(keys, statement)
  const row = { ...blinds, sealed_reason: seal(keys, placeOfReason(blinds.psn_blind), statement.reason), ...said }
  await insertPsnNo(tx, t, row)
  return rowDigest('register_psn_no', row)
}

/** At the machine itself one person is enough, as for a roster: the audit record says who it was. */
export async function statePsnNo(
  deps: RegisterDeps,
  caller: Caller,
  statement: PsnNoStatement,
): Promise<{ readonly psn_no: string } | Refusal> {
  if (!may(caller, 'register.approve')) return refuse('forbidden', '需要权限 register.approve')
  if (caller.kind !== 'operator') return refuse('own_change', '不经审批的更正只限运维人员在服务器上办理')
  return act(deps, caller, 'register.approve', async (tx, t, at) => {
    await lockRegister(tx, t)
    const said = await saidAlready(tx, t, deps.keys, statement)
    if (said) return said
    const row = await appendPsnNo(tx, t, deps.keys, statement, { draft_id: null, by: actorOf(caller), at })
    const detail = { did: 'state_psn_no', rows: [row] }
    return { result: { psn_no: statement.psn_no }, deed: { subject: 'register_psn_no', detail } }
  })
}

/** What the approver sees: whom the number has meant and whom it will mean, as far as the register knows them, and why. */
export async function viewPsnNo(deps: RegisterDeps, statement: PsnNoStatement) {
  const { keys, store } = deps
  const { psn_blind, person_blind } = blindsOf(keys, statement)
  const meant = await meantByPsn(store.read, store.tables, psn_blind)
  const people = await findPeople(store.read, store.tables, [person_blind, ...(meant ? [meant.person_blind] : [])])
  const [before, after] = [meant && people.get(meant.person_blind), people.get(person_blind)]
  const record = after && recordAt(after)
  return {
    row: 1,
    outcome: 'changed' as const,
    name: record ? maskName(unseal(keys, placeOfName(person_blind), record.sealed_name)) : null,
    id_number: maskId(statement.id_number),
    reason: statement.reason,
    differences: [
      {
        field: 'psn_no' as const,
        before: before ? maskId(unseal(keys, placeOfId(before.blind), before.sealed_id)) : meant && '不在册的证件号码',
        after: maskId(statement.id_number),
        psn_no: maskId(statement.psn_no),
      },
    ],
  }
}
