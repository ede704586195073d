import { expect, it } from 'vitest'
import type { Call } from '../contract/index.ts'
import { cutStops } from './cut-stops.ts'
import { openAiChat } from './openai-chat.ts'

const call: Call = {
  credentials: {},
  baseUrl: 'http://upstream.test/v1',
  options: {},
  upstreamModel: 'm',
  requestId: 'r1',
  nowMs: 0,
}
const chat = cutStops(openAiChat({ errors: [], maxTokens: () => 'max_tokens' }))

it('refuses more stop texts than anybody means', () => {
  const sent = (count: number) => {
    const body = {
      model: 'm',
      messages: [],
      stop: Array.from({ length: count }, (_, index) => `stop ${index}`),
    }
    const raw = Buffer.from(JSON.stringify(body))
    return chat.request({ body, raw, stream: true, maxOutputTokens: undefined }, call)
  }
  expect(sent(64)).toHaveProperty('transport', 'http')
  expect(sent(65)).toMatchObject({ ok: false, error: { kind: 'invalid_request', param: 'stop' } })
})
