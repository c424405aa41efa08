import { asc, eq } from 'drizzle-orm'
import type { Store } from '../store/store.ts'
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
