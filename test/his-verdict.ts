import type { SettlementRow } from '../src/settlement/booking.ts'
import type { Facts } from '../src/settlement/facts.ts'
import type { AnyStore } from '../src/store/open.ts'
import { type Cell, isCancelling, type Told } from './his-cells.ts'
import type { BooksShown } from './platform/start.ts'

const fenOf = (yuan: number) => Math.round(yuan * 100)

/** Both sides' books, read once for all cells. */
export async function booksOf(store: AnyStore, theirs: BooksShown) {
  const t = store.tables
  const documents = await store.read.select().from(t.his_document)
  const rows = (await store.read.select().from(t.settlement)) as SettlementRow[]
  const counters = await store.read.select().from(t.counter)
  return { documents, rows, counters, theirs }
}
type BothBooks = Awaited<ReturnType<typeof booksOf>>

const sorted = (ids: readonly string[]) => [...ids].sort().join()

/** What the limits of a person must stand at: what their live settlements took, and nothing of the others. */
function limitFaults({ rows, counters }: BothBooks, visit: string, maf: number): string[] {
  const own = rows.filter((r) => r.bill_no.startsWith(`${visit}/`))
  const reversed = new Set(own.map((r) => r.reverses))
  const live = own.filter((r) => r.kind === 'settlement' && !reversed.has(r.settlement_no))
  const meant = new Map<string, number>()
  for (const row of live)
    for (const { owner, key, delta } of (JSON.parse(row.facts) as Facts).deltas)
      meant.set(`${owner} ${key}`, (meant.get(`${owner} ${key}`) ?? 0) + delta)
  const owner = `p:${own[0]?.person_id}`
  const stand = counters.filter((c) => c.owner === owner)
  const faults = stand
    .filter((c) => c.value !== (meant.get(`${owner} ${c.key}`) ?? 0))
    .map((c) => `limit ${c.key} stands at ${c.value}`)
  const year = stand.find((c) => c.key.includes('/annual/'))?.value ?? 0
  return year === maf ? faults : [...faults, `the year's limit is used by ${year}, not ${maf}`]
}

/** Everything that is wrong with a bill: what was told, what we hold, what the platform holds. */
export function faultsOf(cell: Cell, books: BothBooks): string[] {
  const { visit, told } = cell
  const faults = [...cell.faults]
  const taken = new Set(books.documents.map((d) => d.reverses))
  const ours = books.documents.filter((d) => d.mdtrt_id === visit && d.kind === 'settlement' && !taken.has(d.setl_id))
  const theirs = books.theirs.live.filter((d) => d.mdtrt_id === visit)
  const [ids, their] = [ours.map((d) => d.setl_id), theirs.map((d) => d.setl_id)]
  if (ours.length > 1 || theirs.length > 1) faults.push(`paid twice: ours ${ids}, theirs ${their}`)
  if (sorted(ids) !== sorted(their)) faults.push(`ours live: ${ids}; theirs live: ${their}`)
  if (sorted(ids) !== (told ? told.setl_id : '')) faults.push(`told ${told?.setl_id ?? 'no'}, live: ${ids}`)
  const [own, their0] = [ours[0], theirs[0]]
  if (told && own && their0) faults.push(...amountFaults(told, own, their0.amounts))
  const reversals = books.documents.filter((d) => d.mdtrt_id === visit && d.kind === 'reversal').length
  if (isCancelling(cell) && reversals !== (told ? 0 : 1)) faults.push(`taken back ${reversals} times`)
  return [...faults, ...limitFaults(books, visit, told ? fenOf(told.maf_pay) : 0)]
}

function amountFaults(
  told: Told,
  own: BothBooks['documents'][number],
  their: BooksShown['live'][number]['amounts'],
): string[] {
  const maf = fenOf(told.maf_pay)
  const compared = [
    ['medfee', fenOf(told.medfee_sumamt), own.medfee_fen, their.medfee_sumamt],
    ['fund', fenOf(told.fund_pay_sumamt), own.fund_fen, their.fund_pay_sumamt + maf],
    ['cash', fenOf(told.psn_cash_pay), own.cash_fen, their.psn_cash_pay - maf],
    ['assistance', maf, own.assistance_fen, maf],
  ] as const
  return compared
    .filter(([, told, ours, theirs]) => told !== ours || told !== theirs)
    .map(([name, ...amounts]) => `${name}: told, ours, theirs ${amounts}`)
}
