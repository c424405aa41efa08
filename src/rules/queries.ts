import { and, asc, desc, eq } from 'drizzle-orm'
import type { Db, Store } from '../store/store.ts'
import type { Tables } from '../store/tables.ts'

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

/** A text somebody proposed, with its publication if a second person approved it. */
export interface DraftEntry {
  readonly id: string
  readonly scheme: string
  readonly version: string
  readonly hash: string
  readonly drafted_by: string
  readonly drafted_at: number
  /** Grows with every publication; null while the draft waits. */
  readonly published: number | null
  readonly approved_by: string | null
  readonly approved_at: number | null
}

const draftColumns = ({ rule_draft: d, rule_publication: p }: Tables) => ({
  id: d.id,
  scheme: d.scheme,
  version: d.version,
  hash: d.hash,
  drafted_by: d.drafted_by,
  drafted_at: d.drafted_at,
  published: p.seq,
  approved_by: p.approved_by,
  approved_at: p.approved_at,
})

/** Every draft without its text, by scheme and version, the oldest first. */
export function allDrafts(store: Store): PromiseLike<DraftEntry[]> {
  const { rule_draft: d, rule_publication: p } = store.tables
  return store.read
    .select(draftColumns(store.tables))
    .from(d)
    .leftJoin(p, eq(p.draft_id, d.id))
    .orderBy(asc(d.scheme), asc(d.version), asc(d.drafted_at), asc(d.id))
}

export async function draftNow(
  db: Db,
  t: Tables,
  id: string,
): Promise<(DraftEntry & { readonly text: string }) | null> {
  const { rule_draft: d, rule_publication: p } = t
  const [row] = await db
    .select({ ...draftColumns(t), text: d.text })
    .from(d)
    .leftJoin(p, eq(p.draft_id, d.id))
    .where(eq(d.id, id))
  return row ?? null
}

/** The hash of the text in force of a version; null while there is none. */
export async function hashInForce(tx: Db, t: Tables, scheme: string, version: string): Promise<string | null> {
  const { rule_draft: d, rule_publication: p } = t
  const [row] = await tx
    .select({ hash: d.hash })
    .from(p)
    .innerJoin(d, eq(d.id, p.draft_id))
    .where(and(eq(d.scheme, scheme), eq(d.version, version)))
    .orderBy(desc(p.seq))
    .limit(1)
  return row?.hash ?? null
}

/** Under which names anything was ever published. */
export async function publishedKeys(tx: Db, t: Tables): Promise<readonly string[]> {
  const { rule_draft: d, rule_publication: p } = t
  const rows = await tx.selectDistinct({ scheme: d.scheme }).from(p).innerJoin(d, eq(d.id, p.draft_id))
  return rows.map((row) => row.scheme)
}

export const insertDraft = (tx: Db, t: Tables, row: Tables['rule_draft']['$inferInsert']) =>
  tx.insert(t.rule_draft).values(row)

export const insertPublication = (tx: Db, t: Tables, row: Omit<Tables['rule_publication']['$inferInsert'], 'seq'>) =>
  tx.insert(t.rule_publication).values(row)
