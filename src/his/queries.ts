import {
  aliasedTable,
  and,
  asc,
  eq,
  getTableColumns,
  gte,
  inArray,
  isNotNull,
  isNull,
  lt,
  notExists,
  notInArray,
  sql,
} from 'drizzle-orm'
import type { Instant } from '../kernel/day.ts'
import { meantByPsn } from '../register/queries.ts'
import type { Remembered } from '../settlement/booking.ts'
import {
  type CallRow,
  type DocumentRow,
  type DocumentState,
  type MessageRow,
  numberAgain,
} from '../settlement/exchange.ts'
import type { Store } from '../store/store.ts'

/** A document with its sealed words, and which document has taken it back. */
export interface Document extends DocumentRow {
  readonly reversed_by: string | null
}

/** Documents, each beside the one that has taken it back. */
function documents(store: Store) {
  const t = store.tables.his_document
  const reversal = aliasedTable(t, 'reversal')
  const { sealed, ...columns } = getTableColumns(t)
  const onReversal = and(eq(reversal.hospital_code, t.hospital_code), eq(reversal.reverses, t.setl_id))
  return { t, reversal, sealed, columns: { ...columns, reversed_by: reversal.setl_id }, onReversal }
}

/** Documents in the order they came about. */
export async function findDocuments(
  store: Store,
  where: (t: Store['tables']['his_document']) => ReturnType<typeof and>,
) {
  const { t, reversal, sealed, columns, onReversal } = documents(store)
  const rows = await store.read
    .select({ ...columns, sealed })
    .from(t)
    .leftJoin(reversal, onReversal)
    .where(where(t))
    .orderBy(asc(t.at), asc(t.setl_id))
  return rows as Document[]
}

/** A hospital's document by the insurer's number, or else by ours. */
export async function documentBySetlId(store: Store, hospital: string, id: string): Promise<Document | null> {
  const own = (t: Store['tables']['his_document']) => eq(t.hospital_code, hospital)
  const [named] = await findDocuments(store, (t) => and(own(t), eq(t.setl_id, id)))
  if (named) return named
  const [booked] = await findDocuments(store, (t) => and(own(t), eq(t.settlement_no, id)))
  return booked ?? null
}

/** What a hospital means by a number: of several settlements upon one document of the insurer the last. */
export async function newestBySetlId(store: Store, hospital: string, id: string): Promise<Document | null> {
  let newest = await documentBySetlId(store, hospital, id)
  for (let nth = 2; newest?.kind === 'settlement' && newest.reversed_by !== null; nth++) {
    const next = await documentBySetlId(store, hospital, numberAgain(id, nth))
    if (!next) break
    newest = next
  }
  return newest
}

/** The document that a request brought, by the request's key (`infno:msgid`). */
export async function documentByKey(store: Store, hospital: string, key: string): Promise<Document | null> {
  const [found] = await findDocuments(store, (t) => and(eq(t.hospital_code, hospital), eq(t.key, key)))
  return found ?? null
}

/** Everything settled and taken back of a visit, in the order it came about. */
export const documentsOfVisit = (store: Store, hospital: string, mdtrt_id: string): Promise<Document[]> =>
  findDocuments(store, (t) => and(eq(t.hospital_code, hospital), eq(t.mdtrt_id, mdtrt_id)))

/** What was asked under a key and what was told; the answer of a booking stands in the ledger. */
export async function requestByKey(store: Store, scope: string, key: string): Promise<Remembered | null> {
  const { request: t, settlement } = store.tables
  const [row] = await store.read
    .select({ request: t, told: settlement.answer })
    .from(t)
    .leftJoin(settlement, eq(settlement.settlement_no, t.settlement_no))
    .where(and(eq(t.terminal_id, scope), eq(t.key, key)))
  return row ? { ...row.request, answer: row.request.body ?? row.told ?? '' } : null
}

const PAGE = 1000

/**
 * Calls begun before a moment that have not ended, oldest first. `after`: none begun earlier can be open any more,
 * as whoever saw them all end knows.
 */
export function openCalls(
  store: Store,
  { before, after = 0, limit = PAGE }: { readonly before: Instant; readonly after?: Instant; readonly limit?: number },
): PromiseLike<CallRow[]> {
  const { his_call: t, request } = store.tables
  return store.read
    .select(getTableColumns(t))
    .from(t)
    .leftJoin(request, and(eq(request.terminal_id, sql`'his:' || ${t.hospital_code}`), eq(request.key, t.key)))
    .where(and(gte(t.at, after), lt(t.at, before), isNull(request.key)))
    .orderBy(asc(t.at))
    .limit(limit)
}

/** A call with the answer that has ended it, if one has. */
async function callOf(store: Store, hospital: string, key: string) {
  const { his_call: t, request } = store.tables
  const [row] = await store.read
    .select({ call: getTableColumns(t), ended: request.key })
    .from(t)
    .leftJoin(request, and(eq(request.terminal_id, `his:${hospital}`), eq(request.key, t.key)))
    .where(and(eq(t.hospital_code, hospital), eq(t.key, key)))
  return row ?? null
}

/** The call that has begun under a key and not ended; null: none has. */
export async function callUnderKey(store: Store, hospital: string, key: string): Promise<CallRow | null> {
  const row = await callOf(store, hospital, key)
  return row && row.ended === null ? row.call : null
}

/** Whose a call is or was; null: none ever began under this key. */
export const psnOfCall = async (store: Store, hospital: string, key: string): Promise<string | null> =>
  (await callOf(store, hospital, key))?.call.psn_blind ?? null

/** Those of a hospital's keys under which something has come. */
export async function keysKnown(store: Store, hospital: string, keys: readonly string[]): Promise<string[]> {
  const { his_call: call, request } = store.tables
  const asked = await store.read
    .select({ key: request.key })
    .from(request)
    .where(and(eq(request.terminal_id, `his:${hospital}`), inArray(request.key, [...keys])))
  const begun = await store.read
    .select({ key: call.key })
    .from(call)
    .where(and(eq(call.hospital_code, hospital), inArray(call.key, [...keys])))
  return [...new Set([...asked, ...begun].map(({ key }) => key))]
}

/** What was said about a visit, in order; `charges`: with the lines that were uploaded. */
export function messagesOfVisit(
  store: Store,
  hospital: string,
  mdtrt_id: string,
  charges = true,
): PromiseLike<MessageRow[]> {
  const queries = ofVisit.get(store) ?? { all: prepareOfVisit(store, true), bare: prepareOfVisit(store, false) }
  ofVisit.set(store, queries)
  return store.readTogether((charges ? queries.all : queries.bare).execute({ hospital, mdtrt_id }))
}
type OfVisit = ReturnType<typeof prepareOfVisit>
/** Asked for every settlement: built once, for building costs several times what the reading does. */
const ofVisit = new WeakMap<Store, { readonly all: OfVisit; readonly bare: OfVisit }>()

/** Lines of charge uploaded and cleared. */
const CHARGES = ['2204', '2205', '2301', '2302']

function prepareOfVisit(store: Store, charges: boolean) {
  const t = store.tables.his_message
  const { id: _, ...columns } = getTableColumns(t)
  const ofIt = and(eq(t.hospital_code, sql.placeholder('hospital')), eq(t.mdtrt_id, sql.placeholder('mdtrt_id')))
  return store.read
    .select(columns)
    .from(t)
    .where(charges ? ofIt : and(ofIt, notInArray(sql`substr(${t.infno}, 1, 4)`, CHARGES)))
    .orderBy(asc(t.id))
    .prepare(charges ? 'his_messages_of_visit' : 'his_messages_of_visit_bare')
}

/** Whose visit it is by the first that was said of it; null: nothing was. */
export async function psnOfVisit(store: Store, hospital: string, mdtrt_id: string): Promise<string | null> {
  const t = store.tables.his_message
  const [row] = await store.read
    .select({ psn_blind: t.psn_blind })
    .from(t)
    .where(and(eq(t.hospital_code, hospital), eq(t.mdtrt_id, mdtrt_id)))
    .orderBy(asc(t.id))
    .limit(1)
  return row?.psn_blind ?? null
}

/** How much was said about a visit, in characters as they are kept. */
export async function weightOfVisit(store: Store, hospital: string, mdtrt_id: string): Promise<number> {
  const t = store.tables.his_message
  const [row] = await store.read
    .select({ weight: sql`coalesce(sum(length(${t.sealed})), 0)`.mapWith(Number) })
    .from(t)
    .where(and(eq(t.hospital_code, hospital), eq(t.mdtrt_id, mdtrt_id)))
  return row?.weight ?? 0
}

/** Whom a number of the insurer means: the blind index of the ID number. */
export async function personOfPsn(store: Store, psn_blind: string): Promise<string | null> {
  return (await meantByPsn(store.read, store.tables, psn_blind))?.person_blind ?? null
}

/**
 * Bills that went through without a decision on assistance that may be due (待补救助), oldest first. One that was
 * taken back, or settled by another way since, is none any more.
 */
export async function missedDocuments(store: Store, limit: number): Promise<DocumentState[]> {
  const { t, reversal, columns, onReversal } = documents(store)
  const { settlement } = store.tables
  const taken = aliasedTable(settlement, 'taken')
  const settled = store.read
    .select({ no: settlement.settlement_no })
    .from(settlement)
    .leftJoin(taken, eq(taken.reverses, settlement.settlement_no))
    .where(
      and(
        eq(settlement.hospital_code, t.hospital_code),
        eq(settlement.bill_no, t.bill_no),
        eq(settlement.kind, 'settlement'),
        isNull(taken.settlement_no),
      ),
    )
  return (await store.read
    .select(columns)
    .from(t)
    .leftJoin(reversal, onReversal)
    .where(and(isNotNull(t.missed), isNull(reversal.setl_id), notExists(settled)))
    .orderBy(asc(t.at), asc(t.setl_id))
    .limit(limit)) as DocumentState[]
}
