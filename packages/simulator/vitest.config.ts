import { defineConfig } from 'vitest/config'

// Suites share the machine with others; a promise is broken by a wrong answer, not by a slow one.
export default defineConfig({
  test: { include: ['src/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
})
