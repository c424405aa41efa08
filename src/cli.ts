import { requireNode } from './node-version.ts'

requireNode()
process.env.TZ = 'Asia/Shanghai'
const { runCli } = await import('./cli/run.ts')
process.exitCode = await runCli(process.argv.slice(2), process.env, {
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
})
