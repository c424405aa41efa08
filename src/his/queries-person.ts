import { and, desc, eq, getTableColumns, notInArray, type SQL, sql } from 'drizzle-orm'
import type { MessageRow } from '../settlement/exchange.ts'
import type { Store } from '../store/store.ts'
import { type Document, findDocuments } from './queries.ts'

/** Lines of charge: long, many, and no part of when somebody came and went. */
const CHARGES = ['2204', '2204A', '2205', '2301', '2301A', '2302']

/** What a hospital has said of somebody's visits, in order, without the charges; of the newest, where it is too much. */
export async function messagesOfPerson(
  store: Store,
  hospital: string,
  psn_blind: string,
  limit: number,
): Promise<MessageRow[]> {
  const t = store.tables.his_message
  const { id: _, ...columns } = getTableColumns(t)
  const rows = await store.read
    .select(columns)
    .from(t)
    .where(and(eq(t.hospital_code, hospital), eq(t.psn_blind, psn_blind), notInArray(t.infno, CHARGES)))
    .orderBy(desc(t.id))
    .limit(limit)
  return rows.reverse()
}

/** Everything a hospital has settled and taken back for somebody, in the order it came about. */
export const documentsOfPerson = (store: Store, hospital: string, psn_blind: string): Promise<Document[]> =>
  findDocuments(store, (t) => and(eq(t.hospital_code, hospital), eq(t.psn_blind, psn_blind)))

/** Assistance booked for a person at whatever hospital, of a year or of a month (`yyyy-MM`); what was taken back counts against it. */
export async function assistanceOfPerson(
  store: Store,
  person_id: number,
  of: { readonly year: number } | { readonly month: string },
): Promise<number> {
  const t = store.tables.settlement
  const when: SQL = 'year' in of ? eq(t.year, of.year) : eq(sql`substr(${t.business_day}, 1, 7)`, of.month)
  const [row] = await store.read
    .select({ paid: sql`coalesce(sum(${t.assistance_fen}), 0)`.mapWith(Number) })
    .from(t)
    .where(and(eq(t.person_id, person_id), when))
  return row?.paid ?? 0
}
