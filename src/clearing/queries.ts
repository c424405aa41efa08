import { setImmediate } from 'node:timers/promises'
import {
  aliasedTable,
  and,
  asc,
  eq,
  getTableColumns,
  gt,
  gte,
  inArray,
  isNotNull,
  isNull,
  like,
  lt,
  lte,
  not,
  or,
  sql,
} from 'drizzle-orm'
import { addDays, type Day, startOfDay } from '../kernel/day.ts'
import { numberTold } from '../settlement/exchange.ts'
import type { Db, Store } from '../store/store.ts'
import type { Tables } from '../store/tables.ts'
import type { OwnLine } from './reconcile.ts'
import type { OwnTotals } from './totals.ts'

/** Documents that are reconciled or cleared together; what is null is not asked for. */
export interface Group {
  readonly hospital: string
  /** First and last `setl_day`, both included. */
  readonly from: Day
  readonly to: Day
  readonly insutype: string | null
  readonly clr_type: string | null
  readonly setl_optins: string | null
  /** Only documents of refunded pairs, or only the others. */
  readonly refunded: boolean | null
}

/** One of our documents, with the key of the message that made it. */
export interface OwnDocument extends OwnLine {
  readonly key: string
}

const PAGE = 5000
/** A message taken back by 2601 has never been, whatever the day on which it was taken back. */
const REVERSED = '2601:'
const BY_2601 = `${REVERSED}%`

/** The documents of a group beside what has taken each of them back. */
function groupParts(t: Tables, g: Omit<Group, 'refunded'>) {
  const d = t.his_document
  const reversal = aliasedTable(d, 'reversal')
  const onReversal = and(eq(reversal.hospital_code, d.hospital_code), eq(reversal.reverses, d.setl_id))
  const isReversal = eq(d.kind, 'reversal')
  const where = and(
    eq(d.hospital_code, g.hospital),
    gte(d.setl_day, g.from),
    lte(d.setl_day, g.to),
    g.insutype === null ? undefined : eq(d.insutype, g.insutype),
    g.clr_type === null ? undefined : eq(d.clr_type, g.clr_type),
    g.setl_optins === null ? undefined : eq(d.setl_optins, g.setl_optins),
    not(and(isReversal, like(d.key, BY_2601)) ?? sql`false`),
    or(isNull(reversal.key), not(like(reversal.key, BY_2601))),
  )
  return { d, reversal, onReversal, where, refunded: or(isReversal, isNotNull(reversal.setl_id)) }
}

/** Sums of a group; `visits` counts a settlement as one and its cancellation as one less (人次). */
export async function groupTotals(db: Db, t: Tables, g: Group): Promise<OwnTotals & { readonly visits: number }> {
  const { d, reversal, onReversal, where, refunded } = groupParts(t, g)
  const sum = (column: unknown) => sql<number>`cast(coalesce(sum(${column}), 0) as bigint)`.mapWith(Number)
  const asked = g.refunded === null ? undefined : g.refunded ? refunded : not(refunded ?? sql`false`)
  const [totals] = await db
    .select({
      count: sql<number>`count(*)`.mapWith(Number),
      visits: sum(sql`case when ${d.kind} = 'reversal' then -1 else 1 end`),
      medfee: sum(d.medfee_fen),
      fund: sum(d.fund_fen),
      acct: sum(d.acct_fen),
      cash: sum(d.cash_fen),
      assistance: sum(d.assistance_fen),
    })
    .from(d)
    .leftJoin(reversal, onReversal)
    .where(and(where, asked))
  if (!totals) throw new Error('an aggregate gives one row')
  return totals
}

interface DocumentRow extends Omit<OwnDocument, 'refunded'> {
  readonly day: Day
  readonly reversed_by: string | null
}

/** The documents of a group, refunded or not, a page at a time; between two pages other work gets its turn. */
export async function* groupDocuments(
  store: Store,
  g: Omit<Group, 'refunded'>,
  size = PAGE,
): AsyncGenerator<OwnDocument[], void, undefined> {
  const { d, reversal, onReversal, where } = groupParts(store.tables, g)
  let last: { readonly day: Day; readonly id: string } = { day: g.from, id: '' }
  for (;;) {
    const rows: DocumentRow[] = await store.read
      .select({
        id: d.setl_id,
        alias: d.settlement_no,
        reverses: d.reverses,
        visit: d.mdtrt_id,
        person: d.psn_blind,
        medfee: d.medfee_fen,
        fund: d.fund_fen,
        acct: d.acct_fen,
        assistance: d.assistance_fen,
        key: d.key,
        day: d.setl_day,
        reversed_by: reversal.setl_id,
      })
      .from(d)
      .leftJoin(reversal, onReversal)
      // The bound of its own is what the index is entered by; the rest is read past.
      .where(and(where, gte(d.setl_day, last.day), or(gt(d.setl_day, last.day), gt(d.setl_id, last.id))))
      .orderBy(asc(d.setl_day), asc(d.setl_id))
      .limit(size)
    const end = rows.at(-1)
    if (!end) return
    yield rows.map(({ day: _, reversed_by, ...row }) => ({
      ...row,
      alias: numberTold(row.id) === row.id ? row.alias : numberTold(row.id),
      refunded: row.reverses !== null || reversed_by !== null,
    }))
    last = end
    await setImmediate()
  }
}

export interface NamedDocument {
  readonly id: string
  readonly day: Day
  readonly insutype: string
  readonly clr_type: string
  readonly setl_optins: string
  readonly key: string
  readonly sealed: string
  /** Taken back by 2601, or that which has taken it back. */
  readonly neverWas: boolean
}

/** What a hospital's documents hold beside their sums, by number: for the few that a reconciliation must name. */
export async function documentsByNumber(
  store: Store,
  hospital: string,
  ids: readonly string[],
): Promise<NamedDocument[]> {
  const d = store.tables.his_document
  const reversal = aliasedTable(d, 'reversal')
  const { setl_id: id, setl_day: day, insutype, clr_type, setl_optins, key, sealed } = getTableColumns(d)
  const rows: (Omit<NamedDocument, 'neverWas'> & { reversed_under: string | null })[] = await store.read
    .select({ id, day, insutype, clr_type, setl_optins, key, sealed, reversed_under: reversal.key })
    .from(d)
    .leftJoin(reversal, and(eq(reversal.hospital_code, d.hospital_code), eq(reversal.reverses, d.setl_id)))
    .where(and(eq(d.hospital_code, hospital), inArray(d.setl_id, [...ids])))
  return rows.map(({ reversed_under, ...row }) => ({
    ...row,
    neverWas: [row.key, reversed_under].some((k) => k?.startsWith(REVERSED)),
  }))
}

/** Settlements and reversals a hospital has booked through its own terminals, without the insurer's documents, by day of booking. */
export function nativeBookings(store: Store, hospital: string, from: Day, to: Day) {
  const { settlement: s, his_document: d } = store.tables
  return store.read
    .select({ id: s.settlement_no, total: s.total_fen, assistance: s.assistance_fen, reverses: s.reverses })
    .from(s)
    .leftJoin(d, eq(d.settlement_no, s.settlement_no))
    .where(
      and(
        eq(s.hospital_code, hospital),
        gte(s.settled_at, startOfDay(from)),
        lt(s.settled_at, startOfDay(addDays(to, 1))),
        isNull(d.setl_id),
      ),
    )
    .orderBy(asc(s.ledger_seq))
}

export type ReconciliationRow = Tables['reconciliation']['$inferInsert']
export const insertReconciliation = (tx: Db, t: Tables, row: ReconciliationRow) =>
  tx.insert(t.reconciliation).values(row)

export type FileRow = Tables['his_file']['$inferSelect']
export const insertFile = (tx: Db, t: Tables, row: FileRow) => tx.insert(t.his_file).values(row)

/** A file of a hospital, and of no other. */
export async function fileOf(store: Store, hospital: string, no: string): Promise<FileRow | null> {
  const t = store.tables.his_file
  const [row] = await store.read
    .select()
    .from(t)
    .where(and(eq(t.file_qury_no, no), eq(t.hospital_code, hospital)))
  return row ?? null
}

export type ApplicationRow = Tables['clearing_application']['$inferSelect']
export const insertApplication = (tx: Db, t: Tables, row: ApplicationRow) =>
  tx.insert(t.clearing_application).values(row)
export type WithdrawalRow = Tables['clearing_withdrawal']['$inferSelect']
export const insertWithdrawal = (tx: Db, t: Tables, row: WithdrawalRow) => tx.insert(t.clearing_withdrawal).values(row)

const applications = (tx: Db, t: Tables) =>
  tx
    .select({ application: t.clearing_application, withdrawn_at: t.clearing_withdrawal.at })
    .from(t.clearing_application)
    .leftJoin(t.clearing_withdrawal, eq(t.clearing_withdrawal.application_id, t.clearing_application.id))

/** A hospital's application and whether it has been taken back. */
export async function applicationOf(tx: Db, t: Tables, hospital: string, id: string) {
  const a = t.clearing_application
  const [row] = await applications(tx, t).where(and(eq(a.id, id), eq(a.hospital_code, hospital)))
  return row ?? null
}

/** A visit with a settlement of these days that a 2601 which has not ended takes back; null: there is none. */
export async function visitBeingUndone(
  tx: Db,
  t: Tables,
  { hospital, clr_type, from, to }: Pick<Group, 'hospital' | 'from' | 'to'> & { readonly clr_type: string },
): Promise<string | null> {
  const { his_call: call, his_document: d, request } = t
  const [row] = await tx
    .select({ visit: call.mdtrt_id })
    .from(call)
    .innerJoin(d, and(eq(d.hospital_code, call.hospital_code), eq(d.mdtrt_id, call.mdtrt_id)))
    .leftJoin(request, and(eq(request.terminal_id, `his:${hospital}`), eq(request.key, call.key)))
    .where(
      and(
        // By the primary key: a hospital has few of them, while every settlement is a call.
        eq(call.hospital_code, hospital),
        gte(call.key, '2601'),
        lt(call.key, '2602'),
        isNull(request.key),
        eq(d.kind, 'settlement'),
        eq(d.clr_type, clr_type),
        gte(d.setl_day, from),
        lte(d.setl_day, to),
      ),
    )
    .limit(1)
  return row?.visit ?? null
}

/** A live application of the hospital for some of these days. */
export async function applicationWithin(
  tx: Db,
  t: Tables,
  { hospital, clr_type, from, to }: Pick<Group, 'hospital' | 'from' | 'to'> & { readonly clr_type: string },
): Promise<ApplicationRow | null> {
  const a = t.clearing_application
  const [row] = await applications(tx, t)
    .where(
      and(
        eq(a.hospital_code, hospital),
        eq(a.clr_type, clr_type),
        lte(a.from_day, to),
        gte(a.to_day, from),
        isNull(t.clearing_withdrawal.at),
      ),
    )
    .limit(1)
  return row?.application ?? null
}
