import { requireNode } from './node-version.ts'

requireNode()
const { run } = await import('./serve.ts')
await run(process.env)
