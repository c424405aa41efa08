import { requireNode } from '../node-version.ts'
import { resolveQuickly } from '../quick-resolve.ts'

requireNode()
resolveQuickly()
process.env.TZ = 'Asia/Shanghai'
const { runTerminal } = await import('./run.ts')
process.exitCode = await runTerminal(
  process.argv.slice(2),
  process.env,
  {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
  },
  Date.now,
)
