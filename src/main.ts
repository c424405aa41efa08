import module from 'node:module'
import { requireNode } from './node-version.ts'
import { resolveQuickly } from './quick-resolve.ts'

requireNode()
resolveQuickly()
const { directory } = module.enableCompileCache()
// Threads look for it here: one that takes the types out of its code itself holds ten megabytes for that ever after.
if (directory) process.env.NODE_COMPILE_CACHE ??= directory
const { run } = await import('./serve.ts')
await run(process.env)
