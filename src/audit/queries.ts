import { and, asc, eq, gt, sql } from 'drizzle-orm'
import type { Db, Store } from '../store/store.ts'
import type { Tables } from '../store/tables.ts'
import { type AuditRecord, linkHash } from './chain.ts'

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
  return store.read.select().from(t).where(and(eq(t.lane, lane), gt(t.seq, after))).orderBy(asc(t.seq)).limit(size)
}

export const laneHeads = (store: Store) => store.read.select().from(store.tables.lane)
