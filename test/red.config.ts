import { defineConfig } from 'vitest/config'

/** One test that fails, run the way all others are. */
export default defineConfig({
  test: { include: ['test/red.ts'], globalSetup: ['test/postgres.setup.ts'], pool: 'forks' },
})
