import { asc, desc, eq, inArray, isNull, max, sql } from 'drizzle-orm'
import { insertRows } from '../store/rows.ts'
import type { Db, Store } from '../store/store.ts'
import type { Tables } from '../store/tables.ts'
import type { KnownPerson, PersonRecord } from './person.ts'
import type { Meaning } from './psn-no.ts'

/** Rows a statement: far below the 32,766 parameters of SQLite and the 65,535 of PostgreSQL. */
const CHUNK = 250

function* chunks<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let i = 0; i < all.length; i += CHUNK) yield all.slice(i, i + CHUNK)
}

/** Register changes go one after the other: each must see what the one before it appended. */
export async function lockRegister(tx: Db, t: Tables): Promise<void> {
  await tx
    .update(t.lane)
    .set({ seq: sql`${t.lane.seq}` })
    .where(eq(t.lane.name, 'desk'))
}

/**
 * People by blind index, each with every record and holding in the order in which they were recorded. Outside a write
 * others may have their turn between two parts.
 */
export async function findPeople(
  db: Db,
  t: Tables,
  blinds: readonly string[],
  between?: () => Promise<void>,
): Promise<Map<string, KnownPerson>> {
  const found = new Map<string, KnownPerson>()
  for (const part of chunks(blinds)) {
    const people = await db
      .select()
      .from(t.person)
      .where(inArray(t.person.blind, [...part]))
    const ids = people.map((p) => p.id)
    if (ids.length === 0) continue
    const records = await db
      .select()
      .from(t.person_record)
      .where(inArray(t.person_record.person_id, ids))
      .orderBy(asc(t.person_record.id))
    const holdings = await db
      .select()
      .from(t.holding)
      .where(inArray(t.holding.person_id, ids))
      .orderBy(asc(t.holding.id))
    const recordsOf = Map.groupBy(records, (r) => r.person_id)
    const holdingsOf = Map.groupBy(holdings, (h) => h.person_id)
    for (const { id, id_type, blind, sealed_id, born_on } of people) {
      const held = (holdingsOf.get(id) ?? []).map((h) => ({ ...h, held: h.held === 1 ? (1 as const) : (0 as const) }))
      found.set(blind, { id, id_type, blind, sealed_id, born_on, records: recordsOf.get(id) ?? [], holdings: held })
    }
    await between?.()
  }
  return found
}

/** Every township the register has ever named. */
export async function knownTownships(db: Db, t: Tables): Promise<string[]> {
  const rows = await db.selectDistinct({ township: t.person_record.township }).from(t.person_record)
  return rows.map((r) => r.township)
}

export type NewPerson = Omit<Tables['person']['$inferInsert'], 'id'>
export type NewRecord = Omit<PersonRecord, 'id'> & { readonly person_id: number }
type NewHolding = Omit<Tables['holding']['$inferInsert'], 'id'>
type Added<R> = R & { readonly id: number }

/** Rows with the number each was given, found by what tells the rows of one batch apart. */
async function insertNumbered<R extends object, K extends keyof R & string>(
  tx: Db,
  table: Tables['person' | 'person_record' | 'holding'],
  rows: readonly R[],
  key: readonly K[],
): Promise<Added<R>[]> {
  const textOf = (row: Record<K, unknown>) => key.map((name) => row[name]).join('|')
  const added = await insertRows(tx, table, rows as readonly Readonly<Record<string, unknown>>[], key)
  const ids = new Map(added.map((row) => [textOf(row), row.id]))
  return rows.map((row) => ({ ...row, id: ids.get(textOf(row)) ?? lost() }))
}

function lost(): never {
  throw new Error('an added row was not given a number')
}

export const insertPeople = (tx: Db, t: Tables, people: readonly NewPerson[]) =>
  insertNumbered(tx, t.person, people, ['blind'])

/** One record a person. */
export const insertRecords = (tx: Db, t: Tables, records: readonly NewRecord[]) =>
  insertNumbered(tx, t.person_record, records, ['person_id'])

export const insertHoldings = (tx: Db, t: Tables, holdings: readonly NewHolding[]) =>
  insertNumbered(tx, t.holding, holdings, ['person_id', 'category', 'from_day'])

/** How far the register has come: whoever appends to it moves this, and nothing else in it ever changes. */
export async function registerVersion(db: Db, t: Tables): Promise<string> {
  const [records] = await db.select({ last: max(t.person_record.id) }).from(t.person_record)
  const [holdings] = await db.select({ last: max(t.holding.id) }).from(t.holding)
  return `${records?.last ?? 0}|${holdings?.last ?? 0}`
}

export async function peopleById(db: Db, t: Tables, ids: readonly number[]) {
  const rows: Tables['person']['$inferSelect'][] = []
  for (const part of chunks(ids)) {
    const some = await db
      .select()
      .from(t.person)
      .where(inArray(t.person.id, [...part]))
    for (const row of some) rows.push(row)
  }
  return rows
}

/** The register whole, for the verifier. */
export async function registerRows({ read, tables: t }: Store) {
  return {
    people: await read.select().from(t.person),
    records: await read.select().from(t.person_record),
    holdings: await read.select().from(t.holding),
  }
}

/** Whom a person number of the insurer means: by the office's newest word, else as a hospital said first; null: nobody has said. */
export async function meantByPsn(db: Db, t: Tables, psn_blind: string): Promise<Meaning | null> {
  const { register_psn_no: stated, his_person: learned } = t
  const [word] = await db
    .select({ person_blind: stated.person_blind })
    .from(stated)
    .where(eq(stated.psn_blind, psn_blind))
    .orderBy(desc(stated.id))
    .limit(1)
  if (word) return { ...word, stated: true }
  const [said] = await db
    .select({ person_blind: learned.person_blind })
    .from(learned)
    .where(eq(learned.psn_blind, psn_blind))
  return said ? { ...said, stated: false } : null
}

export const insertPsnNo = (tx: Db, t: Tables, row: Omit<Tables['register_psn_no']['$inferInsert'], 'id'>) =>
  tx.insert(t.register_psn_no).values(row)

export type Draft = Tables['register_draft']['$inferSelect']
export type Approval = Tables['register_approval']['$inferSelect']

export async function insertDraft(tx: Db, t: Tables, draft: Draft): Promise<void> {
  await tx.insert(t.register_draft).values(draft)
}

export async function findDraft(
  db: Db,
  t: Tables,
  id: string,
): Promise<{ draft: Draft; approval: Approval | null } | null> {
  const [row] = await db
    .select({ draft: t.register_draft, approval: t.register_approval })
    .from(t.register_draft)
    .leftJoin(t.register_approval, eq(t.register_approval.draft_id, t.register_draft.id))
    .where(eq(t.register_draft.id, id))
  return row ?? null
}

export async function isApproved(db: Db, t: Tables, draftId: string): Promise<boolean> {
  const { draft_id } = t.register_approval
  const rows = await db.select({ draft_id }).from(t.register_approval).where(eq(draft_id, draftId))
  return rows.length > 0
}

/** Drafts that wait for a second person, the oldest first; a page of them, without their rows. */
export async function waitingDrafts(db: Db, t: Tables, size: number): Promise<Omit<Draft, 'sealed_rows'>[]> {
  const { id, source, summary, drafted_by, drafted_at } = t.register_draft
  return db
    .select({ id, source, summary, drafted_by, drafted_at })
    .from(t.register_draft)
    .leftJoin(t.register_approval, eq(t.register_approval.draft_id, id))
    .where(isNull(t.register_approval.draft_id))
    .orderBy(asc(drafted_at), asc(id))
    .limit(size)
}

/** Notes an approval; the database itself refuses the author's own. */
export async function insertApproval(tx: Db, t: Tables, approval: Approval): Promise<'approved' | 'own_change'> {
  try {
    await tx.insert(t.register_approval).values(approval)
    return 'approved'
  } catch (error) {
    if (breaks(error, 'register_four_eyes')) return 'own_change'
    throw error
  }
}

/** True when a constraint of this name is what the engine complained of; both engines name it in their message. */
function breaks(error: unknown, constraint: string): boolean {
  for (let e = error; e instanceof Error; e = e.cause) if (e.message.includes(constraint)) return true
  return false
}
