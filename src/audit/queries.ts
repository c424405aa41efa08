import { and, asc, eq, gt, lte, max, sql } from 'drizzle-orm'
import { pages } from '../store/pages.ts'
import type { Db, Store } from '../store/store.ts'
import type { Tables } from '../store/tables.ts'
import { type AuditRecord, linkHash } from './chain.ts'

const PAGE = 1000

/** Appends a link to the office's chain; the lane's row is locked until the transaction ends. */
export async function appendAudit(tx: Db, t: Tables, record: Omit<AuditRecord, 'lane' | 'seq'>): Promise<void> {
  const [lane] = await tx
    .update(t.lane)
    .set({ seq: sql`${t.lane.seq} + 1` })
    .where(eq(t.lane.name, 'office'))
    .returning()
  if (!lane) throw new Error('the office lane is missing')
  const link = { ...record, lane: lane.name, seq: lane.seq }
  const hash = linkHash(lane.head, link)
  await tx.insert(t.audit_record).values({ ...link, hash })
  await tx.update(t.lane).set({ head: hash }).where(eq(t.lane.name, 'office'))
}

/** Links of a lane in order, a page at a time. */
export const auditPage = (store: Store, lane: string, after: number, size: number) => {
  const t = store.tables.audit_record
  return store.read
    .select()
    .from(t)
    .where(and(eq(t.lane, lane), gt(t.seq, after)))
    .orderBy(asc(t.seq))
    .limit(size)
}

export const laneHeads = (store: Store) =>
  store.read.select().from(store.tables.lane).orderBy(asc(store.tables.lane.name))

/** The last link stored in each lane; read before `laneHeads`, it can never be beyond the head of its lane. */
export async function lastLinks(store: Store): Promise<Map<string, number>> {
  const t = store.tables.audit_record
  const rows = await store.read
    .select({ lane: t.lane, seq: max(t.seq) })
    .from(t)
    .groupBy(t.lane)
  return new Map(rows.map((r) => [r.lane, Number(r.seq)]))
}

/** All links of a lane up to a number, in pages. */
export function auditLinks(store: Store, lane: string, upto: number) {
  const t = store.tables.audit_record
  return pages(
    (after) =>
      store.read
        .select()
        .from(t)
        .where(and(eq(t.lane, lane), gt(t.seq, after), lte(t.seq, upto)))
        .orderBy(asc(t.seq))
        .limit(PAGE),
    (link) => link.seq,
  )
}

/** All rows of the ledger up to a number, in pages, each with its audit record and what the register had told. */
export function bookedRows(store: Store, upto: number) {
  const { settlement, audit_record, person_record } = store.tables
  return pages(
    (after) =>
      store.read
        .select({
          row: settlement,
          link: audit_record,
          // The first column decides whether drizzle takes the joined row for missing, so it must be one that is never null.
          told: { township: person_record.township, household: person_record.household },
        })
        .from(settlement)
        .leftJoin(audit_record, and(eq(audit_record.lane, 'ledger'), eq(audit_record.seq, settlement.ledger_seq)))
        .leftJoin(person_record, eq(person_record.id, settlement.person_record_id))
        .where(and(gt(settlement.ledger_seq, after), lte(settlement.ledger_seq, upto)))
        .orderBy(asc(settlement.ledger_seq))
        .limit(PAGE),
    ({ row }) => row.ledger_seq,
  )
}

export interface OfficeRow {
  readonly table: string
  readonly row: Readonly<Record<string, unknown>>
}

/** Every row of the tables that only the office writes: small enough to be read whole. */
export async function officeRows(store: Store): Promise<OfficeRow[]> {
  const t = store.tables
  const [hospitals, statuses, terminals, terminalRevocations, staff, staffRevocations, drafts, publications] = [
    await store.read.select().from(t.hospital),
    await store.read.select().from(t.hospital_status),
    await store.read.select().from(t.terminal),
    await store.read.select().from(t.terminal_revocation),
    await store.read.select().from(t.staff),
    await store.read.select().from(t.staff_revocation),
    await store.read.select().from(t.rule_draft),
    await store.read.select().from(t.rule_publication),
  ]
  return [
    ...hospitals.map((row) => ({ table: 'hospital', row })),
    ...statuses.map((row) => ({ table: 'hospital_status', row })),
    ...terminals.map((row) => ({ table: 'terminal', row })),
    ...terminalRevocations.map((row) => ({ table: 'terminal_revocation', row })),
    ...staff.map((row) => ({ table: 'staff', row })),
    ...staffRevocations.map((row) => ({ table: 'staff_revocation', row })),
    ...drafts.map((row) => ({ table: 'rule_draft', row })),
    ...publications.map((row) => ({ table: 'rule_publication', row })),
  ]
}

export type BookedRow = Tables['settlement']['$inferSelect']
