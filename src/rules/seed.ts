import { act, type Deps } from '../access/act.ts'
import type { Caller } from '../access/caller.ts'
import { rowDigest } from '../audit/chain.ts'
import { lockLane } from '../audit/queries.ts'
import { randomText } from '../kernel/ids.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { unsound } from './check-text.ts'
import { isCodesKey } from './codes.ts'
import { loadDirectory } from './files.ts'
import { insertDraft, insertPublication, publishedKeys } from './queries.ts'

const BOOT: Caller = { kind: 'operator', id: 'boot' }

/** The two kinds of texts on the shelf; each is filled from the files once. */
const missingOf = (keys: readonly string[]) => ({
  schemes: !keys.some((key) => !isCodesKey(key)),
  codes: !keys.some(isCodesKey),
})

interface SeededText {
  readonly scheme: string
  readonly version: string
  readonly text: string
  readonly hash: string
}

/**
 * Fills an empty store from the reviewed files, once: after that the store is the truth, and this does nothing.
 * A store from before there were code tables gets those alone.
 */
export async function seedRules(deps: Deps, directory: string): Promise<{ readonly seeded: number } | Refusal> {
  const empty = missingOf(await publishedKeys(deps.store.read, deps.store.tables))
  if (!empty.schemes && !empty.codes) return { seeded: 0 }
  const { schemes, codes, faults: all } = loadDirectory(directory)
  // Files of the kind the store already holds are not read, so nothing in them may keep the service from starting.
  const faults = all.filter(({ file }) => (isCodesKey(file) ? empty.codes : empty.schemes))
  if (faults.length > 0) return unsound(faults.map((one) => ({ ...one, path: `${one.file} ${one.path}` })))
  const texts: readonly SeededText[] = [
    ...schemes.flatMap((scheme) => scheme.versions),
    ...codes.map(({ codes: scheme, start: version, text, hash }) => ({ scheme, version, text, hash })),
  ]
  const wantedOf = (missing: typeof empty) =>
    texts.filter(({ scheme }) => (isCodesKey(scheme) ? missing.codes : missing.schemes))
  if (wantedOf(empty).length === 0) return { seeded: 0 }
  const done = await act(deps, BOOT, 'rules.approve', async (tx, t, at) => {
    await lockLane(tx, t, 'office')
    // Another process may have been first; its act is the one on record.
    const wanted = wantedOf(missingOf(await publishedKeys(tx, t)))
    if (wanted.length === 0) return { refusal: 'already_done', detail: '' } as const
    const rows: string[] = []
    for (const { scheme, version, text, hash } of wanted) {
      const draft = { id: randomText(20), scheme, version, text, hash, drafted_by: 'files', drafted_at: at }
      const publication = { draft_id: draft.id, drafted_by: 'files', approved_by: 'boot', approved_at: at }
      await insertDraft(tx, t, draft)
      await insertPublication(tx, t, publication)
      rows.push(rowDigest('rule_draft', draft), rowDigest('rule_publication', publication))
    }
    const seeded = wanted.map((v) => ({ scheme: v.scheme, version: v.version, hash: v.hash }))
    return {
      result: { seeded: wanted.length },
      deed: { subject: 'rules:files', detail: { did: 'seed', seeded, rows } },
    }
  })
  return isRefusal(done) && done.refusal === 'already_done' ? { seeded: 0 } : done
}
