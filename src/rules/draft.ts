import { act, type Deps } from '../access/act.ts'
import { actorOf, type Caller } from '../access/caller.ts'
import { rowDigest } from '../audit/chain.ts'
import { lockLane } from '../audit/queries.ts'
import { sha256 } from '../kernel/canonical.ts'
import { randomText } from '../kernel/ids.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import { unsound } from './check-text.ts'
import { keyOf, readDraft } from './prove.ts'
import { hashInForce, insertDraft } from './queries.ts'

export interface Drafted {
  readonly id: string
  readonly scheme: string
  readonly version: string
  readonly hash: string
}

/** Keeps the text of one version for a second person to approve; nothing changes before that. */
export async function draftRule(deps: Deps, caller: Caller, text: string): Promise<Drafted | Refusal> {
  const read = readDraft(text)
  if ('faults' in read) return unsound(read.faults)
  const [scheme, version] = [keyOf(read.document), read.document.start]
  const hash = `sha256:${sha256(text)}`
  const id = randomText(20)
  return act(deps, caller, 'rules.draft', async (tx, t, at) => {
    await lockLane(tx, t, 'office')
    if ((await hashInForce(tx, t, scheme, version)) === hash) {
      return refuse('already_done', `${scheme}/${version} 已按同样的文本公布`)
    }
    const row = { id, scheme, version, text, hash, drafted_by: actorOf(caller), drafted_at: at }
    await insertDraft(tx, t, row)
    const detail = { did: 'draft', scheme, version, hash, rows: [rowDigest('rule_draft', row)] }
    return { result: { id, scheme, version, hash }, deed: { subject: `rule_draft:${id}`, detail } }
  })
}
