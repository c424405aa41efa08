import { syncBuiltinESMExports } from 'node:module'
import threads from 'node:worker_threads'

/**
 * Loaded before the service by one test: threads opened from here on are remembered, so that the test can have the
 * booking thread die. In a process of its own the signal SIGUSR2 does it.
 */
export const opened: threads.Worker[] = []
const { Worker } = threads
threads.Worker = class Mortal extends Worker {
  constructor(...given: ConstructorParameters<typeof Worker>) {
    super(...given)
    opened.push(this)
  }
}
syncBuiltinESMExports()
process.on('SIGUSR2', () => {
  for (const thread of opened) void thread.terminate()
})
