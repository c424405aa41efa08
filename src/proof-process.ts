import module from 'node:module'
import type { ProofJob } from './rules/prover.ts'

/** The process of one proof: it is given texts, gives back faults, and ends. */
module.enableCompileCache()
const { proveDraft } = await import('./rules/prove.ts')
process.once('message', ({ text, inForce }: ProofJob) => {
  process.send?.(proveDraft(text, inForce), () => process.exit())
})
