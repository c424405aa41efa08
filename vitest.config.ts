import { defineConfig } from 'vitest/config'

/** They measure how long their process is busy, or are about the run itself: each has a process of its own, and runs when no other does. */
const APART = [
  'src/clearing/reconcile.test.ts',
  'src/clearing/zip.test.ts',
  'src/register/approve.contract.test.ts',
  'src/rules/prover.test.ts',
  'test/attacks.body.test.ts',
  'test/suite.test.ts',
]

export default defineConfig({
  test: {
    globalSetup: ['test/cache.setup.ts', 'test/postgres.setup.ts'],
    env: { TZ: 'Asia/Shanghai' },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Many tests wait for a process to start or a disk to answer: one more than two cores fills that time.
    maxWorkers: 3,
    projects: [
      // Loading what they import takes most files longer than their tests: a worker loads it once. Whatever a file
      // changes that is common to its process (a clock, a listener, the environment) it must put back.
      {
        extends: true,
        test: {
          name: 'together',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'fixtures/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...APART],
          isolate: false,
          sequence: { groupOrder: 1 },
        },
      },
      { extends: true, test: { name: 'apart', include: APART, maxWorkers: 1 } },
    ],
  },
})
