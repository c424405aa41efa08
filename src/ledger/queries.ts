import { and, asc, eq, gt, inArray, lte, max, or, sql } from 'drizzle-orm'
import { endOfLedgerPage, pages } from '../store/pages.ts'
import type { Store } from '../store/store.ts'
import type { Tables } from '../store/tables.ts'

const PAGE = 1000

export type LedgerRow = Tables['settlement']['$inferSelect']
export type Posting = Tables['posting']['$inferSelect']

/** Rows of the ledger after a number and up to another, in pages. */
export const ledgerRows = (store: Store, from: number, upto: number) => {
  const t = store.tables.settlement
  return pages(
    async (last) => {
      const after = Math.max(last, from)
      const end = Math.min(upto, await endOfLedgerPage(store, after))
      return store.read
        .select()
        .from(t)
        .where(and(gt(t.ledger_seq, after), lte(t.ledger_seq, end)))
        .orderBy(asc(t.ledger_seq))
    },
    (row) => row.ledger_seq,
  )
}

/** Postings of the rows numbered `from` to `to`, both included. */
export const postingsBetween = (store: Store, from: number, to: number): PromiseLike<Posting[]> => {
  const t = store.tables.posting
  return store.read
    .select()
    .from(t)
    .where(and(sql`${t.ledger_seq} >= ${from}`, lte(t.ledger_seq, to)))
    .orderBy(asc(t.ledger_seq), asc(t.leg))
}

export const postingsOfRows = (store: Store, seqs: readonly number[]): PromiseLike<Posting[]> => {
  const t = store.tables.posting
  return store.read
    .select()
    .from(t)
    .where(inArray(t.ledger_seq, [...seqs]))
}

export const rowsByNo = (store: Store, nos: readonly string[]): PromiseLike<LedgerRow[]> => {
  const t = store.tables.settlement
  return store.read
    .select()
    .from(t)
    .where(inArray(t.settlement_no, [...nos]))
}

/** The ledger's extent and the number its lane stands at, in one statement and so of one moment. */
export async function ledgerExtent(store: Store): Promise<{ count: number; last: number; lane: number }> {
  const { settlement, lane } = store.tables
  const [row] = await store.read
    .select({
      count: sql<number>`count(*)`.mapWith(Number),
      last: sql<number>`coalesce(max(${settlement.ledger_seq}), 0)`.mapWith(Number),
      lane: sql<number>`(select ${lane.seq} from ${lane} where ${lane.name} = 'ledger')`.mapWith(Number),
    })
    .from(settlement)
  return row ?? { count: 0, last: 0, lane: 0 }
}

/** Postings that belong to no row of the ledger. */
export async function strayPostings(store: Store): Promise<number[]> {
  const { settlement, posting } = store.tables
  const rows = await store.read
    .selectDistinct({ seq: posting.ledger_seq })
    .from(posting)
    .leftJoin(settlement, eq(settlement.ledger_seq, posting.ledger_seq))
    .where(sql`${settlement.ledger_seq} is null`)
    .orderBy(asc(posting.ledger_seq))
  return rows.map((r) => r.seq)
}

/** Accounts whose total differs from the sum of their postings: total less postings, by side. One statement. */
export function accountDifferences(store: Store) {
  const { posting, account_total } = store.tables
  const folded = store.read
    .select({
      account: posting.account,
      debit: sql<number>`cast(sum(${posting.debit_fen}) as bigint)`.as('folded_debit'),
      credit: sql<number>`cast(sum(${posting.credit_fen}) as bigint)`.as('folded_credit'),
    })
    .from(posting)
    .groupBy(posting.account)
    .as('folded')
  const difference = (total: unknown, sum: unknown) =>
    sql<number>`coalesce(${total}, 0) - coalesce(${sum}, 0)`.mapWith(Number)
  return store.read
    .select({
      account: sql<string>`coalesce(${account_total.account}, ${folded.account})`,
      debit: difference(account_total.debit_fen, folded.debit),
      credit: difference(account_total.credit_fen, folded.credit),
    })
    .from(account_total)
    .fullJoin(folded, eq(folded.account, account_total.account))
    .where(
      or(
        sql`coalesce(${account_total.debit_fen}, 0) <> coalesce(${folded.debit}, 0)`,
        sql`coalesce(${account_total.credit_fen}, 0) <> coalesce(${folded.credit}, 0)`,
      ),
    )
}

/** Bills for which more settlements stand than one, or whose attempts are not counted 1, 2, 3 … One statement. */
export function crowdedBills(store: Store) {
  const t = store.tables.settlement
  const live = sql<number>`sum(case when ${t.kind} = 'settlement' then 1 else -1 end)`
  return store.read
    .select({
      hospital_code: t.hospital_code,
      bill_no: t.bill_no,
      live: live.mapWith(Number),
      attempts: max(t.attempt),
    })
    .from(t)
    .groupBy(t.hospital_code, t.bill_no)
    .having(
      sql`${live} not in (0, 1) or max(${t.attempt}) <> sum(case when ${t.kind} = 'settlement' then 1 else 0 end)`,
    )
}

export interface CounterRow {
  readonly owner: string
  readonly key: string
  readonly value: number
  /** The last row of the ledger when this was read. */
  readonly upto: number
}

const counterColumns = (store: Store) => {
  const { counter, settlement } = store.tables
  const last = sql<number>`(select coalesce(max(${settlement.ledger_seq}), 0) from ${settlement})`.mapWith(Number)
  return { owner: counter.owner, key: counter.key, value: counter.value, upto: last }
}

/** Counters in pages; each page tells which row of the ledger it was read after. */
export async function* counterPages(store: Store): AsyncGenerator<CounterRow[]> {
  const t = store.tables.counter
  let last = { owner: '', key: '' }
  for (;;) {
    const rows = await store.read
      .select(counterColumns(store))
      .from(t)
      .where(or(gt(t.owner, last.owner), and(eq(t.owner, last.owner), gt(t.key, last.key))))
      .orderBy(asc(t.owner), asc(t.key))
      .limit(PAGE)
    const end = rows.at(-1)
    if (end === undefined) return
    yield rows
    last = { owner: end.owner, key: end.key }
  }
}

export async function counterNow(store: Store, owner: string, key: string): Promise<CounterRow | null> {
  const t = store.tables.counter
  const [row] = await store.read
    .select(counterColumns(store))
    .from(t)
    .where(and(eq(t.owner, owner), eq(t.key, key)))
  return row ?? null
}
