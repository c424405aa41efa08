import { aliasedTable, and, asc, eq, getTableColumns, gt, gte, isNotNull, isNull, lt, lte, max, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { addDays, startOfDay } from '../kernel/day.ts'
import { endOfLedgerPage, pages } from '../store/pages.ts'
import type { Db, Store } from '../store/store.ts'
import type { Tables } from '../store/tables.ts'
import { turn } from '../store/turns.ts'
import { type AuditRecord, linkHash } from './chain.ts'
import type { ReportFilter, ReportRow, Totals } from './report.ts'

const PAGE = 1000

/** Appends a link to a lane's chain; the lane's row is locked until the transaction ends. */
export async function appendAudit(tx: Db, t: Tables, record: Omit<AuditRecord, 'seq'>): Promise<void> {
  const which = eq(t.lane.name, record.lane)
  const [lane] = await tx
    .update(t.lane)
    .set({ seq: sql`${t.lane.seq} + 1` })
    .where(which)
    .returning()
  if (!lane) throw new Error(`the lane ${record.lane} is missing`)
  const link = { ...record, seq: lane.seq }
  const hash = linkHash(lane.head, link)
  await tx.insert(t.audit_record).values({ ...link, hash })
  await tx.update(t.lane).set({ head: hash }).where(which)
}

/** Holds a lane until the transaction ends, so that what is read next stays true until it is written upon. */
export const lockLane = (tx: Db, t: Tables, lane: string) =>
  tx
    .update(t.lane)
    .set({ seq: sql`${t.lane.seq}` })
    .where(eq(t.lane.name, lane))

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

/** All links of a lane after a number and up to another, in pages. */
export function auditLinks(store: Store, lane: string, upto: number, from = 0) {
  const t = store.tables.audit_record
  return pages(
    (after) =>
      store.read
        .select()
        .from(t)
        .where(and(eq(t.lane, lane), gt(t.seq, Math.max(after, from)), lte(t.seq, upto)))
        .orderBy(asc(t.seq))
        .limit(PAGE),
    (link) => link.seq,
  )
}

/** All rows of the ledger up to a number, in pages, each with its audit record, its document and what the register had told. */
export function bookedRows(store: Store, upto: number) {
  const { settlement, audit_record, person, person_record, his_document } = store.tables
  return pages(
    async (after) =>
      store.read
        .select({
          row: settlement,
          link: audit_record,
          // The first column decides whether drizzle takes the joined row for missing, so it must be one that is never null.
          told: { township: person_record.township, household: person_record.household },
          blind: person.blind,
          document: his_document,
        })
        .from(settlement)
        .leftJoin(audit_record, and(eq(audit_record.lane, 'ledger'), eq(audit_record.seq, settlement.ledger_seq)))
        .leftJoin(person_record, eq(person_record.id, settlement.person_record_id))
        .leftJoin(person, eq(person.id, settlement.person_id))
        .leftJoin(his_document, eq(his_document.settlement_no, settlement.settlement_no))
        .where(
          and(
            gt(settlement.ledger_seq, after),
            lte(settlement.ledger_seq, Math.min(upto, await endOfLedgerPage(store, after))),
          ),
        )
        .orderBy(asc(settlement.ledger_seq)),
    ({ row }) => row.ledger_seq,
  )
}

/** Documents that name a row of the ledger which is not there. */
export async function strayDocuments(store: Store): Promise<{ hospital_code: string; setl_id: string }[]> {
  const { settlement, his_document: d } = store.tables
  return store.read
    .select({ hospital_code: d.hospital_code, setl_id: d.setl_id })
    .from(d)
    .leftJoin(settlement, eq(settlement.settlement_no, d.settlement_no))
    .where(and(isNotNull(d.settlement_no), isNull(settlement.ledger_seq)))
}

export interface OfficeRow {
  readonly table: string
  readonly row: Readonly<Record<string, unknown>>
}

/** Tables whose acts vouch for each row, and how many rows are read at once: a draft or a file may weigh two megabytes. */
const OFFICE_PAGES = {
  hospital: PAGE,
  hospital_status: PAGE,
  terminal: PAGE,
  terminal_revocation: PAGE,
  hospital_his: PAGE,
  his_upstream: PAGE,
  terminal_tif: PAGE,
  terminal_sm2: PAGE,
  staff: PAGE,
  staff_revocation: PAGE,
  rule_draft: 8,
  rule_publication: PAGE,
  register_draft: 8,
  register_approval: PAGE,
  register_psn_no: PAGE,
  reconciliation: PAGE,
  clearing_application: PAGE,
  clearing_withdrawal: PAGE,
  his_file: 8,
} as const satisfies Partial<Record<keyof Tables, number>>

/** Every row of the tables whose acts vouch for each row, in pages. */
export async function* officeRows(store: Store): AsyncGenerator<OfficeRow[], void, undefined> {
  for (const [name, size] of Object.entries(OFFICE_PAGES)) {
    const table: PgTable = store.tables[name as keyof typeof OFFICE_PAGES]
    const [key, column] = Object.entries(getTableColumns(table)).find(([, c]) => c.primary) ?? []
    if (key === undefined || column === undefined) throw new Error(`${name} is read by its one key`)
    let after: unknown
    do {
      const later = after === undefined ? undefined : gt(column, after)
      const rows = await store.read.select().from(table).where(later).orderBy(asc(column)).limit(size)
      yield rows.map((row) => ({ table: name, row }))
      after = rows.at(-1)?.[key]
      await turn()
    } while (after !== undefined)
  }
}

/** The filter of an export in the words of the store; rows after `upto` did not exist when it began. */
function reportParts(store: Store, f: ReportFilter, upto: number) {
  const t = store.tables.settlement
  const reversal = aliasedTable(t, 'reversal')
  const bySettled = f.period_by === 'settled_at'
  const where = and(
    lte(t.ledger_seq, upto),
    f.from ? (bySettled ? gte(t.settled_at, startOfDay(f.from)) : gte(t.business_day, f.from)) : undefined,
    f.to ? (bySettled ? lt(t.settled_at, startOfDay(addDays(f.to, 1))) : lte(t.business_day, f.to)) : undefined,
    f.hospital ? eq(t.hospital_code, f.hospital) : undefined,
    f.township === undefined ? undefined : eq(t.township, f.township),
    f.category === undefined ? undefined : f.category === 'none' ? isNull(t.category) : eq(t.category, f.category),
    f.scheme ? eq(t.scheme, f.scheme) : undefined,
    f.version ? eq(t.version, f.version) : undefined,
    f.state ? eq(t.kind, f.state === 'reversal' ? 'reversal' : 'settlement') : undefined,
    f.state === 'settled' ? isNull(reversal.ledger_seq) : undefined,
    f.state === 'reversed' ? isNotNull(reversal.ledger_seq) : undefined,
  )
  const reversedBy = and(eq(reversal.reverses, t.settlement_no), lte(reversal.ledger_seq, upto))
  return { t, reversal, reversedBy, where }
}

/** The last number of the ledger. */
export async function ledgerEnd(store: Store): Promise<number> {
  const t = store.tables.settlement
  const [row] = await store.read.select({ last: max(t.ledger_seq) }).from(t)
  return Number(row?.last ?? 0)
}

export async function reportTotals(store: Store, filter: ReportFilter, upto: number): Promise<Totals> {
  const { t, reversal, reversedBy, where } = reportParts(store, filter, upto)
  const sum = (column: unknown) => sql<number>`cast(coalesce(sum(${column}), 0) as bigint)`.mapWith(Number)
  const [totals] = await store.read
    .select({
      rows: sql<number>`count(*)`.mapWith(Number),
      total_fen: sum(t.total_fen),
      insurance_fen: sum(t.insurance_fen),
      other_fen: sum(t.other_fen),
      assistance_fen: sum(t.assistance_fen),
      patient_fen: sum(t.patient_fen),
    })
    .from(t)
    .leftJoin(reversal, reversedBy)
    .where(where)
  if (!totals) throw new Error('an aggregate gives one row')
  return totals
}

export function reportPages(
  store: Store,
  filter: ReportFilter,
  upto: number,
): AsyncGenerator<ReportRow[], void, undefined> {
  const { t, reversal, reversedBy, where } = reportParts(store, filter, upto)
  const { hospital } = store.tables
  const { household: _h, person_record_id: _p, bill: _b, facts: _f, answer: _a, ...columns } = getTableColumns(t)
  return pages<ReportRow>(
    (after) =>
      store.read
        .select({ ...columns, reversed_by: reversal.settlement_no, hospital_name: hospital.name })
        .from(t)
        .leftJoin(reversal, reversedBy)
        .leftJoin(hospital, eq(hospital.code, t.hospital_code))
        .where(and(where, gt(t.ledger_seq, after)))
        .orderBy(asc(t.ledger_seq))
        .limit(PAGE),
    (row) => row.ledger_seq,
  )
}
