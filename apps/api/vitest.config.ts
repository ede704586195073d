import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    globalSetup: ['test/support/postgres-global-setup.ts', 'test/support/redis-global-setup.ts'],
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // Suites start real servers; on a busy machine that takes its time, and a limit is there to end what hangs.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
