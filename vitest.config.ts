import { defineConfig } from 'vitest/config'

/** Every workspace in one run: `npm test`, or `npx vitest run <part of a file's name>`. */
export default defineConfig({
  test: {
    projects: [
      'apps/api',
      pure('adapters', 'packages/adapters'),
      pure('simulator', 'packages/simulator'),
      pure('dashboard', 'apps/dashboard'),
      pure('scripts', 'scripts'),
    ],
  },
})

/** A workspace whose suites need no database. */
function pure(name: string, root: string) {
  return {
    test: { name, root, include: ['**/*.test.{ts,tsx}'], testTimeout: 60_000, hookTimeout: 60_000 },
  }
}
