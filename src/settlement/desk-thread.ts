import { Worker } from 'node:worker_threads'
import type { Deps } from '../access/act.ts'
import type { Directory, DirectoryKeeper } from '../access/directory.ts'
import type { Hospital, Terminal } from '../hospitals/hospital.ts'
import type { Instant } from '../kernel/day.ts'
import type { PublishedText } from '../rules/queries.ts'
import { OutcomeUnknown } from '../store/store.ts'
import type { Booking, BookingResult, Job, Stale } from './booking.ts'
import { type Desk, queueFor, type RunBatch } from './desk.ts'

/** Reference data as it can be sent to another thread; rules go as texts and are compiled there. */
export interface SentWorld {
  readonly officeSeq: number
  readonly hospitals: ReadonlyMap<string, Hospital>
  readonly terminals: ReadonlyMap<string, Terminal>
  readonly texts: readonly PublishedText[]
}

export interface SentBatch {
  readonly jobs: readonly Job[]
  /** Only when it differs from the one sent before. */
  readonly world: SentWorld | null
  /** The clock of the service when the batch was sent, and the machine's: between them the other thread tells the time. */
  readonly now: Instant
  readonly sentAt: Instant
}

export type SentBack =
  | { readonly results: readonly BookingResult[] | Stale }
  | { readonly error: { readonly name: string; readonly message: string; readonly code: string | undefined } }

/** An error that crossed from the other thread keeps what callers tell errors apart by. */
function revive(error: { name: string; message: string; code: string | undefined }): Error {
  if (error.name === OutcomeUnknown.name) return new OutcomeUnknown(error.message)
  return Object.assign(new Error(error.message), { name: error.name, code: error.code })
}

/** One batch being committed, and the next one at hand when it is. */
const UNDER_WAY = 2

/**
 * Opens the desk with its write connection in a thread of its own (`desk-worker.ts`): while that one decides and
 * waits for the disk, this one reads the next requests. A thread that ends unasked leaves the outcome of its batch
 * unknown; `onGone` is told at once, for without it nobody would know before the next bill.
 */
export function openDeskThread(
  deps: Deps,
  booking: Booking,
  directory: DirectoryKeeper,
  onGone: (cause: unknown) => void,
  clock: () => Instant = Date.now,
): Desk {
  const worker = new Worker(new URL('../desk-worker.ts', import.meta.url), {
    workerData: deps.store.place,
    resourceLimits: { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 128 },
  })
  let sent = -1
  /** Batches under way, in the order they were sent: they come back in that order. */
  const waiting: { resolve: (back: SentBack) => void; reject: (error: Error) => void }[] = []
  let closing = false
  const assertRunning = () => {
    if (closing) throw new OutcomeUnknown('the booking thread has ended')
  }
  worker.on('message', (back: SentBack) => waiting.shift()?.resolve(back))
  const gone = (cause: unknown) => {
    if (closing) return
    closing = true
    for (const batch of waiting.splice(0)) batch.reject(new OutcomeUnknown('the booking thread ended', { cause }))
    onGone(cause)
  }
  worker.on('error', gone)
  worker.on('exit', gone)

  const run: RunBatch<Directory> = async (jobs, world) => {
    assertRunning()
    const { officeSeq, hospitals, terminals, texts } = world
    const sentWorld = officeSeq === sent ? null : { officeSeq, hospitals, terminals, texts }
    const batch: SentBatch = { jobs, world: sentWorld, now: deps.now(), sentAt: clock() }
    sent = officeSeq
    const back = await new Promise<SentBack>((resolve, reject) => {
      // What cannot be sent must not be waited for: the next answer would be taken for its own.
      worker.postMessage(batch)
      waiting.push({ resolve, reject })
    })
    if ('error' in back) throw revive(back.error)
    return back.results
  }

  return {
    ...deps,
    booking,
    directory,
    submit: queueFor(directory, run, UNDER_WAY),
    probe: async () => assertRunning(),
    async close() {
      closing = true
      await worker.terminate()
    },
  }
}
