import { enableCompileCache } from 'node:module'
import { requireNode } from './node-version.ts'

requireNode()
enableCompileCache()
const { run } = await import('./serve.ts')
await run(process.env)
