import { adapters } from '@tollgate/adapters'
import type { Protocol } from '@tollgate/adapters/contract'
import { expect, it } from 'vitest'
import type { OfferingEntry } from '../snapshot/snapshot.ts'
import { needsBound, outputWorstCase, takesBound } from './output-worst-case.ts'

it.each([
  // A bound that covers everything.
  ['openai', 'any', {}, 500, false],
  ['qianfan-v2', 'ernie-x1', { enable_thinking: true }, 500, false],
  // Thinking on top of it, as large as the budget that is sent.
  ['tongyi-compatible', 'qwen-plus', {}, 500, false],
  ['tongyi-compatible', 'qwen-plus', { enable_thinking: true }, 1_000, true],
  ['tongyi-compatible', 'qwen-plus', { enable_thinking: true, thinking_budget: 20 }, 520, false],
  // A budget that is no number bounds nothing, so ours is sent.
  ['tongyi-compatible', 'qwen-plus', { enable_thinking: true, thinking_budget: 'much' }, 1_000, true],
  // Nothing bounds it but the context.
  ['tongyi-compatible', 'deepseek-r1-0528', {}, 60_000, true],
  ['ark', 'doubao-seed-2-0-lite-260428', {}, 500, true],
  ['ark', 'doubao-1-5-pro-32k-250115', {}, 500, false],
] as const)('%s %s %o: an answer bounded by 500 may come to %i', (protocol, model, body, most, needs) => {
  const offering = offeringOf(protocol, model, 60_000)
  expect(outputWorstCase(offering, 500, body)).toBe(most)
  expect(needsBound(offering, body)).toBe(needs)
})

it('takes a large context for one that nobody knows', () => {
  expect(outputWorstCase(offeringOf('tongyi-compatible', 'qwq-plus', undefined), 500, {})).toBe(131_572)
})

it.each([
  ['the model’s own cap', 6_144, 60_000, 6_144],
  ['the context of a model whose cap nobody knows', undefined, 60_000, 60_000],
  ['a large context where that is unknown too', undefined, undefined, 131_572],
  ['the bound where the catalogue’s cap is below it', 300, 60_000, 500],
] as const)('where no bound can be sent, an answer may come to %s', (_name, cap, context, most) => {
  const offering = { ...offeringOf('hunyuan-native', 'hunyuan-lite', context), maxOutputTokens: cap }
  expect(outputWorstCase(offering, 500, { max_tokens: 500 })).toBe(most)
  expect(outputWorstCase(offering, 0, {})).toBe(0)
  expect(takesBound(offering, {})).toBe(false)
  expect(needsBound(offering, {})).toBe(false)
})

it('is nothing for embeddings, whatever the platform says of its chats', () => {
  const offering = offeringOf('ark', 'doubao-embedding', 4_096, { maxTokensName: 'max_tokens' })
  expect(outputWorstCase(offering, 0, {})).toBe(0)
  expect(outputWorstCase(offering, 1, {})).toBe(4_096)
})

function offeringOf(
  protocol: Protocol,
  upstreamModel: string,
  contextTokens: number | undefined,
  options: Readonly<Record<string, string>> = {},
): OfferingEntry {
  const adapter = adapters[protocol]
  return {
    id: 'offering',
    name: upstreamModel,
    account: {
      id: 'account',
      name: 'account',
      provider: adapter.provider,
      adapter,
      baseUrl: 'http://127.0.0.1',
      credentials: {},
      options,
      origin: 'api',
    },
    upstreamModel,
    kind: 'chat',
    contextTokens,
    maxOutputTokens: undefined,
    price: undefined,
    grants: [],
    createdAtMs: 0,
  }
}
