import { asc, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Db, Store } from '../store/store.ts'
import type { Tables } from '../store/tables.ts'
import type { KnownPerson, PersonRecord } from './person.ts'

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

/** People by blind index, each with every record and holding in the order in which they were recorded. */
export async function findPeople(db: Db, t: Tables, blinds: readonly string[]): Promise<Map<string, KnownPerson>> {
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
  }
  return found
}

/** Every township the register has ever named. */
export async function knownTownships(db: Db, t: Tables): Promise<string[]> {
  const rows = await db.selectDistinct({ township: t.person_record.township }).from(t.person_record)
  return rows.map((r) => r.township)
}

type NewPerson = Omit<Tables['person']['$inferInsert'], 'id'>
type NewRecord = Omit<PersonRecord, 'id'> & { readonly person_id: number }
type NewHolding = Omit<Tables['holding']['$inferInsert'], 'id'>

/** Adds people and tells the number each was given. */
export async function insertPeople(tx: Db, t: Tables, people: readonly NewPerson[]): Promise<Map<string, number>> {
  const ids = new Map<string, number>()
  for (const part of chunks(people)) {
    const rows = await tx
      .insert(t.person)
      .values([...part])
      .returning({ id: t.person.id, blind: t.person.blind })
    for (const { id, blind } of rows) ids.set(blind, id)
  }
  return ids
}

export async function insertRecords(tx: Db, t: Tables, records: readonly NewRecord[]) {
  const rows: Tables['person_record']['$inferSelect'][] = []
  for (const part of chunks(records)) {
    const added = await tx
      .insert(t.person_record)
      .values([...part])
      .returning()
    for (const row of added) rows.push(row)
  }
  return rows
}

export async function insertHoldings(tx: Db, t: Tables, holdings: readonly NewHolding[]) {
  const rows: Tables['holding']['$inferSelect'][] = []
  for (const part of chunks(holdings)) {
    const added = await tx
      .insert(t.holding)
      .values([...part])
      .returning()
    for (const row of added) rows.push(row)
  }
  return rows
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
