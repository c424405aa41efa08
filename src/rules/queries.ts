import { asc, eq } from 'drizzle-orm'
import type { Store } from '../store/store.ts'

export interface PublishedText {
  readonly scheme: string
  readonly version: string
  readonly text: string
  readonly hash: string
}

/** The text in force of each version: where one was published again, the newest publication. */
export async function publishedTexts(store: Store): Promise<PublishedText[]> {
  const { rule_draft, rule_publication } = store.tables
  const rows = await store.read
    .select({ scheme: rule_draft.scheme, version: rule_draft.version, text: rule_draft.text, hash: rule_draft.hash })
    .from(rule_publication)
    .innerJoin(rule_draft, eq(rule_draft.id, rule_publication.draft_id))
    .orderBy(asc(rule_publication.seq))
  return [...new Map(rows.map((r) => [`${r.scheme}/${r.version}`, r])).values()]
}

/** The text of a rule by its hash, whether or not it is still in force. */
export async function textByHash(store: Store, hash: string): Promise<PublishedText | null> {
  const { rule_draft: t } = store.tables
  const [row] = await store.read
    .select({ scheme: t.scheme, version: t.version, text: t.text, hash: t.hash })
    .from(t)
    .where(eq(t.hash, hash))
    .limit(1)
  return row ?? null
}
