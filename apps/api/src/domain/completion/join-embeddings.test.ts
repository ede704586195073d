import type { EmbeddingAnswer, TokenUsage } from '@tollgate/adapters/contract'
import { describe, expect, it } from 'vitest'
import { joinEmbeddings, splitEmbeddings } from './join-embeddings.ts'

describe('a list of embedding inputs', () => {
  it('is cut where the platform takes fewer at once, and every other field goes along', () => {
    const parts = splitEmbeddings(requestOf(['a', 'b', 'c', 'd', 'e']), 2)
    expect(parts.map((part) => part.body['input'])).toEqual([['a', 'b'], ['c', 'd'], ['e']])
    for (const part of parts) {
      expect(JSON.parse(Buffer.from(part.raw).toString())).toEqual(part.body)
      expect(part.body).toMatchObject({ model: 'm', dimensions: 8 })
    }
  })

  it.each([
    ['fits', ['a', 'b'], 2],
    ['has no limit', ['a', 'b', 'c'], undefined],
    ['is one text', 'abc', 1],
    ['is one text as token ids', [1, 2, 3], 1],
    ['is one input of several parts', [{ type: 'text', text: 'a' }, { type: 'image_url' }], 1],
  ])('goes on untouched where it %s', (_why, input, inputsMax) => {
    const request = requestOf(input)
    expect(splitEmbeddings(request, inputsMax)).toEqual([request])
  })

  it('is answered in its own order, with the usage of all', () => {
    const joined = joinedOf([
      answerOf([0.1, 0.2], { inputTokens: 3, totalTokens: 3 }),
      answerOf([0.3], { inputTokens: 2, totalTokens: 2 }),
    ])
    expect(JSON.parse(String(joined.body))).toEqual({
      object: 'list',
      model: 'm',
      data: [0.1, 0.2, 0.3].map((value, index) => ({ object: 'embedding', index, embedding: [value] })),
      usage: { prompt_tokens: 5, total_tokens: 5 },
    })
    expect(joined.usage).toEqual({ inputTokens: 5, totalTokens: 5 })
  })

  it('has no usage when one exchange told none: half a sum is no figure', () => {
    const joined = joinedOf([
      answerOf([0.1, 0.2], { inputTokens: 3, totalTokens: 3 }),
      answerOf([0.3], undefined),
    ])
    expect(joined.usage).toBeUndefined()
    expect(JSON.parse(String(joined.body))).not.toHaveProperty('usage')
  })

  it.each([
    ['fewer', [0.1], [0.3]],
    ['more', [0.1, 0.2], [0.3, 0.4]],
    ['as many in all, in other parts', [0.1], [0.2, 0.3]],
  ])('is no answer where there are %s vectors: they would stand for other inputs', (_how, first, second) => {
    const answers = [answerOf(first, undefined), answerOf(second, undefined)]
    expect(joinEmbeddings(parts, answers)).toMatchObject({
      ok: false,
      error: { kind: 'upstream_error', concluded: true },
    })
  })
})

const parts = splitEmbeddings(requestOf(['a', 'b', 'c']), 2)

function joinedOf(answers: readonly EmbeddingAnswer[]): EmbeddingAnswer {
  const joined = joinEmbeddings(parts, answers)
  if (!joined.ok) throw joined.error
  return joined
}

function requestOf(input: unknown) {
  const body = { model: 'm', input, dimensions: 8 }
  return { body, raw: Buffer.from(JSON.stringify(body)) }
}

/** As an adapter gives it: one vector of one number for each value. */
function answerOf(values: readonly number[], usage: TokenUsage | undefined): EmbeddingAnswer {
  const data = values.map((value, index) => ({ object: 'embedding', index, embedding: [value] }))
  const told =
    usage === undefined
      ? {}
      : { usage: { prompt_tokens: usage.inputTokens, total_tokens: usage.totalTokens, details: {} } }
  return {
    ok: true,
    body: JSON.stringify({ object: 'list', model: 'm', data, ...told }),
    usage,
    upstreamId: 'id',
  }
}
