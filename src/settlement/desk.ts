import type { Deps } from '../access/act.ts'
import type { Directory, DirectoryKeeper } from '../access/directory.ts'
import type { Terminal } from '../hospitals/hospital.ts'
import type { Instant } from '../kernel/day.ts'
import { refuse } from '../kernel/refusal.ts'
import { groupCommit } from '../store/group.ts'
import { type Batch, replay, startBatch } from './batch.ts'
import { bookNote } from './book-note.ts'
import { bookReversal } from './book-reversal.ts'
import { asPassed, bookSettlement, type World } from './book-settlement.ts'
import type { Booking, BookingResult, Job, Loaded, Stale } from './booking.ts'

/** What the verbs of settlement need beside the common things. */
export interface Desk extends Deps {
  readonly booking: Booking
  readonly directory: DirectoryKeeper
  /** Books a job in the next batch; resolves after COMMIT. */
  readonly submit: (job: Job) => Promise<BookingResult>
  /** Throws once nothing can be booked any more. */
  readonly probe: () => Promise<void>
  /** Ends what the desk has opened itself; the store is its caller's. */
  readonly close: () => Promise<void>
}

/** Reference data as it was after so many staff acts. */
export interface DatedWorld extends World {
  readonly officeSeq: number
  readonly terminals: ReadonlyMap<string, Pick<Terminal, 'revoked'>>
}

/** Runs one batch; where the world is older than the rows, says how old it must be instead, and writes nothing. */
export type RunBatch<W> = (jobs: readonly Job[], world: W) => Promise<readonly BookingResult[] | Stale>

const BATCH = 256
const WAITING = 4096
const STALE_TRIES = 5

function judge(batch: Batch, job: Job, world: DatedWorld, now: Instant): BookingResult {
  // The door knew the terminal from a copy up to a second old; this one is exactly as old as the rows.
  const terminal = world.terminals.get(job.terminal.id)
  const revoked =
    !terminal || terminal.revoked ? refuse('terminal_revoked', `终端 ${job.terminal.id} 的密钥已停用`) : null
  if (revoked && !job.begun && !(job.kind === 'settle' && job.pass)) return revoked
  const before = replay(batch, job)
  if (job.kind === 'settle')
    return before ? asPassed(batch, job, before) : bookSettlement(batch, job, world, now, revoked)
  return before ?? (job.kind === 'note' ? bookNote(batch, job) : bookReversal(batch, job))
}

/** Judges the jobs of a batch in the order they came, each on what the ones before it left. */
function decideBatch(jobs: readonly Job[], loaded: Loaded, world: DatedWorld, now: Instant) {
  if (world.officeSeq !== loaded.officeSeq) return { stale: loaded.officeSeq } satisfies Stale
  const batch = startBatch(loaded)
  return { results: jobs.map((job) => judge(batch, job, world, now)), writes: batch.writes }
}

/** The clock is read when the batch holds the ledger: what waited for that has become later. */
export const runOn =
  (booking: Booking) =>
  (jobs: readonly Job[], world: DatedWorld, now: () => Instant): Promise<readonly BookingResult[] | Stale> =>
    booking.run(jobs, (loaded) => decideBatch(jobs, loaded, world, now()))

/** Does work on reference data exactly as old as the rows it reads: read before them, and found to be of their age. */
export async function untilFresh<R extends object>(
  directory: DirectoryKeeper,
  work: (world: Directory) => Promise<R | Stale>,
): Promise<R> {
  let world = await directory.recent()
  for (let tries = 0; tries < STALE_TRIES; tries++) {
    const result = await work(world)
    if (!('stale' in result)) return result
    world = await directory.at(result.stale)
  }
  throw new Error('reference data changes faster than it can be read')
}

/** One queue, whose batches are decided on reference data exactly as old as the rows they read. */
export function queueFor(directory: DirectoryKeeper, run: RunBatch<Directory>, underWay = 1): Desk['submit'] {
  const decide = (jobs: readonly Job[]) => untilFresh(directory, (world) => run(jobs, world))
  return groupCommit(decide, { batch: BATCH, waiting: WAITING, underWay })
}

/** Opens the desk in the thread of its caller. */
export function openDesk(deps: Deps, booking: Booking, directory: DirectoryKeeper): Desk {
  const run = runOn(booking)
  return {
    ...deps,
    booking,
    directory,
    submit: queueFor(directory, (jobs, world) => run(jobs, world, deps.now)),
    probe: async () => undefined,
    close: async () => undefined,
  }
}
