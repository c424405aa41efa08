import type { Deps } from '../access/act.ts'
import { type Caller, may } from '../access/caller.ts'
import { type Fen, formatYuan } from '../kernel/money.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import type { Store } from '../store/store.ts'
import { type Mirrored, mirrorFaults, rowFaults } from './balance.ts'
import { type CounterFold, foldRow, newFold } from './fold.ts'
import {
  accountDifferences,
  counterNow,
  counterPages,
  crowdedBills,
  type LedgerRow,
  ledgerExtent,
  ledgerRows,
  type Posting,
  postingsBetween,
  postingsOfRows,
  rowsByNo,
  strayPostings,
} from './queries.ts'

/** One difference: where it is (a row, an account, a counter, a bill) and what differs. */
export interface LedgerFault {
  readonly where: string
  readonly what: string
}

export interface LedgerVerification {
  readonly settlements: number
  readonly assistance_fen: Fen
  readonly counters: number
  readonly faults: readonly LedgerFault[]
}

/**
 * Recomputes from the entries everything the ledger keeps as a total: postings balance and equal the assistance,
 * account totals and counters equal the fold of their entries, numbers have no gap, a bill is settled once,
 * a reversal is the mirror image of its original. May run while the service books.
 */
export async function verifyLedger(deps: Deps, caller: Caller): Promise<LedgerVerification | Refusal> {
  if (!may(caller, 'audit.read')) return refuse('forbidden', '需要权限 audit.read')
  const { store } = deps
  const faults: LedgerFault[] = []
  const extent = await ledgerExtent(store)
  if (extent.count !== extent.last || extent.lane !== extent.last) {
    faults.push({ where: 'ledger', what: `${extent.count} rows, last number ${extent.last}, lane at ${extent.lane}` })
  }
  const fold = newFold()
  const assistance_fen = await walkRows(store, extent.last, fold, faults)
  for (const seq of await strayPostings(store))
    faults.push({ where: `row ${seq}`, what: 'postings without a settlement' })
  for (const d of await accountDifferences(store)) {
    faults.push({
      where: `account ${d.account}`,
      what: `total differs from its postings: debit ${formatYuan(d.debit)}, credit ${formatYuan(d.credit)}`,
    })
  }
  for (const b of await crowdedBills(store)) {
    faults.push({
      where: `bill ${b.hospital_code} ${b.bill_no}`,
      what: `${b.live} live settlements, attempts counted up to ${b.attempts}`,
    })
  }
  const counters = await compareCounters(store, fold, faults)
  return { settlements: extent.count, assistance_fen, counters, faults }
}

async function walkRows(store: Store, upto: number, fold: CounterFold, faults: LedgerFault[]): Promise<Fen> {
  let assistance = 0
  let expected = 1
  for await (const page of ledgerRows(store, 0, upto)) {
    const first = page[0]?.ledger_seq ?? 0
    const postings = Map.groupBy(await postingsBetween(store, first, page.at(-1)?.ledger_seq ?? 0), (p) => p.ledger_seq)
    const originals = await originalsOf(store, page)
    for (const row of page) {
      if (row.ledger_seq !== expected)
        faults.push({ where: `row ${expected}`, what: 'missing: ledger numbers have a gap' })
      expected = row.ledger_seq + 1
      assistance += row.assistance_fen
      const own = postings.get(row.ledger_seq) ?? []
      const found = [...rowFaults(row, own), ...foldRow(fold, row)]
      if (row.kind === 'reversal')
        found.push(...mirrorFaults({ row, postings: own }, originals.get(row.reverses ?? '')))
      for (const what of found) faults.push({ where: `row ${row.ledger_seq} ${row.settlement_no}`, what })
    }
  }
  return assistance
}

/** The settlements that the reversals of a page reverse, with their postings. */
async function originalsOf(store: Store, page: readonly LedgerRow[]): Promise<ReadonlyMap<string, Mirrored>> {
  const nos = page.flatMap((row) => (row.reverses === null ? [] : [row.reverses]))
  if (nos.length === 0) return new Map()
  const rows = await rowsByNo(store, nos)
  const postings = Map.groupBy<number, Posting>(
    await postingsOfRows(
      store,
      rows.map((r) => r.ledger_seq),
    ),
    (p) => p.ledger_seq,
  )
  return new Map(rows.map((row) => [row.settlement_no, { row, postings: postings.get(row.ledger_seq) ?? [] }]))
}

/** Every counter against the fold; the fold is carried on to the row after which the counter was read. */
async function compareCounters(store: Store, fold: CounterFold, faults: LedgerFault[]): Promise<number> {
  let count = 0
  const compare = async (owner: string, key: string, value: number, upto: number) => {
    if (upto > fold.upto)
      for await (const page of ledgerRows(store, fold.upto, upto)) for (const row of page) foldRow(fold, row)
    const folded = fold.values.get(`${owner}|${key}`) ?? 0
    fold.seen.add(`${owner}|${key}`)
    if (folded !== value)
      faults.push({ where: `counter ${owner} ${key}`, what: `stands at ${value}, its entries add up to ${folded}` })
  }
  for await (const page of counterPages(store)) {
    for (const c of page) {
      count++
      await compare(c.owner, c.key, c.value, c.upto)
    }
  }
  for (const [name, value] of fold.values) {
    if (fold.seen.has(name) || value === 0) continue
    const bar = name.indexOf('|')
    const [owner, key] = [name.slice(0, bar), name.slice(bar + 1)]
    // The service may have made it after its page was read.
    const now = await counterNow(store, owner, key)
    await compare(owner, key, now?.value ?? 0, now?.upto ?? fold.upto)
  }
  return count
}
