import pg from 'pg'
import { pino } from 'pino'
import { createApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import { assemble } from '../src/serve.ts'
import { emptyLoaded, replay, startBatch } from '../src/settlement/batch.ts'
import { bookSettlement } from '../src/settlement/book-settlement.ts'
import type { BookingResult, Job, Loaded, PersonState, SettleJob, Writes } from '../src/settlement/booking.ts'
import { householdOwner, personOwner } from '../src/settlement/decide.ts'
import { openStore } from '../src/store/open.ts'
import { listen } from './listen.ts'

/**
 * The ordinary way on PostgreSQL: the same doors and the same decision, but each request has a transaction of its
 * own: point selects, the person's counters FOR UPDATE, decide, inserts, COMMIT. Numbers come from a sequence, and
 * neither a chain nor account totals are kept, for either would be a lock that all requests wait for.
 */
const POOL = 16
const RETRIES = 10

const config = readConfig(process.env)
const store = await openStore(config)
if (store.engine !== 'postgres') throw new Error('this reference runs on PostgreSQL')
const { deps } = assemble(config, store, pino({ level: 'silent' }), () => process.exit(70))
const types = {
  getTypeParser: ((id: number, format: 'text' | 'binary') =>
    id === 20 ? Number : pg.types.getTypeParser(id, format as 'text')) as typeof pg.types.getTypeParser,
}
const pool = new pg.Pool({ connectionString: config.databaseUrl ?? '', max: POOL, types })
await pool.query('CREATE SEQUENCE IF NOT EXISTS bench_ledger')

type Values = readonly unknown[]
const named = new Map<string, string>()
/** A statement prepared once a connection. */
async function ask<Row extends pg.QueryResultRow>(client: pg.PoolClient, text: string, values: Values): Promise<Row[]> {
  const name = named.get(text) ?? `bench_${named.size}`
  named.set(text, name)
  return (await client.query<Row>({ name, text, values: [...values] })).rows
}

async function loadPerson(client: pg.PoolClient, blind: string): Promise<PersonState | null> {
  const [person] = await ask<Pick<PersonState, 'id' | 'born_on'>>(
    client,
    'SELECT id, born_on FROM person WHERE blind = $1',
    [blind],
  )
  if (!person) return null
  const [record] = await ask<Omit<PersonState, 'id' | 'blind' | 'born_on' | 'holdings'>>(
    client,
    `SELECT id AS record_id, name_blind, household, township, died_on FROM person_record
     WHERE person_id = $1 ORDER BY id DESC LIMIT 1`,
    [person.id],
  )
  if (!record) return null
  const holdings = await ask<PersonState['holdings'][number]>(
    client,
    'SELECT id, category, from_day, held, recorded_at FROM holding WHERE person_id = $1',
    [person.id],
  )
  return { ...person, ...record, blind, holdings }
}

async function load(client: pg.PoolClient, job: SettleJob): Promise<Loaded> {
  const loaded = emptyLoaded({ seq: 0, head: '' }, 0)
  const asked = await ask(client, 'SELECT * FROM request WHERE terminal_id = $1 AND key = $2', [
    job.terminal.id,
    job.key,
  ])
  const bills = await ask(client, 'SELECT settlement_no FROM settlement WHERE hospital_code = $1 AND bill_no = $2', [
    job.terminal.hospital,
    job.bill.bill_no,
  ])
  if (asked.length > 0 || bills.length > 0) throw new Error('every request of the bench is new')
  const person = await loadPerson(client, job.personBlind)
  if (!person) return loaded
  loaded.persons.set(job.personBlind, person)
  const owners = [personOwner(person.id), householdOwner(person.household, person.blind)]
  for (const owner of owners) loaded.counters.set(owner, new Map())
  const counters = await ask<{ owner: string; key: string; value: number }>(
    client,
    'SELECT owner, key, value FROM counter WHERE owner = ANY($1) ORDER BY owner, key FOR UPDATE',
    [owners],
  )
  for (const c of counters) loaded.counters.get(c.owner)?.set(c.key, c.value)
  const [number] = await ask<{ seq: number }>(client, "SELECT nextval('bench_ledger') AS seq", [])
  return { ...loaded, ledger: { seq: (number?.seq ?? 0) - 1, head: '' } }
}

async function insert(client: pg.PoolClient, table: string, row: object, conflict = ''): Promise<void> {
  const columns = Object.keys(row)
  const places = columns.map((_, i) => `$${i + 1}`).join(', ')
  await ask(client, `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places}) ${conflict}`, Object.values(row))
}

async function write(client: pg.PoolClient, writes: Writes): Promise<void> {
  for (const row of writes.settlements) await insert(client, 'settlement', row)
  for (const row of writes.requests) await insert(client, 'request', row)
  for (const row of writes.postings) await insert(client, 'posting', row)
  for (const row of writes.audits) await insert(client, 'audit_record', row)
  for (const [owner, keys] of writes.counters) {
    for (const [key, value] of keys) {
      const conflict = 'ON CONFLICT (owner, key) DO UPDATE SET value = excluded.value'
      await insert(client, 'counter', { owner, key, value }, conflict)
    }
  }
}

async function once(job: SettleJob): Promise<BookingResult> {
  const world = await deps.directory.recent()
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const batch = startBatch(await load(client, job))
    const result = replay(batch, job) ?? bookSettlement(batch, job, world, job.at)
    await write(client, batch.writes)
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}

const RETRY = new Set(['40001', '40P01'])
async function submit(job: Job): Promise<BookingResult> {
  if (job.kind !== 'settle') throw new Error('the bench only settles')
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(job)
    } catch (error) {
      if (!RETRY.has((error as { code?: string }).code ?? '') || attempt === RETRIES) throw error
    }
  }
}

listen(createApp({ ...deps, desk: { ...deps.desk, submit } }), async () => {
  await pool.end()
  await store.close()
})
