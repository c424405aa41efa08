import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from './sources.ts'

test('a run with a failing test ends with a status that says so', () => {
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
  const { TEST_POSTGRES_URL: _, ...env } = process.env
  const run = spawnSync(process.execPath, [vitest, 'run', '--config', 'test/red.config.ts'], { cwd: ROOT, env })
  expect(String(run.stdout)).toContain('1 failed')
  expect(run.status).toBe(1)
}, 60_000)
