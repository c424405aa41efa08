import { eq } from 'drizzle-orm'
import type { Db, Store } from '../store/store.ts'
import type { Tables } from '../store/tables.ts'
import type { Role } from './caller.ts'

export interface Staff {
  readonly id: string
  readonly roles: readonly Role[]
  readonly token_hash: string
  readonly revoked: boolean
}

export async function allStaff(store: Store): Promise<Staff[]> {
  const { staff, staff_revocation } = store.tables
  const rows = await store.read
    .select({ staff, revoked_at: staff_revocation.at })
    .from(staff)
    .leftJoin(staff_revocation, eq(staff_revocation.staff_id, staff.id))
  return rows.map(({ staff: s, revoked_at }) => ({
    id: s.id,
    roles: JSON.parse(s.roles) as Role[],
    token_hash: s.token_hash,
    revoked: revoked_at !== null,
  }))
}

/** How many staff acts have been committed: whoever holds a copy of reference data compares this number. */
export async function officeSeq(store: Store): Promise<number> {
  const { lane } = store.tables
  const [row] = await store.read.select({ seq: lane.seq }).from(lane).where(eq(lane.name, 'office'))
  return row?.seq ?? 0
}

export const insertStaff = (tx: Db, t: Tables, row: Tables['staff']['$inferInsert']) => tx.insert(t.staff).values(row)

/** Whether a staff account exists and whether its token still counts. */
export async function staffNow(tx: Db, t: Tables, id: string): Promise<{ revoked: boolean } | null> {
  const [row] = await tx
    .select({ id: t.staff.id, revoked_at: t.staff_revocation.at })
    .from(t.staff)
    .leftJoin(t.staff_revocation, eq(t.staff_revocation.staff_id, t.staff.id))
    .where(eq(t.staff.id, id))
  return row ? { revoked: row.revoked_at !== null } : null
}

export const insertStaffRevocation = (tx: Db, t: Tables, row: Tables['staff_revocation']['$inferInsert']) =>
  tx.insert(t.staff_revocation).values(row)
