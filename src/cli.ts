import { requireNode } from './node-version.ts'
import { resolveQuickly } from './quick-resolve.ts'

requireNode()
resolveQuickly()
process.env.TZ = 'Asia/Shanghai'
const { runCli } = await import('./cli/run.ts')
process.exitCode = await runCli(process.argv.slice(2), process.env, {
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
})
