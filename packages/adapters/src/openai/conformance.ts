import type { ConformanceTable, ErrorCase, StreamCase } from '../conformance/table.ts'
import { openai } from './index.ts'

const messages = [{ role: 'user', content: 'hi' }]
const oslo = { name: 'get_weather', arguments: { city: 'Oslo' } }
const rome = { name: 'get_weather', arguments: { city: 'Rome' } }

const streams: readonly StreamCase[] = [
  {
    file: 'openai-stream-usage.sse.txt',
    text: 'Two.',
    finishReason: 'stop',
    usage: { inputTokens: 11, outputTokens: 2, totalTokens: 13 },
  },
  { file: 'openai-stream-tool-call.sse.txt', toolCalls: [oslo], finishReason: 'tool_calls' },
  {
    file: '../deepseek/chat-stream-reasoning.sse.txt',
    text: 'Two.',
    reasoning: 'Simple sum.',
    finishReason: 'stop',
    usage: { inputTokens: 18, cachedInputTokens: 0, outputTokens: 13, reasoningTokens: 12, totalTokens: 43 },
  },
  {
    file: '../deepseek/chat-stream-tool-call.sse.txt',
    toolCalls: [oslo],
    finishReason: 'tool_calls',
    usage: { inputTokens: 18, cachedInputTokens: 0, outputTokens: 25, reasoningTokens: 0, totalTokens: 43 },
  },
  {
    file: 'zhipu-stream.sse.txt',
    text: 'Two.',
    finishReason: 'stop',
    usage: { inputTokens: 11, cachedInputTokens: 0, outputTokens: 2, totalTokens: 13 },
  },
  {
    file: 'zhipu-stream-sensitive.sse.txt',
    text: 'Once',
    finishReason: 'content_filter',
    usage: { inputTokens: 11, outputTokens: 1, totalTokens: 12 },
  },
  {
    file: 'moonshot-stream.sse.txt',
    text: 'Two.',
    reasoning: 'Sum. ',
    finishReason: 'stop',
    usage: { inputTokens: 11, cachedInputTokens: 0, outputTokens: 6, totalTokens: 17 },
  },
  {
    file: 'moonshot-stream-toplevel-usage.sse.txt',
    text: 'Two.',
    reasoning: 'Sum. ',
    finishReason: 'stop',
    usage: { inputTokens: 11, outputTokens: 3, reasoningTokens: 3, totalTokens: 17 },
  },
  {
    file: 'siliconflow-stream.sse.txt',
    text: 'Two.',
    finishReason: 'stop',
    usage: { inputTokens: 11, outputTokens: 2, totalTokens: 13 },
  },
  {
    file: 'vllm-stream-continuous-usage.sse.txt',
    text: 'Two.',
    finishReason: 'stop',
    usage: { inputTokens: 11, outputTokens: 2, totalTokens: 13 },
  },
  { file: 'vllm-stream-error-mid.sse.txt', text: 'Two', failsAs: 'upstream_error' },
  { file: 'ollama-stream-tool-call.sse.txt', toolCalls: [oslo, rome], finishReason: 'tool_calls' },
  { file: 'ollama-stream-tool-call-no-index.sse.txt', toolCalls: [oslo], finishReason: 'tool_calls' },
  {
    file: 'llamacpp-stream.sse.txt',
    text: 'Two.',
    finishReason: 'stop',
    usage: { inputTokens: 11, outputTokens: 2, totalTokens: 13 },
  },
  { file: 'odd-no-done.sse.txt', text: 'Two.', finishReason: 'stop' },
  { file: 'odd-crlf-and-no-space.sse.txt', text: 'Two.', finishReason: 'stop' },
  {
    file: 'odd-finish-empty-string.sse.txt',
    text: 'Two.',
    finishReason: 'stop',
    usage: { inputTokens: 11, outputTokens: 2, totalTokens: 13 },
  },
  { file: 'odd-multiline-data.sse.txt', text: 'Two.', finishReason: 'stop' },
  { file: 'odd-200-json-error-on-stream.txt', failsAs: 'upstream_error' },
]

const errors: readonly ErrorCase[] = [
  { file: 'error-401-bad-key.json', status: 401, kind: 'invalid_credentials', code: 'invalid_api_key' },
  {
    file: 'error-429-rate.json',
    status: 429,
    kind: 'rate_limited',
    headers: { 'retry-after': '7' },
    retryAfterMs: 7000,
  },
  {
    file: 'error-429-insufficient-quota.json',
    status: 429,
    kind: 'balance_exhausted',
    code: 'insufficient_quota',
  },
  { file: 'error-400-too-long.json', status: 400, kind: 'context_length_exceeded' },
  { file: 'error-400-content.json', status: 400, kind: 'content_filter' },
  { file: '../deepseek/error-402-balance.json', status: 402, kind: 'balance_exhausted' },
  { file: '../deepseek/error-401-bad-key.json', status: 401, kind: 'invalid_credentials' },
  { file: '../deepseek/error-400-too-long.json', status: 400, kind: 'context_length_exceeded' },
  { file: 'zhipu-error-401-bad-key.json', status: 401, kind: 'invalid_credentials', code: '1002' },
  { file: 'zhipu-error-429-concurrency.json', status: 429, kind: 'rate_limited', code: '1302' },
  { file: 'zhipu-error-429-balance.json', status: 429, kind: 'balance_exhausted', code: '1113' },
  { file: 'zhipu-error-400-content.json', status: 400, kind: 'content_filter', code: '1301' },
  { file: 'zhipu-error-400-too-long.json', status: 400, kind: 'context_length_exceeded', code: '1261' },
  { file: 'moonshot-error-429-quota.json', status: 429, kind: 'balance_exhausted' },
  { file: 'moonshot-error-429-rate.json', status: 429, kind: 'rate_limited', retryAfterMs: 1000 },
  { file: 'moonshot-error-400-content.json', status: 400, kind: 'content_filter' },
  { file: 'siliconflow-error-400.json', status: 400, kind: 'model_not_found', code: '20012' },
  { file: 'siliconflow-error-401.json', status: 401, kind: 'invalid_credentials' },
  { file: 'siliconflow-error-403-balance.json', status: 403, kind: 'balance_exhausted', code: '30001' },
  { file: 'siliconflow-error-429.json', status: 429, kind: 'rate_limited' },
  { file: 'vllm-error-400-too-long.json', status: 400, kind: 'context_length_exceeded', code: '400' },
  { file: 'vllm-error-400-legacy.json', status: 400, kind: 'context_length_exceeded' },
  { file: 'vllm-error-401.json', status: 401, kind: 'invalid_credentials' },
  { file: 'ollama-error-404.json', status: 404, kind: 'model_not_found' },
  { file: 'llamacpp-error-400-too-long.json', status: 400, kind: 'context_length_exceeded' },
  { file: 'llamacpp-error-400-too-long.json', status: 200, kind: 'context_length_exceeded' },
  { file: 'llamacpp-error-503-loading.json', status: 503, kind: 'overloaded' },
  { file: 'odd-html-502.txt', status: 502, kind: 'upstream_error' },
  { file: 'odd-200-json-error-on-stream.txt', status: 200, kind: 'upstream_error' },
]

export const openaiConformance: ConformanceTable = {
  adapter: openai,
  folder: 'openai-compatible',
  requests: [
    {
      keeps: 'the client’s bytes, but for the model’s name',
      body: '{ "messages":[{"role":"user","content":"\\u4f60\\ud83d\\ude00 \\"q\\""}],\n "model" : "public-model", "seed":12345678901234567890, "x_vendor":{"model":"kept"} }',
      sends:
        '{"messages":[{"role":"user","content":"\\u4f60\\ud83d\\ude00 \\"q\\""}],"model":"upstream-model","seed":12345678901234567890, "x_vendor":{"model":"kept"}}',
      path: '/chat/completions',
      headers: { authorization: 'Bearer secret-apiKey-0123456789abcdef', 'content-type': 'application/json' },
    },
    {
      keeps: 'usage asked for in streams, merged with the client’s own options',
      body: { model: 'm', messages, stream: true, stream_options: { include_usage: false, x: 1 } },
      sends:
        '{"model":"upstream-model","messages":[{"role":"user","content":"hi"}],"stream":true,"stream_options":{"include_usage":true,"x":1}}',
      headers: { accept: 'text/event-stream' },
    },
    {
      keeps: 'servers that refuse stream_options from seeing them',
      body: { model: 'm', messages, stream: true, stream_options: { include_usage: true } },
      call: { options: { streamOptions: 'false' } },
      sends: '{"model":"upstream-model","messages":[{"role":"user","content":"hi"}],"stream":true}',
    },
    {
      keeps: 'the reserved bound under one name, whatever the client called it',
      body: { model: 'm', messages, max_completion_tokens: 9000 },
      maxOutputTokens: 500,
      sends: '{"model":"upstream-model","messages":[{"role":"user","content":"hi"}],"max_tokens":500}',
    },
    {
      keeps: 'the name that the account’s option gives the bound',
      body: { model: 'm', max_tokens: 9000, messages },
      maxOutputTokens: 500,
      call: { options: { maxTokensName: 'max_completion_tokens' } },
      sends:
        '{"model":"upstream-model","messages":[{"role":"user","content":"hi"}],"max_completion_tokens":500}',
    },
    {
      keeps: 'requests without a bound free of one',
      body: { model: 'm', messages, max_tokens: null },
      sends: '{"model":"upstream-model","messages":[{"role":"user","content":"hi"}]}',
    },
    {
      keeps: 'developer messages as system ones',
      body: { model: 'm', messages: [{ role: 'developer', content: 'be brief', name: 'n' }, ...messages] },
      sends:
        '{"model":"upstream-model","messages":[{"role":"system","content":"be brief","name":"n"},{"role":"user","content":"hi"}]}',
    },
    {
      keeps: 'developer messages where the server knows them',
      body: { model: 'upstream-model', messages: [{ role: 'developer', content: 'be brief' }] },
      call: { options: { developerRole: 'developer' } },
      sends: '{"model":"upstream-model","messages":[{"role":"developer","content":"be brief"}]}',
    },
    {
      keeps: 'out what the account’s options say, and texts whole',
      body: {
        model: 'm',
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'a' },
              { type: 'text', text: 'b' },
            ],
          },
        ],
        store: true,
        metadata: { a: 1 },
      },
      call: { options: { dropFields: 'store, metadata, model', textParts: 'join' } },
      sends: '{"model":"upstream-model","messages":[{"role":"user","content":"a\\nb"}]}',
    },
    {
      keeps: 'keyless servers free of an authorization header',
      body: { model: 'm', messages },
      call: { credentials: {} },
      headers: { accept: 'application/json' },
    },
  ],
  answers: [
    {
      file: 'openai-chat.json',
      text: 'Two.',
      finishReason: 'stop',
      usage: { inputTokens: 11, cachedInputTokens: 0, outputTokens: 2, reasoningTokens: 0, totalTokens: 13 },
      untouched: true,
    },
    {
      file: '../deepseek/chat-keepalive.txt',
      text: 'Two.',
      finishReason: 'stop',
      usage: { inputTokens: 18, cachedInputTokens: 0, outputTokens: 3, totalTokens: 21 },
      untouched: true,
    },
    { file: 'odd-200-json-error-on-stream.txt', failsAs: 'upstream_error' },
    { file: 'llamacpp-error-400-too-long.json', failsAs: 'context_length_exceeded' },
    { file: 'odd-html-502.txt', contentType: 'text/html', failsAs: 'upstream_error' },
    // A server that streams although it was not asked to.
    ...streams.map((stream) => ({ ...stream, contentType: 'text/event-stream' })),
  ],
  streams,
  errors,
  embeddings: [
    {
      file: 'openai-embedding.json',
      request: { model: 'm', input: [[1, 2, 3]], encoding_format: 'float' },
      sends: '{"model":"upstream-model","input":[[1,2,3]],"encoding_format":"float"}',
      path: '/embeddings',
      usage: { inputTokens: 4, totalTokens: 4 },
      vectors: 1,
    },
  ],
}
