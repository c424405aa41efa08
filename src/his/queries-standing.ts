import { aliasedTable, and, eq, inArray, isNull, ne, sql } from 'drizzle-orm'
import { sha256 } from '../kernel/canonical.ts'
import type { Store } from '../store/store.ts'

/** What stands elsewhere and speaks against settling, or taking back, here. */

/** Another hospital at which the insurer's document of somebody is settled already; null: none of `hospitals`. */
export async function settledElsewhere(
  store: Store,
  hospitals: readonly string[],
  { hospital, setl_id, psn_blind }: { readonly hospital: string; readonly setl_id: string; readonly psn_blind: string },
): Promise<string | null> {
  const codes = hospitals.join()
  const known = elsewhere.get(store)
  const query = known?.codes === codes ? known.query : prepareElsewhere(store, hospitals, codes)
  elsewhere.set(store, { codes, query })
  const rows: { hospital: string }[] = await query.execute({ hospital, setl_id, psn_blind })
  return rows[0]?.hospital ?? null
}
/** Asked for every settlement: built once for the hospitals there are. */
const elsewhere = new WeakMap<Store, { readonly codes: string; readonly query: ReturnType<typeof prepareElsewhere> }>()

function prepareElsewhere(store: Store, hospitals: readonly string[], codes: string) {
  const t = store.tables.his_document
  const reversal = aliasedTable(t, 'reversal')
  return store.read
    .select({ hospital: t.hospital_code })
    .from(t)
    .leftJoin(reversal, and(eq(reversal.hospital_code, t.hospital_code), eq(reversal.reverses, t.setl_id)))
    .where(
      and(
        // By the primary key, once for each hospital.
        inArray(t.hospital_code, [...hospitals]),
        ne(t.hospital_code, sql.placeholder('hospital')),
        eq(t.setl_id, sql.placeholder('setl_id')),
        eq(t.psn_blind, sql.placeholder('psn_blind')),
        eq(t.kind, 'settlement'),
        isNull(reversal.setl_id),
      ),
    )
    .limit(1)
    .prepare(`his_settled_elsewhere_${sha256(codes).slice(0, 16)}`)
}

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
