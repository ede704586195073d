import { readdirSync } from 'node:fs'
import { adapters } from '@tollgate/adapters'
import { ProviderError } from '@tollgate/adapters/contract'
import { describe, expect, it } from 'vitest'
import { ark } from './ark.ts'
import { baichuan } from './baichuan.ts'
import { deepseek } from './deepseek.ts'
import type { ErrorRow, ErrorTable } from './error-row.ts'
import { hunyuan } from './hunyuan.ts'
import { modelscope } from './modelscope.ts'
import { openaiCompatible } from './openai-compatible.ts'
import { providerFailed, timedOut, type Refused } from './outcomes.ts'
import { qianfan } from './qianfan.ts'
import { spark } from './spark.ts'
import { tongyi } from './tongyi.ts'
import { fixture, refused, whatComesOf, type Told } from './what-comes-of.ts'

const tables: readonly ErrorTable[] = [
  qianfan,
  hunyuan,
  tongyi,
  spark,
  ark,
  baichuan,
  modelscope,
  deepseek,
  openaiCompatible,
]

describe.each(tables)('an error of $provider', ({ provider, rows }) => {
  it.each(rows.map((row) => [nameOf(row), row] as const))('%s', (_name, row) => {
    const told = whatComesOf(row, provider)
    expect(told).toEqual(told.map(() => toldOf(row)))
    expect(told.length).toBeGreaterThan(0)
  })

  it('has a row for every sample of an error, and a sample for every row', () => {
    const files = readdirSync(fixture(provider))
    const named = rows.flatMap(({ sample }) => (typeof sample === 'string' ? [sample] : []))
    expect(files.filter((file) => isOfAnError.test(file) && !named.includes(file))).toEqual([])
    expect(named.filter((file) => !files.includes(file))).toEqual([])
  })
})

it('every protocol has rows', () => {
  const protocols = new Set(tables.flatMap(({ rows }) => rows.map(({ protocol }) => protocol)))
  expect([...protocols].sort()).toEqual(Object.keys(adapters).sort())
})

it.each<[ProviderError['kind'], Refused]>([
  // No connection. The sheet calls it upstream_unreachable; the contract has one code for what the provider did not do.
  ['unreachable', { ...providerFailed, kind: 'unreachable' }],
  // Silence, by our own time limit.
  ['timeout', timedOut],
])('what no platform reports, %s, is told like what one reports', (kind, comesTo) => {
  expect(refused(new ProviderError(kind, { message: 'no answer' }))).toEqual(comesTo)
})

/** Names of samples that hold an error, or an answer that moderation or a fault ended. */
const isOfAnError =
  /error|cut|refus|handshake|unsafe|token-bad|empty-shell|failed|filter|sensitive|audit|nonzero|warning|html/

function toldOf({ arrival, comesTo }: ErrorRow): Told {
  const text = 'afterText' in arrival ? arrival.afterText : ''
  if (text === '') return comesTo
  if ('finishReason' in comesTo) return { ...comesTo, text }
  const { kind, type, code } = comesTo
  return { kind, type, code, text }
}

function nameOf({ protocol, sample, arrival }: ErrorRow): string {
  const what = typeof sample === 'string' ? sample : sample.text
  const statuses = 'statuses' in arrival ? ` ${arrival.statuses.join(', ')}` : ''
  return `${protocol}: ${what}, ${arrival.as}${statuses}`
}
