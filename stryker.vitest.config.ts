import { defineConfig } from 'vitest/config'

/** The tests that judge mutants: those beside the code that is mutated, with the long property tests shortened. */
export default defineConfig({
  test: {
    include: ['src/rules/**/*.test.ts', 'src/kernel/money.test.ts', 'src/settlement/decide.test.ts'],
    exclude: ['src/rules/desk.test.ts', '**/node_modules/**'],
    testTimeout: 30_000,
    env: { TZ: 'Asia/Shanghai', MONEY_RUNS: '2000', RULES_RUNS: '200' },
    pool: 'forks',
  },
})
