import type { ConformanceTable, StreamCase } from '../conformance/table.ts'
import { requestId } from '../conformance/table.ts'
import { ark } from './index.ts'

const signed = { credentials: { accessKeyId: 'AKLT-0123456789', secretAccessKey: 'secret-0123456789' } }
const messages = [{ role: 'user', content: 'hi' }]
const weather = { name: 'get_weather', arguments: { city: '杭州' } }
const plain = { inputTokens: 24, cachedInputTokens: 0, outputTokens: 7, reasoningTokens: 0, totalTokens: 31 }
const tools = {
  inputTokens: 180,
  cachedInputTokens: 0,
  outputTokens: 30,
  reasoningTokens: 0,
  totalTokens: 210,
}
const thought = {
  inputTokens: 24,
  cachedInputTokens: 0,
  outputTokens: 7,
  reasoningTokens: 14,
  totalTokens: 45,
}

const streams: readonly StreamCase[] = [
  { file: 'chat-stream.sse.txt', text: '1加1等于2。', finishReason: 'stop', usage: plain },
  { file: 'chat-stream-no-usage.sse.txt', text: '1加1等于2。', finishReason: 'stop' },
  { file: 'chat-stream-chunk-usage.sse.txt', text: '1加1等于2。', finishReason: 'stop', usage: plain },
  {
    file: 'chat-stream-reasoning.sse.txt',
    text: '1加1等于2。',
    reasoning: '这是基础加法。',
    finishReason: 'stop',
    usage: thought,
  },
  { file: 'chat-stream-tool-call.sse.txt', toolCalls: [weather], finishReason: 'tool_calls', usage: tools },
  {
    file: 'bot-chat-stream.sse.txt',
    text: '今天多云。',
    finishReason: 'stop',
    usage: { inputTokens: 900, outputTokens: 12, totalTokens: 912 },
  },
  { file: 'stream-error-mid.sse.txt', text: '从前有座', failsAs: 'content_filter' },
  { file: 'stream-cut-no-done.sse.txt', text: '从前有座', failsAs: 'upstream_error' },
]

export const arkConformance: ConformanceTable = {
  adapter: ark,
  folder: 'ark',
  verifiedAgainst: [
    '`@volcengine/openapi` 1.36.2 signs `GetApiKey` calls to the simulator; three signature vectors',
  ],
  call: { upstreamModel: 'doubao-seed-2-0-lite-260428' },
  sessions: [
    {
      file: 'getapikey-response.json',
      values: { apiKey: 'fake-temporary-key-0001' },
      expiresAtMs: 1_769_070_600_000,
      call: signed,
    },
    { file: 'getapikey-error.json', status: 401, failsAs: 'invalid_credentials', call: signed },
  ],
  requests: [
    {
      keeps: 'one bound, over reasoning and answer together',
      body: {
        model: 'm',
        messages,
        max_tokens: 900,
        max_completion_tokens: 800,
        thinking: { type: 'disabled' },
      },
      maxOutputTokens: 500,
      sends:
        '{"model":"doubao-seed-2-0-lite-260428","messages":[{"role":"user","content":"hi"}],"max_completion_tokens":500,"thinking":{"type":"disabled"}}',
      path: '/chat/completions',
      headers: { 'x-client-request-id': requestId },
    },
    {
      keeps: 'the bound inside the platform’s range',
      body: { model: 'm', messages, max_tokens: 131072 },
      maxOutputTokens: 131_072,
      sends:
        '{"model":"doubao-seed-2-0-lite-260428","messages":[{"role":"user","content":"hi"}],"max_completion_tokens":65536}',
    },
    {
      keeps: 'the older name for the models before Seed 1.6',
      body: { model: 'm', messages, max_completion_tokens: 800 },
      maxOutputTokens: 500,
      call: { upstreamModel: 'doubao-1-5-pro-32k-250115' },
      sends:
        '{"model":"doubao-1-5-pro-32k-250115","messages":[{"role":"user","content":"hi"}],"max_tokens":500}',
    },
    {
      keeps: 'penalties from models that have none any more',
      body: { model: 'm', messages, presence_penalty: 1, frequency_penalty: 1, n: 1, user: 'u', seed: 7 },
      sends: '{"model":"doubao-seed-2-0-lite-260428","messages":[{"role":"user","content":"hi"}]}',
    },
    {
      keeps: 'penalties where an endpoint id hides the model',
      body: { model: 'm', messages, presence_penalty: 1 },
      call: { upstreamModel: 'ep-20260101000000-abcde' },
      sends:
        '{"model":"ep-20260101000000-abcde","messages":[{"role":"user","content":"hi"}],"presence_penalty":1}',
    },
    {
      keeps: 'null content beside tool calls as an empty text',
      body: {
        model: 'doubao-seed-2-0-lite-260428',
        messages: [...messages, { role: 'assistant', content: null, tool_calls: [] }],
      },
      sends:
        '{"model":"doubao-seed-2-0-lite-260428","messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[]}]}',
    },
    {
      keeps: 'bots on their own path',
      body: { model: 'm', messages },
      call: { upstreamModel: 'bot-20260101000000-abcde' },
      path: '/bots/chat/completions',
    },
  ],
  beyondBound: [
    { model: 'doubao-seed-2-0-lite-260428', body: {}, maxOutputTokens: 500, comesTo: 0 },
    { model: 'doubao-seed-2-0-lite-260428', body: {}, comesTo: 'unbounded' },
    { model: 'doubao-seed-2-0-lite-260428', body: { thinking: { type: 'disabled' } }, comesTo: 0 },
    { model: 'doubao-1-5-pro-32k-250115', body: {}, maxOutputTokens: 500, comesTo: 0 },
    {
      model: 'ep-20260101000000-abcde',
      options: { maxTokensName: 'max_tokens' },
      body: {},
      maxOutputTokens: 500,
      comesTo: 'unbounded',
    },
  ],
  answers: [
    { file: 'chat.json', text: '1加1等于2。', finishReason: 'stop', usage: plain, untouched: true },
    {
      file: 'chat-reasoning.json',
      text: '1加1等于2。',
      reasoning: '这是基础加法。',
      finishReason: 'stop',
      usage: thought,
      untouched: true,
    },
    {
      file: 'chat-tool-call.json',
      toolCalls: [weather],
      finishReason: 'tool_calls',
      usage: tools,
      untouched: true,
    },
    {
      file: 'chat-content-filter.json',
      finishReason: 'content_filter',
      usage: { inputTokens: 24, cachedInputTokens: 0, outputTokens: 3, reasoningTokens: 0, totalTokens: 27 },
    },
  ],
  streams,
  errors: [
    { file: 'error-401-bad-key.json', status: 401, kind: 'invalid_credentials', code: 'AuthenticationError' },
    { file: 'error-401-missing-key.json', status: 401, kind: 'invalid_credentials' },
    { file: 'error-400-too-long.json', status: 400, kind: 'context_length_exceeded' },
    { file: 'error-400-parameter.json', status: 400, kind: 'invalid_request' },
    { file: 'error-400-content-input.json', status: 400, kind: 'content_filter' },
    { file: 'error-400-content-output.json', status: 400, kind: 'content_filter' },
    { file: 'error-400-content-input-empty-type.json', status: 400, kind: 'content_filter' },
    { file: 'error-403-overdue.json', status: 403, kind: 'balance_exhausted' },
    { file: 'error-404-model-not-open.json', status: 404, kind: 'permission_denied' },
    { file: 'error-404-endpoint.json', status: 404, kind: 'model_not_found' },
    { file: 'error-429-tpm.json', status: 429, kind: 'rate_limited' },
    { file: 'error-429-rpm-endpoint.json', status: 429, kind: 'rate_limited' },
    { file: 'error-429-overloaded.json', status: 429, kind: 'overloaded' },
    { file: 'error-429-free-quota-exhausted.json', status: 429, kind: 'free_quota_exhausted' },
    { file: 'error-429-queue-full.json', status: 429, kind: 'rate_limited' },
    // Until 2026-01-15 12:00 UTC.
    {
      file: 'error-429-plan-quota.json',
      status: 429,
      kind: 'balance_exhausted',
      retryAfterMs: 1_252_800_000,
    },
    { file: 'error-429-set-limit.json', status: 429, kind: 'free_quota_exhausted' },
    { file: 'error-500.json', status: 500, kind: 'upstream_error' },
  ],
  embeddings: [
    {
      file: 'embedding.json',
      request: { model: 'm', input: ['春天来了', '秋风起'], user: 'u' },
      call: { upstreamModel: 'ep-20260101000000-abcde' },
      sends: '{"model":"ep-20260101000000-abcde","input":["春天来了","秋风起"]}',
      path: '/embeddings',
      usage: { inputTokens: 9, totalTokens: 9 },
      vectors: 2,
    },
    {
      file: 'embedding-multimodal.json',
      request: { model: 'm', input: '一座石桥' },
      call: { upstreamModel: 'doubao-embedding-vision-251215' },
      sends: '{"model":"doubao-embedding-vision-251215","input":[{"type":"text","text":"一座石桥"}]}',
      path: '/embeddings/multimodal',
      usage: { inputTokens: 528, totalTokens: 528 },
      vectors: 1,
    },
  ],
}
