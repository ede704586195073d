import type { ConformanceTable, StreamCase } from '../conformance/table.ts'
import { modelscope } from './index.ts'

const messages = [{ role: 'user', content: 'hi' }]

const streams: readonly StreamCase[] = [
  {
    file: 'chat-stream.sse.txt',
    text: '1加1等于2。',
    finishReason: 'stop',
    usage: { inputTokens: 14, outputTokens: 7, totalTokens: 21 },
  },
  {
    file: 'chat-stream-reasoning.sse.txt',
    text: '等于2。',
    reasoning: '基础加法。',
    finishReason: 'stop',
    usage: { inputTokens: 14, outputTokens: 7, reasoningTokens: 9, totalTokens: 30 },
  },
  {
    file: 'chat-stream-tool-call.sse.txt',
    toolCalls: [{ name: 'get_weather', arguments: { city: '杭州' } }],
    finishReason: 'tool_calls',
    usage: { inputTokens: 180, outputTokens: 18, totalTokens: 198 },
  },
  { file: 'stream-error-mid.sse.txt', text: '从前', failsAs: 'upstream_error' },
]

export const modelscopeConformance: ConformanceTable = {
  adapter: modelscope,
  folder: 'modelscope',
  call: { upstreamModel: 'Qwen/Qwen3.5-122B-A10B' },
  requests: [
    {
      keeps: 'thinking switches and json mode, and drops OpenAI’s bookkeeping',
      body: {
        model: 'm',
        messages,
        stream: true,
        enable_thinking: false,
        store: true,
        response_format: { type: 'json_object' },
      },
      maxOutputTokens: 50,
      sends:
        '{"model":"Qwen/Qwen3.5-122B-A10B","messages":[{"role":"user","content":"hi"}],"stream":true,"enable_thinking":false,"response_format":{"type":"json_object"},"max_tokens":50,"stream_options":{"include_usage":true}}',
      path: '/chat/completions',
    },
    {
      keeps: 'open Qwen3 models thinking, by streaming and folding',
      body: { model: 'm', messages },
      call: { upstreamModel: 'Qwen/Qwen3-8B' },
      sends:
        '{"model":"Qwen/Qwen3-8B","messages":[{"role":"user","content":"hi"}],"stream":true,"stream_options":{"include_usage":true}}',
    },
  ],
  answers: [
    {
      file: 'chat.json',
      text: '1加1等于2。',
      finishReason: 'stop',
      usage: { inputTokens: 14, outputTokens: 7, totalTokens: 21 },
      untouched: true,
    },
    { file: 'chat-empty-shell.json', failsAs: 'upstream_error' },
    { file: 'error-400-no-provider.json', failsAs: 'model_not_found' },
    ...streams.map((stream) => ({ ...stream, contentType: 'text/event-stream' })),
  ],
  streams,
  errors: [
    { file: 'error-401-bad-token.json', status: 401, kind: 'invalid_credentials' },
    { file: 'error-401-bind-account.json', status: 401, kind: 'permission_denied' },
    // 00:00 UTC is 08:00 in China: sixteen hours are left of the day.
    {
      file: 'error-429-daily-quota.json',
      status: 429,
      kind: 'free_quota_exhausted',
      retryAfterMs: 57_600_000,
    },
    { file: 'error-429-throttle.json', status: 429, kind: 'rate_limited' },
    { file: 'error-429-free-allocated.json', status: 429, kind: 'free_quota_exhausted' },
    { file: 'error-400-no-provider.json', status: 400, kind: 'model_not_found' },
    { file: 'error-400-no-provider-variant.json', status: 429, kind: 'model_not_found' },
    { file: 'error-400-content.json', status: 400, kind: 'content_filter' },
    { file: 'error-400-too-long.json', status: 400, kind: 'context_length_exceeded' },
  ],
  embeddings: [
    {
      file: 'embedding.json',
      request: { model: 'm', input: 'spring' },
      call: { upstreamModel: 'Qwen/Qwen3-Embedding-8B' },
      sends: '{"model":"Qwen/Qwen3-Embedding-8B","input":"spring","encoding_format":"float"}',
      path: '/embeddings',
      usage: { inputTokens: 4, totalTokens: 4 },
      vectors: 1,
    },
  ],
}
