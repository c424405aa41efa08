import { parentPort, workerData } from 'node:worker_threads'
import { type CompiledVersion, compileText } from './rules/compile.ts'
import { gatherSchemes } from './rules/in-force.ts'
import type { Booking } from './settlement/booking.ts'
import { type DatedWorld, runOn } from './settlement/desk.ts'
import type { Answered, SentBatch, SentWorld } from './settlement/desk-thread.ts'
import type { StorePlace } from './store/store.ts'

/** The thread in which bills are decided and booked: receives batches, commits them, sends the answers back. */
const port = parentPort
if (!port) throw new Error('this file is the entry of a thread')

/** One for the batch that is committed, one for the next, which the server begins when it lets go of the ledger. */
const CONNECTIONS = { max: 2, idleTimeoutMillis: 0 }

/** Each engine is loaded only where it is used. */
async function openBookingAt(place: StorePlace): Promise<Booking> {
  if ('file' in place) {
    const { sqliteBooking } = await import('./settlement/booking.sqlite.ts')
    const { openSqliteWriter } = await import('./store/sqlite-writer.ts')
    return sqliteBooking(openSqliteWriter(place.file))
  }
  const { postgresBooking } = await import('./settlement/booking.postgres.ts')
  const { openPostgresWriter } = await import('./store/postgres-writer.ts')
  return postgresBooking(openPostgresWriter(place.url, CONNECTIONS))
}

const run = runOn(await openBookingAt(workerData as StorePlace))
const compiled = new Map<string, CompiledVersion>()
let world: DatedWorld | null = null

function receive({ officeSeq, hospitals, terminals, texts }: SentWorld): DatedWorld {
  const versions = texts.map((t) => {
    const version = compiled.get(t.hash) ?? compileText(t.text, `${t.scheme}/${t.version}.yaml`)
    compiled.set(t.hash, version)
    return version
  })
  return { officeSeq, hospitals, terminals, schemes: gatherSchemes(versions) }
}

async function answer({ jobs, world: sent, now, sentAt }: SentBatch): Promise<Answered> {
  try {
    if (sent) world = receive(sent)
    if (!world) throw new Error('a batch before any reference data')
    return { results: await run(jobs, world, () => now + Date.now() - sentAt) }
  } catch (error) {
    const { name, message, code, stack } = error as Error & { code?: string }
    return { error: { name, message, code, stack: stack ?? '' } }
  }
}

// On PostgreSQL one batch may be done before another that began sooner.
port.on('message', (batch: SentBatch) => {
  void answer(batch).then((back) => port.postMessage({ no: batch.no, ...back }))
})
