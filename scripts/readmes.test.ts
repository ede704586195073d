import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { adapters } from '../packages/adapters/src/index.ts'

const protocols = Object.keys(adapters)
const providers = [...new Set(Object.values(adapters).map(({ provider }) => provider))]

it.each([
  ['README.md', [...providers, ...protocols]],
  ['README.zh-CN.md', [...providers, ...protocols]],
  ['packages/simulator/README.md', protocols],
])('%s has a row for everything there is an adapter for', (file, names) => {
  const text = readFileSync(join(import.meta.dirname, '..', file), 'utf8')
  expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([])
})
