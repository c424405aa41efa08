import { parentPort, workerData } from 'node:worker_threads'
import type { ProofJob } from './rules/proof-thread.ts'
import { proveDraft } from './rules/prove.ts'

/** The thread of one proof: it is given texts, gives back faults, and ends. */
const port = parentPort
if (!port) throw new Error('this file is the entry of a thread')
const { text, inForce } = workerData as ProofJob
port.postMessage(proveDraft(text, inForce))
