import module from 'node:module'
import { resolveQuickly } from './quick-resolve.ts'
import type { ProofJob } from './rules/prover.ts'

/** The process of one proof: it is given texts, gives back faults, and ends. */
module.enableCompileCache()
resolveQuickly()
const { proveDraft } = await import('./rules/prove.ts')
process.once('message', ({ text, inForce }: ProofJob) => {
  process.send?.(proveDraft(text, inForce), () => process.exit())
})
