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
  /** Comes back with the answer. */
  readonly no: number
  readonly jobs: readonly Job[]
  /** Only when it differs from the one sent before. */
  readonly world: SentWorld | null
  /** The clock of the service when the batch was sent, and the machine's: between them the other thread tells the time. */
  readonly now: Instant
  readonly sentAt: Instant
}

/** What callers tell errors apart by, and where it happened. */
interface SentError {
  readonly name: string
  readonly message: string
  readonly code: string | undefined
  readonly stack: string
}

export type Answered = { readonly results: readonly BookingResult[] | Stale } | { readonly error: SentError }
export type SentBack = Answered & { readonly no: number }

/** An error that crossed from the other thread. */
function revive({ name, message, code, stack }: SentError): Error {
  if (name === OutcomeUnknown.name) return Object.assign(new OutcomeUnknown(message), { stack })
  return Object.assign(new Error(message), { name, code, stack })
}

/** One batch being committed, and the next one at hand when it is. */
const UNDER_WAY = 2

/**
 * Opens the desk with its connections in a thread of its own (`desk-worker.ts`): while that one decides and
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
    // A server's rows come as text, all those of a batch at once.
    resourceLimits: {
      maxYoungGenerationSizeMb: 16,
      maxOldGenerationSizeMb: deps.store.engine === 'sqlite' ? 128 : 192,
    },
  })
  let sent = -1
  let made = 0
  /** Batches under way, by number. */
  const waiting = new Map<number, { resolve: (back: SentBack) => void; reject: (error: Error) => void }>()
  let closing = false
  const assertRunning = () => {
    if (closing) throw new OutcomeUnknown('the booking thread has ended')
  }
  worker.on('message', (back: SentBack) => {
    waiting.get(back.no)?.resolve(back)
    waiting.delete(back.no)
  })
  const gone = (cause: unknown) => {
    if (closing) return
    closing = true
    for (const batch of waiting.values()) batch.reject(new OutcomeUnknown('the booking thread ended', { cause }))
    onGone(cause)
  }
  worker.on('error', gone)
  worker.on('exit', gone)

  const run: RunBatch<Directory> = async (jobs, world) => {
    assertRunning()
    const { officeSeq, hospitals, terminals, texts } = world
    const sentWorld = officeSeq === sent ? null : { officeSeq, hospitals, terminals, texts }
    const batch: SentBatch = { no: ++made, jobs, world: sentWorld, now: deps.now(), sentAt: clock() }
    const back = await new Promise<SentBack>((resolve, reject) => {
      // What cannot be sent must not be waited for.
      worker.postMessage(batch)
      waiting.set(batch.no, { resolve, reject })
      sent = officeSeq
    })
    if ('results' in back) return back.results
    // It may have been the reference data that was not understood: it goes along again.
    sent = -1
    throw revive(back.error)
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
