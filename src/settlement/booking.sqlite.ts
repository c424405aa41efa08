import type { Holding } from '../register/holding.ts'
import type { SqliteWriter } from '../store/sqlite-writer.ts'
import { billKey, emptyLoaded, requestKey } from './batch.ts'
import { hisReads, hisWrites } from './booking.sqlite.his.ts'
import type {
  BillState,
  Booking,
  Job,
  Loaded,
  Remembered,
  RequestRow,
  ReverseJob,
  SettlementRow,
  Writes,
} from './booking.ts'
import { householdOwner, personOwner } from './decide.ts'
import { billNoOf, wantedOf } from './wanted.ts'

const SETTLEMENT_COLUMNS = [
  'ledger_seq',
  'settlement_no',
  'kind',
  'reverses',
  'hospital_code',
  'terminal_id',
  'bill_no',
  'attempt',
  'person_id',
  'person_record_id',
  'household',
  'township',
  'category',
  'care_type',
  'scheme',
  'version',
  'rule_hash',
  'decision',
  'business_day',
  'year',
  'total_fen',
  'insurance_fen',
  'other_fen',
  'assistance_fen',
  'patient_fen',
  'settled_at',
  'bill',
  'facts',
  'answer',
] as const satisfies readonly (keyof SettlementRow)[]

type Db = SqliteWriter['writer']

type RecordRow = [number, string, string | null, string, string | null]
type HoldingRow = [number, string, string, 0 | 1, number]

/**
 * Point reads only, as bare rows, the newest picked here: a join, a `LIMIT 1` behind an `ORDER BY`, or objects for
 * rows cost several times as much.
 */
function prepareReads(db: Db) {
  return {
    lanes: db.prepare<[], { name: string; seq: number; head: string }>('SELECT name, seq, head FROM lane'),
    request: db.prepare<[string, string], RequestRow>(
      'SELECT terminal_id, key, fingerprint, status, settlement_no, body, at FROM request WHERE terminal_id = ? AND key = ?',
    ),
    answer: db.prepare<[string], { answer: string }>('SELECT answer FROM settlement WHERE settlement_no = ?'),
    person: db.prepare<[string], { id: number; born_on: string }>('SELECT id, born_on FROM person WHERE blind = ?'),
    records: db
      .prepare<[number], RecordRow>(
        'SELECT id, name_blind, household, township, died_on FROM person_record WHERE person_id = ?',
      )
      .raw(),
    holdings: db
      .prepare<[number], HoldingRow>(
        'SELECT id, category, from_day, held, recorded_at FROM holding WHERE person_id = ?',
      )
      .raw(),
    bill: db
      .prepare<[string, string], [number, string, BillState['kind']]>(
        'SELECT attempt, settlement_no, kind FROM settlement WHERE hospital_code = ? AND bill_no = ?',
      )
      .raw(),
    original: db.prepare<[string], SettlementRow>(
      `SELECT ${SETTLEMENT_COLUMNS.join(', ')} FROM settlement WHERE settlement_no = ?`,
    ),
    reversal: db.prepare<[string], { settlement_no: string }>(
      'SELECT settlement_no FROM settlement WHERE reverses = ?',
    ),
    counters: db.prepare<[string], [string, number]>('SELECT key, value FROM counter WHERE owner = ?').raw(),
    his: hisReads(db),
  }
}
type Reads = ReturnType<typeof prepareReads>

function prepareWrites(db: Db) {
  const insert = (table: string, columns: readonly string[]) =>
    db.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`)
  return {
    settlement: insert('settlement', SETTLEMENT_COLUMNS),
    request: insert('request', ['terminal_id', 'key', 'fingerprint', 'status', 'settlement_no', 'body', 'at']),
    posting: insert('posting', ['ledger_seq', 'leg', 'account', 'debit_fen', 'credit_fen']),
    audit: insert('audit_record', ['lane', 'seq', 'at', 'actor', 'action', 'subject', 'detail', 'hash']),
    counter: db.prepare(
      'INSERT INTO counter (owner, key, value) VALUES (?, ?, ?) ON CONFLICT (owner, key) DO UPDATE SET value = excluded.value',
    ),
    total: db.prepare(
      `INSERT INTO account_total (account, debit_fen, credit_fen) VALUES (?, ?, ?) ON CONFLICT (account)
       DO UPDATE SET debit_fen = debit_fen + excluded.debit_fen, credit_fen = credit_fen + excluded.credit_fen`,
    ),
    lane: db.prepare("UPDATE lane SET seq = ?, head = ? WHERE name = 'ledger'"),
    his: hisWrites(db),
  }
}

function loadCounters(reads: Reads, loaded: Loaded, owner: string): void {
  if (!loaded.counters.has(owner)) loaded.counters.set(owner, new Map(reads.counters.all(owner)))
}

function loadPerson(reads: Reads, loaded: Loaded, blind: string): void {
  if (loaded.persons.has(blind)) return
  const person = reads.person.get(blind)
  if (!person) return
  let newest: RecordRow | null = null
  for (const record of reads.records.all(person.id)) if (newest === null || record[0] > newest[0]) newest = record
  if (newest === null) return
  const [record_id, name_blind, household, township, died_on] = newest
  const holdings: Holding[] = reads.holdings
    .all(person.id)
    .map(([id, category, from_day, held, recorded_at]) => ({ id, category, from_day, held, recorded_at }))
  loaded.persons.set(blind, { ...person, blind, record_id, name_blind, household, township, died_on, holdings })
  loadCounters(reads, loaded, personOwner(person.id))
  loadCounters(reads, loaded, householdOwner(household, blind))
}

/** The newest row of a bill: the latest attempt, and of that its reversal if it has one. */
function loadBill(reads: Reads, loaded: Loaded, hospital: string, billNo: string): void {
  let newest: BillState | null = null
  for (const [attempt, settlement_no, kind] of reads.bill.all(hospital, billNo)) {
    const later = newest === null || attempt > newest.attempt || (attempt === newest.attempt && kind === 'reversal')
    if (later) newest = { attempt, settlement_no, kind }
  }
  if (newest) loaded.bills.set(billKey(hospital, billNo), newest)
}

function loadOriginal(reads: Reads, loaded: Loaded, no: string): void {
  const row = reads.original.get(no)
  if (!row || loaded.originals.has(no)) return
  loaded.originals.set(no, { row, reversed_by: reads.reversal.get(no)?.settlement_no ?? null })
  loadCounters(reads, loaded, personOwner(row.person_id))
  loadCounters(reads, loaded, row.household)
  reads.his.documentOfSettlement(loaded, no)
}

function remembered(reads: Reads, loaded: Loaded, scope: string, key: string): Remembered | null {
  const row = reads.request.get(scope, key)
  if (!row) return null
  const answer = row.body ?? reads.answer.get(row.settlement_no ?? '')?.answer
  if (answer === undefined) throw new Error('a remembered request has lost its answer')
  const before = { ...row, answer }
  loaded.requests.set(requestKey(scope, key), before)
  return before
}

/** The row of the ledger a reversal is about, however it is named; null: the ledger has none. */
function targetOf(reads: Reads, loaded: Loaded, { target, scope, terminal }: ReverseJob): string | null {
  if ('no' in target) return target.no
  if ('setl_id' in target) {
    const document = reads.his.documentNamed(loaded, terminal.hospital, target.setl_id)
    return document ? document.settlement_no : target.setl_id
  }
  const before = remembered(reads, loaded, scope, target.requestKey)
  return before && before.status < 400 ? before.settlement_no : null
}

function load(reads: Reads, jobs: readonly Job[]): Loaded {
  const lanes = new Map(reads.lanes.all().map((l) => [l.name, l]))
  const { seq = 0, head = '' } = lanes.get('ledger') ?? {}
  const loaded = emptyLoaded({ seq, head }, lanes.get('office')?.seq ?? 0)
  for (const job of jobs) {
    remembered(reads, loaded, job.scope, job.key)
    if (job.kind === 'settle') loadPerson(reads, loaded, job.personBlind)
    const target = job.kind === 'reverse' ? targetOf(reads, loaded, job) : null
    if (target !== null) loadOriginal(reads, loaded, target)
    const billNo = billNoOf(job)
    if (billNo !== null) loadBill(reads, loaded, job.terminal.hospital, billNo)
    const wanted = wantedOf(job)
    if (wanted) reads.his.load(loaded, wanted)
  }
  return loaded
}

/** Rows whose columns stand in the order of their statement. */
function write(to: ReturnType<typeof prepareWrites>, writes: Writes): void {
  for (const row of writes.settlements) to.settlement.run(SETTLEMENT_COLUMNS.map((c) => row[c]))
  for (const r of writes.requests)
    to.request.run(r.terminal_id, r.key, r.fingerprint, r.status, r.settlement_no, r.body, r.at)
  for (const p of writes.postings) to.posting.run(p.ledger_seq, p.leg, p.account, p.debit_fen, p.credit_fen)
  for (const a of writes.audits) to.audit.run(a.lane, a.seq, a.at, a.actor, a.action, a.subject, a.detail, a.hash)
  for (const [owner, keys] of writes.counters) for (const [key, value] of keys) to.counter.run(owner, key, value)
  for (const [account, t] of writes.totals) to.total.run(account, t.debit_fen, t.credit_fen)
  to.his(writes)
  if (writes.settlements.length > 0) to.lane.run(writes.ledger.seq, writes.ledger.head)
}

/** Bookings on the embedded engine: the batch is one synchronous transaction of prepared statements. */
export function sqliteBooking(store: SqliteWriter): Booking {
  const reads = prepareReads(store.writer)
  const statements = prepareWrites(store.writer)
  // One snapshot: another thread or process may commit between two statements of a connection without a transaction.
  const loadAtOnce = store.writer.transaction((jobs: readonly Job[]) => load(reads, jobs))
  return {
    run(jobs, decide) {
      return store.writeSync(() => {
        const decided = decide(load(reads, jobs))
        if ('stale' in decided) return decided
        write(statements, decided.writes)
        return decided.results
      })
    },
    peek: (jobs) => store.between(() => loadAtOnce(jobs)),
  }
}
