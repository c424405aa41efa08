import { workerData } from 'node:worker_threads'
import { assertDurable, connect, LONG_LOG, logOf } from './store/sqlite-writer.ts'
import { isUnavailable } from './store/store.ts'

/** The thread that carries the log into the database file; it holds up neither who writes nor who reads. */
const LOOK_MS = 20
/** So many pages: one that is written with every bill is carried once for all of them. */
const WORTH_IT = 300

const { file } = workerData as { file: string }
const db = connect(file, false)
assertDurable(db)
const log = logOf(db)
function carry(): void {
  const { pages, home } = log.look()
  // A long log is left to the next commit, which alone can leave nothing in it; on a slow disk this thread would always be in its way.
  if (pages < LONG_LOG && pages - home >= WORTH_IT) log.carry()
}

/** A disk that is full, or a file somebody holds, is asked again a moment later: nothing is lost while the log stays. */
function carryIfItCan(): void {
  try {
    carry()
  } catch (error) {
    if (!isUnavailable(error)) throw error
  }
}
setInterval(carryIfItCan, LOOK_MS)
