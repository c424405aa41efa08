import { act, type Deps } from '../access/act.ts'
import type { Caller } from '../access/caller.ts'
import { rowDigest } from '../audit/chain.ts'
import { lockLane } from '../audit/queries.ts'
import { randomText } from '../kernel/ids.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { unsound } from './check-text.ts'
import { loadDirectory } from './files.ts'
import { anyPublished, insertDraft, insertPublication } from './queries.ts'

const BOOT: Caller = { kind: 'operator', id: 'boot' }

/** Fills an empty store from the reviewed files, once: after that the store is the truth, and this does nothing. */
export async function seedRules(deps: Deps, directory: string): Promise<{ readonly seeded: number } | Refusal> {
  if (await anyPublished(deps.store.read, deps.store.tables)) return { seeded: 0 }
  const { schemes, faults } = loadDirectory(directory)
  if (faults.length > 0) return unsound(faults.map((one) => ({ ...one, path: `${one.file} ${one.path}` })))
  const versions = schemes.flatMap((scheme) => scheme.versions)
  if (versions.length === 0) return { seeded: 0 }
  const done = await act(deps, BOOT, 'rules.approve', async (tx, t, at) => {
    await lockLane(tx, t, 'office')
    // Another process may have been first; its act is the one on record.
    if (await anyPublished(tx, t)) return { refusal: 'already_done', detail: '' } as const
    const rows: string[] = []
    for (const { scheme, version, text, hash } of versions) {
      const draft = { id: randomText(20), scheme, version, text, hash, drafted_by: 'files', drafted_at: at }
      const publication = { draft_id: draft.id, drafted_by: 'files', approved_by: 'boot', approved_at: at }
      await insertDraft(tx, t, draft)
      await insertPublication(tx, t, publication)
      rows.push(rowDigest('rule_draft', draft), rowDigest('rule_publication', publication))
    }
    const seeded = versions.map((v) => ({ scheme: v.scheme, version: v.version, hash: v.hash }))
    return {
      result: { seeded: versions.length },
      deed: { subject: 'rules:files', detail: { did: 'seed', seeded, rows } },
    }
  })
  return isRefusal(done) && done.refusal === 'already_done' ? { seeded: 0 } : done
}
