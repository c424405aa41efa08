import type { PoolClient } from 'pg'
import type { PostgresWriter } from '../store/postgres-writer.ts'
import { billKey, emptyLoaded, ownKey, requestKey } from './batch.ts'
import { DOCUMENT, loadHis, writeHis } from './booking.postgres.his.ts'
import type { BillState, Booking, Job, Loaded, Original, PersonState, Remembered, Writes } from './booking.ts'
import { householdOwner, personOwner } from './decide.ts'
import type { DocumentState } from './exchange.ts'
import { billNoOf, wantedOf } from './wanted.ts'

/**
 * The ledger's lane is locked by the first statement: batches of all processes run one after another, so that what
 * the second statement reads is what the third may build on. READ COMMITTED is enough behind that lock.
 */
const BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT seq FROM lane WHERE name = 'ledger' FOR UPDATE"

/** Statements see what was committed before the first of them, and nothing later. */
const SNAPSHOT = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'

const COUNTERS = (owner: string) =>
  `(SELECT coalesce(json_object_agg(c.key, c.value), '{}') FROM counter c WHERE c.owner = ${owner})`

const LOAD = {
  name: 'booking-load',
  text: `
SELECT q.n::int AS n,
  (SELECT json_agg(l) FROM lane l WHERE q.n = 1) AS lanes,
  (SELECT row_to_json(r) FROM (
     SELECT a.*, coalesce(a.body, (SELECT s.answer FROM settlement s WHERE s.settlement_no = a.settlement_no)) AS answer
     FROM request a WHERE a.terminal_id = q.scope AND a.key = q.key) r) AS request,
  (SELECT row_to_json(b) FROM (
     SELECT s.attempt, s.settlement_no, s.kind FROM settlement s
     WHERE s.hospital_code = q.hospital AND s.bill_no = q.bill_no ORDER BY s.attempt DESC, s.kind LIMIT 1) b) AS bill,
  (SELECT row_to_json(p) FROM (
     SELECT p.id, p.blind, p.born_on, r.id AS record_id, r.name_blind, r.household, r.township, r.died_on,
       (SELECT coalesce(json_agg(h), '[]') FROM (
          SELECT h.id, h.category, h.from_day, h.held, h.recorded_at FROM holding h WHERE h.person_id = p.id) h) AS holdings,
       ${COUNTERS("'p:' || p.id")} AS own,
       ${COUNTERS("'h:' || coalesce(r.household, p.blind)")} AS shared
     FROM person p JOIN LATERAL (
       SELECT * FROM person_record r WHERE r.person_id = p.id ORDER BY r.id DESC LIMIT 1) r ON true
     WHERE p.blind = q.blind) p) AS person,
  (SELECT row_to_json(o) FROM (
     SELECT row_to_json(s) AS row, (SELECT v.settlement_no FROM settlement v WHERE v.reverses = s.settlement_no) AS reversed_by,
       ${COUNTERS("'p:' || s.person_id")} AS own, ${COUNTERS('s.household')} AS shared,
       (SELECT row_to_json(d) FROM (SELECT ${DOCUMENT} FROM his_document d WHERE d.settlement_no = s.settlement_no) d) AS document
     FROM settlement s WHERE s.settlement_no = q.target) o) AS original
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
  WITH ORDINALITY AS q(scope, key, hospital, bill_no, blind, target, n)
ORDER BY q.n`,
}

const insert = (table: string, parameter: number) =>
  `INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $${parameter}::json)`

const WRITE = {
  name: 'booking-write',
  text: `
WITH s AS (${insert('settlement', 1)}),
  r AS (${insert('request', 2)}),
  p AS (${insert('posting', 3)}),
  a AS (${insert('audit_record', 4)}),
  c AS (${insert('counter', 5)} ON CONFLICT (owner, key) DO UPDATE SET value = excluded.value),
  t AS (${insert('account_total', 6)} ON CONFLICT (account) DO UPDATE
    SET debit_fen = account_total.debit_fen + excluded.debit_fen, credit_fen = account_total.credit_fen + excluded.credit_fen)
UPDATE lane SET seq = $7, head = $8 WHERE name = 'ledger'`,
}

type Counters = Record<string, number>
interface LoadedRow {
  readonly n: number
  readonly lanes: { name: string; seq: number; head: string }[] | null
  readonly request: Remembered | null
  readonly bill: BillState | null
  readonly person: (PersonState & { own: Counters; shared: Counters }) | null
  readonly original: (Original & { own: Counters; shared: Counters; document: DocumentState | null }) | null
}

const countersOf = (counters: Counters) => new Map(Object.entries(counters))

function take(loaded: Loaded, job: Job, row: LoadedRow): void {
  if (row.request) loaded.requests.set(requestKey(job.scope, job.key), row.request)
  if (row.original) {
    const { own, shared, document, ...original } = row.original
    if (document) loaded.documents.set(ownKey(document.hospital_code, document.setl_id), document)
    loaded.originals.set(original.row.settlement_no, original)
    loaded.counters.set(personOwner(original.row.person_id), countersOf(own))
    loaded.counters.set(original.row.household, countersOf(shared))
  }
  const billNo = billNoOf(job)
  if (row.bill && billNo !== null) loaded.bills.set(billKey(job.terminal.hospital, billNo), row.bill)
  if (!row.person || job.kind !== 'settle') return
  const { own, shared, ...person } = row.person
  loaded.persons.set(job.personBlind, person)
  loaded.counters.set(personOwner(person.id), countersOf(own))
  loaded.counters.set(householdOwner(person.household, person.blind), countersOf(shared))
}

async function load(client: Pick<PoolClient, 'query'>, jobs: readonly Job[]): Promise<Loaded> {
  const found = emptyLoaded({ seq: 0, head: '' }, 0)
  const targets = await loadHis(client, jobs, found)
  const values = [
    jobs.map((j) => j.scope),
    jobs.map((j) => j.key),
    jobs.map((j) => j.terminal.hospital),
    jobs.map(billNoOf),
    jobs.map((j) => (j.kind === 'settle' ? j.personBlind : null)),
    // Once each: it may be long, and many may ask for the same.
    targets.map((target, i) => (targets.indexOf(target) === i ? target : null)),
  ]
  const { rows } = await client.query<LoadedRow>({ ...LOAD, values })
  const lanes = new Map(rows[0]?.lanes?.map((l) => [l.name, l]))
  const { seq, head } = lanes.get('ledger') ?? found.ledger
  const loaded = { ...found, ledger: { seq, head }, officeSeq: lanes.get('office')?.seq ?? 0 }
  rows.forEach((row, i) => {
    const job = jobs[i]
    if (job) take(loaded, job, row)
  })
  return loaded
}

function write(client: PoolClient, w: Writes): Promise<unknown>[] {
  if (w.requests.length === 0) return []
  const counters = [...w.counters].flatMap(([owner, keys]) => [...keys].map(([key, value]) => ({ owner, key, value })))
  const totals = [...w.totals].map(([account, t]) => ({ account, ...t }))
  const values = [w.settlements, w.requests, w.postings, w.audits, counters, totals].map((rows) => JSON.stringify(rows))
  return [client.query({ ...WRITE, values: [...values, w.ledger.seq, w.ledger.head] })]
}

/**
 * Bookings on PostgreSQL: two round trips a batch, whatever its size, and one more where a HIS has jobs in it; behind
 * the lock the server reads while this process still answers the batch before.
 */
export function postgresBooking(store: PostgresWriter): Booking {
  return {
    run(jobs, decide) {
      return store.withClient(async (client, { begun, last }) => {
        const [loaded] = await Promise.all([load(client, jobs), begun])
        const decided = decide(loaded)
        if ('stale' in decided) return decided
        last(() => [...write(client, decided.writes), ...writeHis(client, decided.writes)])
        return decided.results
      }, BEGIN)
    },
    // One statement is one snapshot; the jobs of a HIS need two.
    peek: (jobs) =>
      jobs.some((job) => wantedOf(job) !== null)
        ? store.withClient((client) => load(client, jobs), SNAPSHOT)
        : load(store.pool, jobs),
  }
}
