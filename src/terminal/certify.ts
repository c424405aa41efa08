import { requireNode } from '../node-version.ts'
import { resolveQuickly } from '../quick-resolve.ts'

requireNode()
resolveQuickly()
process.env.TZ = 'Asia/Shanghai'
const { runCertify } = await import('./certify/run.ts')
process.exitCode = await runCertify(
  process.argv.slice(2),
  {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
  },
  Date.now,
)
