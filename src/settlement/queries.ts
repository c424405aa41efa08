import { and, asc, desc, eq, gt } from 'drizzle-orm'
import type { Store } from '../store/store.ts'
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
