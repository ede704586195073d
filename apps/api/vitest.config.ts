import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    globalSetup: ['test/support/postgres-global-setup.ts'],
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
  },
})
