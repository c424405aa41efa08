import { createTwoFilesPatch } from 'diff'
import type { Deps } from '../access/act.ts'
import { actorOf, type Caller, may } from '../access/caller.ts'
import { formatInstant } from '../kernel/day.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import { compileCodesText, isCodesKey } from './codes.ts'
import { compileText } from './compile.ts'
import { explainVersion } from './explain.ts'
import { explainCodes } from './explain-codes.ts'
import { allDrafts, type DraftEntry, draftNow, type PublishedText, publishedTexts } from './queries.ts'

/** waiting: for a second person; in_force: the text of its version; superseded: a later text took its place. */
export type DraftState = 'waiting' | 'in_force' | 'superseded'
export type ListedDraft = DraftEntry & { readonly state: DraftState }
export type ReadDraft = DraftEntry & { readonly text: string; readonly explanation: string }

const forbidden = () => refuse('forbidden', '需要权限 rules.read')

export async function listRules(deps: Deps, caller: Caller): Promise<readonly ListedDraft[] | Refusal> {
  if (!may(caller, 'rules.read')) return forbidden()
  const drafts = await allDrafts(deps.store)
  const newest = new Map<string, number>()
  for (const { scheme, version, published } of drafts) {
    const key = `${scheme}/${version}`
    if (published !== null) newest.set(key, Math.max(published, newest.get(key) ?? 0))
  }
  const stateOf = (d: DraftEntry): DraftState =>
    d.published === null
      ? 'waiting'
      : newest.get(`${d.scheme}/${d.version}`) === d.published
        ? 'in_force'
        : 'superseded'
  return drafts.map((d) => ({ ...d, state: stateOf(d) }))
}

/** The text of a draft as it was written, and in Chinese sentences. */
export async function readRule(deps: Deps, caller: Caller, id: string): Promise<ReadDraft | Refusal> {
  if (!may(caller, 'rules.read')) return forbidden()
  const draft = await draftNow(deps.store.read, deps.store.tables, id)
  if (!draft) return refuse('record_not_found', `没有规则草案 ${id}`)
  const explanation = isCodesKey(draft.scheme)
    ? explainCodes(compileCodesText(draft.text, nameOf(draft)))
    : explainVersion(compileText(draft.text, nameOf(draft)))
  return { ...draft, explanation }
}

/** What changes from one text to another, line by line, as a unified diff. */
export async function diffRules(deps: Deps, caller: Caller, from: string, to: string): Promise<string | Refusal> {
  if (!may(caller, 'rules.read')) return forbidden()
  const [old, fresh] = [
    await draftNow(deps.store.read, deps.store.tables, from),
    await draftNow(deps.store.read, deps.store.tables, to),
  ]
  if (!old || !fresh) return refuse('record_not_found', `没有规则草案 ${old ? to : from}`)
  return createTwoFilesPatch(nameOf(old), nameOf(fresh), old.text, fresh.text, old.hash, fresh.hash, { context: 3 })
}

const nameOf = (d: DraftEntry): string => `${d.scheme}/${d.version}.yaml`

/** The text in force of every version, as published. */
export async function textsInForce(deps: Deps, caller: Caller): Promise<readonly PublishedText[] | Refusal> {
  return may(caller, 'rules.read') ? publishedTexts(deps.store) : forbidden()
}

/** Drafts of rules that wait for a second person, as the common list of tasks shows them. */
export async function waitingRules(deps: Deps, caller: Caller) {
  const drafts = await allDrafts(deps.store)
  return drafts
    .filter((d) => d.published === null)
    .map((d) => ({
      kind: 'rules',
      id: d.id,
      source: `${d.scheme}/${d.version}`,
      drafted_by: d.drafted_by,
      drafted_at: formatInstant(d.drafted_at),
      own: d.drafted_by === actorOf(caller),
      counts: null,
    }))
}
