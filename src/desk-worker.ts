import { parentPort, workerData } from 'node:worker_threads'
import { type CompiledVersion, compileText } from './rules/compile.ts'
import { gatherSchemes } from './rules/in-force.ts'
import { sqliteBooking } from './settlement/booking.sqlite.ts'
import { type DatedWorld, runOn } from './settlement/desk.ts'
import type { SentBack, SentBatch, SentWorld } from './settlement/desk-thread.ts'
import { openWriter } from './store/sqlite-writer.ts'

/** The thread that owns the write connection: receives batches, decides and commits them, sends the answers back. */
const port = parentPort
if (!port) throw new Error('this file is the entry of a thread')
const { file } = workerData as { file: string }
const run = runOn(sqliteBooking(openWriter(file)))
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

async function answer({ jobs, world: sent, now, sentAt }: SentBatch): Promise<SentBack> {
  try {
    if (sent) world = receive(sent)
    if (!world) throw new Error('a batch before any reference data')
    return { results: await run(jobs, world, () => now + Date.now() - sentAt) }
  } catch (error) {
    const { name, message, code } = error as Error & { code?: string }
    return { error: { name, message, code } }
  }
}

// One after another, for the other side tells the answers apart by their order.
let last: Promise<unknown> = Promise.resolve()
port.on('message', (batch: SentBatch) => {
  last = last.then(() => answer(batch)).then((back) => port.postMessage(back))
})
