import { join } from 'node:path'
import Database from 'better-sqlite3'
import { newSettlementNo, randomText } from '../src/kernel/ids.ts'
import { atMost, type Figure, median } from './figures.ts'
import type { LoadResult } from './load.ts'
import { seededFolder, startService } from './place.ts'
import { startGenerator } from './processes.ts'
import { drive, type Pace, p50, p99, warmUp } from './rounds.ts'
import { insertLike, type Sample, takeSamples } from './samples.ts'
import { PERSONS } from './world.ts'

const TERMINALS = 16
const FEW = 10_000
const MANY = 1_000_000
const MANY_QUICK = 30_000
const YEARS = [2023, 2024, 2025, 2026] as const
const A_TRANSACTION = 50_000

/** The n-th copy of a sample: new numbers, another person, one of four years; texts as long as the real ones. */
function copyOf(sample: Sample, n: number) {
  const person = 1 + ((Math.random() * PERSONS) | 0)
  const year = YEARS[n % YEARS.length] ?? 2024
  const at = sample.settlement.settled_at - (MANY - n) * 60_000
  const no = newSettlementNo(at)
  return {
    person,
    year,
    settlement: {
      ...sample.settlement,
      ledger_seq: n,
      settlement_no: no,
      bill_no: `ZF-${String(n).padStart(12, '0')}`,
      person_id: person,
      business_day: `${year}${sample.settlement.business_day.slice(4)}`,
      year,
      settled_at: at,
    },
    request: { ...sample.request, key: randomText(32), settlement_no: no, at },
    audit: { ...sample.audit, seq: n, at, subject: no },
  }
}

/** Fills a closed store with copies of real rows, without waiting for the disk; the service then opens it with FULL. */
function fill(dataDir: string, samples: readonly Sample[], count: number): void {
  const db = new Database(join(dataDir, 'assistance.db'))
  for (const pragma of ['journal_mode = DELETE', 'journal_mode = OFF', 'synchronous = OFF', 'cache_size = -1500000']) {
    db.pragma(pragma)
  }
  const [first] = samples
  const posting = samples.find((s) => s.postings.length > 0)?.postings[0]
  if (!first || !posting) throw new Error('no samples')
  const to = {
    settlement: insertLike(db, 'settlement', first.settlement),
    request: insertLike(db, 'request', first.request),
    posting: insertLike(db, 'posting', posting),
    audit: insertLike(db, 'audit_record', first.audit),
    counter: insertLike(db, 'counter', { owner: '', key: '', value: 0 }),
    total: insertLike(db, 'account_total', { account: '', debit_fen: 0, credit_fen: 0 }),
  }
  const counters = new Map<string, number>()
  const totals = new Map<string, { debit: number; credit: number }>()
  db.exec('BEGIN')
  for (let n = 1; n <= count; n++) {
    const sample = samples[n % samples.length] as Sample
    const copy = copyOf(sample, n)
    to.settlement.run(Object.values(copy.settlement))
    to.request.run(Object.values(copy.request))
    to.audit.run(Object.values(copy.audit))
    for (const p of sample.postings) {
      to.posting.run(n, p.leg, p.account, p.debit_fen, p.credit_fen)
      const total = totals.get(p.account) ?? { debit: 0, credit: 0 }
      totals.set(p.account, { debit: total.debit + p.debit_fen, credit: total.credit + p.credit_fen })
    }
    for (const c of sample.counters) {
      const owner = `p:${copy.person}|${c.key.replace(/\d{4}$/, String(copy.year))}`
      counters.set(owner, (counters.get(owner) ?? 0) + c.value)
    }
    if (n % A_TRANSACTION === 0) db.exec('COMMIT; BEGIN')
  }
  for (const [name, value] of [...counters].sort()) {
    const bar = name.indexOf('|')
    to.counter.run(name.slice(0, bar), name.slice(bar + 1), value)
  }
  for (const [account, { debit, credit }] of totals) to.total.run(account, debit, credit)
  db.prepare("UPDATE lane SET seq = ?, head = ? WHERE name = 'ledger'").run(count, first.audit.hash)
  db.exec('COMMIT')
  db.close()
}

/** (d): the same load on a store that is nearly empty and on one that has years behind it. */
export async function growth(pace: Pace, quick: boolean): Promise<Figure[]> {
  const many = quick ? MANY_QUICK : MANY
  const samples = await takeSamples()
  const dirs = [await seededFolder(null), await seededFolder(null)] as const
  const start = performance.now()
  fill(dirs[0], samples, FEW)
  fill(dirs[1], samples, many)
  const took = (performance.now() - start) / 1000
  const generator = startGenerator()
  const small = await startService(dirs[0], null)
  const large = await startService(dirs[1], null)
  const results = { small: [] as LoadResult[], large: [] as LoadResult[] }
  try {
    for (const server of [small, large]) await warmUp(generator, server, pace)
    for (let round = 0; round < 2 * pace.rounds - 1; round++) {
      results.small.push(await drive(generator, small, TERMINALS, pace))
      results.large.push(await drive(generator, large, TERMINALS, pace))
    }
  } finally {
    generator.stop()
    await Promise.all([small.stop(), large.stop()])
  }
  const figure = (name: string, value: number, unit: string): Figure => ({ part: 'd', name, value, unit })
  const grown = median(results.large.map((r, i) => r.p50 / (results.small[i]?.p50 ?? Number.NaN)))
  return [
    figure(`filling ${FEW} and ${many} settlements`, took, 's'),
    figure(`p50 at ${FEW} settlements, ${TERMINALS} terminals`, p50(results.small), 'ms'),
    figure(`p99 at ${FEW} settlements`, p99(results.small), 'ms'),
    figure(`p50 at ${many} settlements, ${TERMINALS} terminals`, p50(results.large), 'ms'),
    figure(`p99 at ${many} settlements`, p99(results.large), 'ms'),
    { part: 'd', name: `p50 at ${many} / p50 at ${FEW}`, value: grown, unit: 'ratio', target: atMost(1.3) },
  ]
}
