import { and, asc, count, desc, eq, gt, inArray, sql } from 'drizzle-orm'
import type { Db, Store } from '../store/store.ts'
import type { Tables } from '../store/tables.ts'
import type { Original, SettlementRow } from './booking.ts'

type Place =
  | { readonly no: string }
  | { readonly bill: string }
  | { readonly requestKey: string; readonly terminal: string }

async function withReversal(store: Store, row: SettlementRow | undefined): Promise<Original | null> {
  if (!row) return null
  const t = store.tables.settlement
  const [reversal] = await store.read.select({ no: t.settlement_no }).from(t).where(eq(t.reverses, row.settlement_no))
  return { row, reversed_by: reversal?.no ?? null }
}

/** One settlement of a hospital: by number, by the newest attempt at a bill, or by the key a terminal used. */
export async function findSettlement(store: Store, hospital: string, place: Place): Promise<Original | null> {
  const { settlement: t, request } = store.tables
  if ('requestKey' in place) {
    const [asked] = await store.read
      .select({ no: request.settlement_no, status: request.status })
      .from(request)
      .where(and(eq(request.terminal_id, place.terminal), eq(request.key, place.requestKey)))
    return asked?.no && asked.status < 400 ? findSettlement(store, hospital, { no: asked.no }) : null
  }
  const which = 'no' in place ? eq(t.settlement_no, place.no) : and(eq(t.bill_no, place.bill), eq(t.kind, 'settlement'))
  const [row] = await store.read
    .select()
    .from(t)
    .where(and(eq(t.hospital_code, hospital), which))
    .orderBy(desc(t.attempt))
    .limit(1)
  return withReversal(store, row as SettlementRow | undefined)
}

/** Rows in ledger order, a page at a time. */
export async function settlementPage(store: Store, after: number, size: number): Promise<SettlementRow[]> {
  const t = store.tables.settlement
  return (await store.read
    .select()
    .from(t)
    .where(gt(t.ledger_seq, after))
    .orderBy(asc(t.ledger_seq))
    .limit(size)) as SettlementRow[]
}

export async function settlementByNo(store: Store, no: string): Promise<SettlementRow | null> {
  const t = store.tables.settlement
  const [row] = await store.read.select().from(t).where(eq(t.settlement_no, no))
  return (row as SettlementRow | undefined) ?? null
}

export interface SealedPatient {
  readonly blind: string
  readonly sealed_id: string
  readonly sealed_name: string
  readonly sex: string
  readonly born_on: string
}

/** The patient as the register knew them when the settlement was booked. */
export async function sealedPatient(tx: Db, t: Tables, row: SettlementRow): Promise<SealedPatient | null> {
  const [found] = await tx
    .select({
      blind: t.person.blind,
      sealed_id: t.person.sealed_id,
      sealed_name: t.person_record.sealed_name,
      sex: t.person.sex,
      born_on: t.person.born_on,
    })
    .from(t.person)
    .innerJoin(t.person_record, eq(t.person_record.person_id, t.person.id))
    .where(and(eq(t.person.id, row.person_id), eq(t.person_record.id, row.person_record_id)))
  return found ?? null
}

type Print = Tables['statement_print']['$inferInsert']

/** Counts and keeps one more print; the lane is locked first, so that no two copies bear the same number. */
export async function addPrint(tx: Db, t: Tables, print: Omit<Print, 'nth'>): Promise<number> {
  await tx
    .update(t.lane)
    .set({ seq: sql`${t.lane.seq}` })
    .where(eq(t.lane.name, 'desk'))
  const p = t.statement_print
  const [before] = await tx.select({ n: count() }).from(p).where(eq(p.settlement_no, print.settlement_no))
  const nth = Number(before?.n ?? 0) + 1
  await tx.insert(p).values({ ...print, nth })
  return nth
}

/** Running totals of some owners: `owner|key` -> value. */
export async function countersOf(store: Store, owners: readonly string[]): Promise<Map<string, number>> {
  const t = store.tables.counter
  const rows = await store.read
    .select()
    .from(t)
    .where(inArray(t.owner, [...owners]))
  return new Map(rows.map((c) => [`${c.owner}|${c.key}`, c.value]))
}
