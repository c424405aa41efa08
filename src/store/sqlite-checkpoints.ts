import { Worker } from 'node:worker_threads'

export interface Checkpoints {
  close(): Promise<void>
}

/**
 * Has a thread of its own carry the log into the database file, so that no bill waits for that. Where the thread is
 * away, which `onGone` is told, the commits do it themselves once the log has become long.
 */
export function keepCheckpoints(file: string, onGone: (cause: unknown) => void): Checkpoints {
  const worker = new Worker(new URL('../checkpoint-worker.ts', import.meta.url), {
    workerData: { file },
    resourceLimits: { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 16 },
  })
  let closing = false
  const gone = (cause: unknown) => {
    if (closing) return
    closing = true
    onGone(cause)
  }
  worker.on('error', gone)
  worker.on('exit', gone)
  return {
    async close() {
      closing = true
      await worker.terminate()
    },
  }
}
