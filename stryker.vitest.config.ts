import { defineConfig } from 'vitest/config'

/**
 * The tests that judge mutants: those beside the code that is mutated, with the long property tests shortened. What
 * proves rules in a process of its own would see none of them.
 */
export default defineConfig({
  test: {
    include: ['src/rules/**/*.test.ts', 'src/kernel/money.test.ts', 'src/settlement/decide.test.ts'],
    exclude: ['src/rules/{desk,codes-desk,prover}.test.ts', '**/node_modules/**'],
    testTimeout: 30_000,
    env: { TZ: 'Asia/Shanghai', MONEY_RUNS: '2000', RULES_RUNS: '200' },
    pool: 'forks',
  },
})
