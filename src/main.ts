import module from 'node:module'
import { requireNode } from './node-version.ts'

requireNode()
module.enableCompileCache()
const { run } = await import('./serve.ts')
await run(process.env)
