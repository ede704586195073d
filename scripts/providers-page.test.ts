import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { providersPage, providersPagePath } from './providers-page.ts'

it('docs/providers.md is what the registry says; `npm run providers-page` writes it anew', () => {
  expect(readFileSync(providersPagePath, 'utf8')).toBe(providersPage())
})
