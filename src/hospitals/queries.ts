import { asc, desc, eq } from 'drizzle-orm'
import type { Db, Store } from '../store/store.ts'
import type { Tables } from '../store/tables.ts'
import type { HisMode, Tif, Upstream, UpstreamStyle } from './his.ts'
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
  const { terminal, terminal_revocation, terminal_tif, terminal_sm2 } = store.tables
  return store.read
    .select({
      id: terminal.id,
      label: terminal.label,
      signing_key: terminal.signing_key,
      paasid: terminal_tif.paasid,
      sm2: terminal_sm2.public_key,
      created_at: terminal.created_at,
      revoked_at: terminal_revocation.at,
    })
    .from(terminal)
    .leftJoin(terminal_revocation, eq(terminal_revocation.terminal_id, terminal.id))
    .leftJoin(terminal_tif, eq(terminal_tif.terminal_id, terminal.id))
    .leftJoin(terminal_sm2, eq(terminal_sm2.terminal_id, terminal.id))
    .where(eq(terminal.hospital_code, hospital))
    .orderBy(asc(terminal.created_at), asc(terminal.id))
}

/** How each hospital stands in the chain: the newest row counts. */
export async function allHisModes(store: Store): Promise<Map<string, HisMode>> {
  const t = store.tables.hospital_his
  const rows = await store.read.select().from(t).orderBy(asc(t.id))
  return new Map(rows.map((r) => [r.hospital_code, r.mode as HisMode]))
}

/** How a hospital stands in the chain inside a write; a hospital nobody spoke of stands in the second step. */
export async function hisModeNow(tx: Db, t: Tables, code: string): Promise<HisMode> {
  const h = t.hospital_his
  const [row] = await tx.select({ mode: h.mode }).from(h).where(eq(h.hospital_code, code)).orderBy(desc(h.id)).limit(1)
  return (row?.mode ?? 'second_step') as HisMode
}

export const insertHospitalHis = (tx: Db, t: Tables, row: Omit<Tables['hospital_his']['$inferInsert'], 'id'>) =>
  tx.insert(t.hospital_his).values(row)

/** The platform of each area: the newest row counts. */
export async function allUpstreams(store: Store): Promise<Map<string, Upstream & { readonly at: number }>> {
  const t = store.tables.his_upstream
  const rows = await store.read.select().from(t).orderBy(asc(t.id))
  return new Map(rows.map(({ id: _, by: _by, ...u }) => [u.admdvs, { ...u, style: u.style as UpstreamStyle }]))
}

export const insertUpstream = (tx: Db, t: Tables, row: Omit<Tables['his_upstream']['$inferInsert'], 'id'>) =>
  tx.insert(t.his_upstream).values(row)

export const allTifs = (store: Store): Promise<Tif[]> => {
  const t = store.tables.terminal_tif
  return store.read.select({ terminal_id: t.terminal_id, paasid: t.paasid, sealed_secret: t.sealed_secret }).from(t)
}

export const insertTif = (tx: Db, t: Tables, row: Tables['terminal_tif']['$inferInsert']) =>
  tx.insert(t.terminal_tif).values(row)

/** The SM2 key of each terminal that has one. */
export async function allSm2(store: Store): Promise<Map<string, string>> {
  const rows = await store.read.select().from(store.tables.terminal_sm2)
  return new Map(rows.map((r) => [r.terminal_id, r.public_key]))
}

export const insertSm2 = (tx: Db, t: Tables, row: Tables['terminal_sm2']['$inferInsert']) =>
  tx.insert(t.terminal_sm2).values(row)

/** Which terminal has a key or a paasid already, by whatever name it was given out. */
export async function holderOf(tx: Db, t: Tables, held: { key_hash: string; paasid: string | null }) {
  const [byKey] = await tx.select({ id: t.terminal.id }).from(t.terminal).where(eq(t.terminal.key_hash, held.key_hash))
  if (byKey) return { what: '密钥', id: byKey.id }
  if (held.paasid === null) return null
  const [byName] = await tx
    .select({ id: t.terminal_tif.terminal_id })
    .from(t.terminal_tif)
    .where(eq(t.terminal_tif.paasid, held.paasid))
  return byName ? { what: 'paasid', id: byName.id } : null
}
