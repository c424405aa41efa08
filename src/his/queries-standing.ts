import { aliasedTable, and, eq, isNull } from 'drizzle-orm'
import type { Store } from '../store/store.ts'

/** The live settlement of a hospital's bill in the ledger; null: there is none. */
export async function liveSettlementOf(store: Store, hospital: string, bill_no: string): Promise<string | null> {
  const t = store.tables.settlement
  const taken = aliasedTable(t, 'taken')
  const rows: { no: string }[] = await store.read
    .select({ no: t.settlement_no })
    .from(t)
    .leftJoin(taken, eq(taken.reverses, t.settlement_no))
    .where(
      and(eq(t.hospital_code, hospital), eq(t.bill_no, bill_no), eq(t.kind, 'settlement'), isNull(taken.settlement_no)),
    )
    .limit(1)
  return rows[0]?.no ?? null
}
