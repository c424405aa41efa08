import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { readConfig } from '../src/config.ts'
import { isRefusal } from '../src/kernel/refusal.ts'
import { assemble } from '../src/serve.ts'
import { type Bill, billSchema } from '../src/settlement/bill.ts'
import type { AuditRow, PostingRow, RequestRow, SettlementRow } from '../src/settlement/booking.ts'
import { settle } from '../src/settlement/settle.ts'
import { openStore } from '../src/store/open.ts'
import type { SqliteStore } from '../src/store/sqlite.ts'
import { billFor } from './bills.ts'
import { seed } from './seed.ts'
import { PERSONS, personAt, terminalAt } from './world.ts'

/** All rows that one real settlement wrote. */
export interface Sample {
  readonly settlement: SettlementRow
  readonly request: RequestRow
  readonly postings: readonly PostingRow[]
  readonly audit: AuditRow
  /** Counters the settlement changed, without their owner. */
  readonly counters: readonly { readonly key: string; readonly value: number }[]
}

/** A bill of the n-th kind for a person, parsed. */
export function parsedBill(n: number): Bill {
  const { idNumber, name } = personAt((n * 7) % PERSONS)
  return billSchema.parse(JSON.parse(billFor(n, `ZY-${String(n).padStart(12, '0')}`, idNumber, name)))
}

const columns = (row: object) => Object.keys(row).join(', ')

/** The statements that write a sample again, in the order of its columns. */
export const insertLike = (db: SqliteStore['writer'], table: string, row: object) =>
  db.prepare(
    `INSERT INTO ${table} (${columns(row)}) VALUES (${Object.keys(row)
      .map(() => '?')
      .join(', ')})`,
  )

function readSample(db: SqliteStore['writer'], settlement: SettlementRow): Sample {
  const seq = settlement.ledger_seq
  const facts = JSON.parse(settlement.facts) as { deltas: { owner: string; key: string; delta: number }[] }
  return {
    settlement,
    request: db.prepare('SELECT * FROM request WHERE settlement_no = ?').get(settlement.settlement_no) as RequestRow,
    postings: db.prepare('SELECT * FROM posting WHERE ledger_seq = ?').all(seq) as PostingRow[],
    audit: db.prepare("SELECT * FROM audit_record WHERE lane = 'ledger' AND seq = ?").get(seq) as AuditRow,
    counters: facts.deltas.map((d) => ({ key: d.key, value: d.delta })),
  }
}

const SAMPLES = 240
let taken: Promise<readonly Sample[]> | null = null

/** What settlements of the real code write; settled once, however many parts ask. */
export function takeSamples(): Promise<readonly Sample[]> {
  taken ??= settleSome(SAMPLES)
  return taken
}

async function settleSome(count: number): Promise<Sample[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'assistance-bench-'))
  const config = readConfig({ DATA_DIR: dataDir, LOG_LEVEL: 'silent' })
  const store = await openStore(config)
  try {
    if (store.engine !== 'sqlite') throw new Error('samples are taken on SQLite')
    const { deps } = assemble(config, store, pino({ level: 'silent' }), () => undefined)
    await seed(store, deps.keys)
    for (let n = 0; n < count; n++) {
      const terminal = terminalAt(n)
      const caller = { kind: 'terminal', id: terminal.id, hospital: terminal.hospital } as const
      const key = `sample-${String(n).padStart(25, '0')}`
      const result = await settle(deps.desk, caller, parsedBill(n), key, null)
      if (isRefusal(result) || result.status !== 201) throw new Error(`sample not settled: ${JSON.stringify(result)}`)
    }
    const rows = store.writer.prepare('SELECT * FROM settlement ORDER BY ledger_seq').all() as SettlementRow[]
    return rows.map((row) => readSample(store.writer, row))
  } finally {
    await store.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}
