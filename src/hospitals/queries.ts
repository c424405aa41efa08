import { asc, desc, eq } from 'drizzle-orm'
import type { Db, Store } from '../store/store.ts'
import type { Tables } from '../store/tables.ts'
import type { Hospital, Terminal } from './hospital.ts'

/** All designated hospitals with their newest status. */
export async function allHospitals(store: Store): Promise<Hospital[]> {
  const { hospital, hospital_status } = store.tables
  const rows = await store.read.select().from(hospital).orderBy(asc(hospital.code))
  const statuses = await store.read.select().from(hospital_status).orderBy(asc(hospital_status.id))
  const newest = new Map(statuses.map((s) => [s.hospital_code, s.status]))
  return rows.map((h) => ({
    code: h.code,
    name: h.name,
    level: h.level as Hospital['level'],
    admdvs: h.admdvs,
    suspended: newest.get(h.code) === 'suspended',
  }))
}

export async function allTerminals(store: Store): Promise<Terminal[]> {
  const { terminal, terminal_revocation } = store.tables
  const rows = await store.read
    .select({ terminal, revoked_at: terminal_revocation.at })
    .from(terminal)
    .leftJoin(terminal_revocation, eq(terminal_revocation.terminal_id, terminal.id))
  return rows.map(({ terminal: t, revoked_at }) => ({
    id: t.id,
    hospital_code: t.hospital_code,
    key_hash: t.key_hash,
    signing_key: t.signing_key,
    revoked: revoked_at !== null,
  }))
}

/** A hospital as it stands inside a write, or null. */
export async function hospitalNow(tx: Db, t: Tables, code: string): Promise<Hospital | null> {
  const [h] = await tx.select().from(t.hospital).where(eq(t.hospital.code, code))
  if (!h) return null
  const [status] = await tx
    .select({ status: t.hospital_status.status })
    .from(t.hospital_status)
    .where(eq(t.hospital_status.hospital_code, code))
    .orderBy(desc(t.hospital_status.id))
    .limit(1)
  const level = h.level as Hospital['level']
  return { code: h.code, name: h.name, level, admdvs: h.admdvs, suspended: status?.status === 'suspended' }
}

export const insertHospital = (tx: Db, t: Tables, row: Tables['hospital']['$inferInsert']) =>
  tx.insert(t.hospital).values(row)

export const insertHospitalStatus = (tx: Db, t: Tables, row: Omit<Tables['hospital_status']['$inferInsert'], 'id'>) =>
  tx.insert(t.hospital_status).values(row)

export const insertTerminal = (tx: Db, t: Tables, row: Tables['terminal']['$inferInsert']) =>
  tx.insert(t.terminal).values(row)

/** Whether a terminal exists and whether its key still counts. */
export async function terminalNow(tx: Db, t: Tables, id: string): Promise<{ revoked: boolean } | null> {
  const [row] = await tx
    .select({ id: t.terminal.id, revoked_at: t.terminal_revocation.at })
    .from(t.terminal)
    .leftJoin(t.terminal_revocation, eq(t.terminal_revocation.terminal_id, t.terminal.id))
    .where(eq(t.terminal.id, id))
  return row ? { revoked: row.revoked_at !== null } : null
}

export const insertTerminalRevocation = (tx: Db, t: Tables, row: Tables['terminal_revocation']['$inferInsert']) =>
  tx.insert(t.terminal_revocation).values(row)

/** Terminals as the office sees them: with label and dates, without keys. */
export async function terminalList(store: Store, hospital: string) {
  const { terminal, terminal_revocation } = store.tables
  return store.read
    .select({
      id: terminal.id,
      label: terminal.label,
      signing_key: terminal.signing_key,
      created_at: terminal.created_at,
      revoked_at: terminal_revocation.at,
    })
    .from(terminal)
    .leftJoin(terminal_revocation, eq(terminal_revocation.terminal_id, terminal.id))
    .where(eq(terminal.hospital_code, hospital))
    .orderBy(asc(terminal.created_at), asc(terminal.id))
}
