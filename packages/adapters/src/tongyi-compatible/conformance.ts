import type { ConformanceTable, StreamCase } from '../conformance/table.ts'
import { tongyiCompatible } from './index.ts'

const messages = [{ role: 'user', content: 'hi' }]
const tool = { type: 'function', function: { name: 'get_weather', parameters: { type: 'object' } } }
const weather = { name: 'get_weather', arguments: { city: '杭州' } }

const streams: readonly StreamCase[] = [
  {
    file: 'compat-chat-stream.sse.txt',
    text: '1加1等于2。',
    finishReason: 'stop',
    usage: { inputTokens: 24, cachedInputTokens: 0, outputTokens: 7, totalTokens: 31 },
  },
  { file: 'compat-chat-stream-no-usage.sse.txt', text: '1加1等于2。', finishReason: 'stop' },
  {
    file: 'compat-chat-stream-reasoning.sse.txt',
    text: '等于2。',
    reasoning: '用户问加法。',
    finishReason: 'stop',
    usage: { inputTokens: 16, cachedInputTokens: 0, outputTokens: 7, reasoningTokens: 6, totalTokens: 29 },
  },
  {
    file: 'compat-chat-stream-tool-call.sse.txt',
    toolCalls: [weather],
    finishReason: 'tool_calls',
    usage: { inputTokens: 214, cachedInputTokens: 0, outputTokens: 18, totalTokens: 232 },
  },
  { file: 'compat-stream-error-mid.sse.txt', text: '从前', failsAs: 'content_filter' },
  { file: 'compat-stream-error-event.sse.txt', failsAs: 'content_filter' },
]

export const tongyiConformance: ConformanceTable = {
  adapter: tongyiCompatible,
  folder: 'tongyi',
  call: { upstreamModel: 'qwen-plus' },
  requests: [
    {
      keeps: 'vendor extras, and drops what DashScope does not know',
      body: {
        model: 'm',
        messages,
        stream: true,
        enable_search: true,
        user: 'u',
        logit_bias: {},
        seed: 1,
        frequency_penalty: 0,
      },
      sends:
        '{"model":"qwen-plus","messages":[{"role":"user","content":"hi"}],"stream":true,"enable_search":true,"seed":1,"stream_options":{"include_usage":true}}',
      path: '/chat/completions',
    },
    {
      keeps: 'sampling inside DashScope’s ranges',
      body: { model: 'qwen-plus', messages, temperature: 2, top_p: 1 },
      sends:
        '{"model":"qwen-plus","messages":[{"role":"user","content":"hi"}],"temperature":1.99,"top_p":0.999}',
    },
    {
      keeps: 'open Qwen3 models thinking, by streaming and folding',
      body: { model: 'm', messages },
      call: { upstreamModel: 'qwen3-8b' },
      sends:
        '{"model":"qwen3-8b","messages":[{"role":"user","content":"hi"}],"stream":true,"stream_options":{"include_usage":true}}',
      headers: { accept: 'text/event-stream' },
    },
    {
      keeps: 'models that are told not to think unstreamed',
      body: { model: 'm', messages, enable_thinking: false },
      call: { upstreamModel: 'qwen3-8b' },
      sends: '{"model":"qwen3-8b","messages":[{"role":"user","content":"hi"}],"enable_thinking":false}',
    },
    {
      keeps: 'reasoning within the reserved bound',
      body: {
        model: 'm',
        messages,
        enable_thinking: true,
        stream: true,
        thinking_budget: 9000,
        max_tokens: 700,
      },
      maxOutputTokens: 500,
      sends:
        '{"model":"qwen-plus","messages":[{"role":"user","content":"hi"}],"enable_thinking":true,"stream":true,"thinking_budget":500,"max_tokens":500,"stream_options":{"include_usage":true}}',
    },
    {
      keeps: 'a required single tool by naming it',
      body: { model: 'qwen-plus', messages, tools: [tool], tool_choice: 'required' },
      sends:
        '{"model":"qwen-plus","messages":[{"role":"user","content":"hi"}],"tools":[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object"}}}],"tool_choice":{"type":"function","function":{"name":"get_weather"}}}',
    },
    {
      keeps: 'from pretending that one of several tools can be required',
      body: { model: 'qwen-plus', messages, tools: [tool, tool], tool_choice: 'required' },
      refuses: { kind: 'invalid_request', param: 'tool_choice' },
    },
    {
      keeps: 'the workspace of the account',
      body: { model: 'qwen-plus', messages },
      call: { options: { workspace: 'llm-1' } },
      headers: { 'x-dashscope-workspace': 'llm-1' },
    },
  ],
  beyondBound: [
    { model: 'qwen-plus', body: {}, maxOutputTokens: 500, comesTo: 0 },
    { model: 'qwen-plus', body: { enable_thinking: true }, maxOutputTokens: 500, comesTo: 500 },
    {
      model: 'qwen-plus',
      body: { enable_thinking: true, thinking_budget: 100 },
      maxOutputTokens: 500,
      comesTo: 100,
    },
    { model: 'qwen-plus', body: { enable_thinking: true, thinking_budget: 100 }, comesTo: 100 },
    { model: 'qwen-plus', body: { enable_thinking: true }, comesTo: 'unbounded' },
    { model: 'qwen3-8b', body: {}, maxOutputTokens: 500, comesTo: 500 },
    { model: 'qwen3-8b', body: { enable_thinking: false }, maxOutputTokens: 500, comesTo: 0 },
    { model: 'qwen3.5-plus', body: {}, maxOutputTokens: 500, comesTo: 500 },
    { model: 'qwen3.6-flash', body: { enable_thinking: false }, maxOutputTokens: 500, comesTo: 0 },
    { model: 'qwq-plus', body: {}, maxOutputTokens: 500, comesTo: 'unbounded' },
    { model: 'qwen3.8-max', body: { reasoning_effort: 'high' }, maxOutputTokens: 500, comesTo: 'unbounded' },
    { model: 'qwen3.8-max', body: { reasoning_effort: 'none' }, maxOutputTokens: 500, comesTo: 0 },
  ],
  answers: [
    {
      file: 'compat-chat.json',
      text: '1加1等于2。',
      finishReason: 'stop',
      usage: { inputTokens: 24, cachedInputTokens: 0, outputTokens: 7, totalTokens: 31 },
      untouched: true,
    },
    {
      file: 'compat-chat-tool-call.json',
      toolCalls: [weather],
      finishReason: 'tool_calls',
      usage: { inputTokens: 214, cachedInputTokens: 0, outputTokens: 18, totalTokens: 232 },
      untouched: true,
    },
    {
      file: 'compat-chat-reasoning.json',
      text: '等于2。',
      reasoning: '用户问加法。',
      finishReason: 'stop',
      usage: { inputTokens: 16, cachedInputTokens: 0, outputTokens: 7, reasoningTokens: 6, totalTokens: 29 },
      untouched: true,
    },
    ...streams.map((stream) => ({ ...stream, contentType: 'text/event-stream' })),
  ],
  streams,
  errors: [
    { file: 'compat-error-401-bad-key.json', status: 401, kind: 'invalid_credentials' },
    { file: 'compat-error-400-too-long.json', status: 400, kind: 'context_length_exceeded' },
    { file: 'compat-error-400-content.json', status: 400, kind: 'content_filter' },
    { file: 'compat-error-400-thinking.json', status: 400, kind: 'invalid_request' },
    { file: 'compat-error-400-tool-choice.json', status: 400, kind: 'invalid_request' },
    { file: 'compat-error-400-arrearage.json', status: 400, kind: 'balance_exhausted', code: 'Arrearage' },
    { file: 'compat-error-403-free-tier-only.json', status: 403, kind: 'free_quota_exhausted' },
    { file: 'compat-error-404-model.json', status: 404, kind: 'model_not_found' },
    { file: 'compat-error-429-rpm.json', status: 429, kind: 'rate_limited' },
    { file: 'compat-error-429-tpm.json', status: 429, kind: 'rate_limited', code: 'insufficient_quota' },
    { file: 'compat-error-429-free-allocated.json', status: 429, kind: 'free_quota_exhausted' },
    { file: 'compat-error-429-burst.json', status: 429, kind: 'rate_limited' },
    { file: 'compat-error-500.json', status: 500, kind: 'upstream_error' },
    { file: 'compat-stream-error-event.sse.txt', status: 400, kind: 'content_filter' },
  ],
  embeddings: [
    {
      file: 'compat-embedding.json',
      request: { model: 'm', input: ['春天来了', '秋风起'], dimensions: 1024, encoding_format: 'base64' },
      call: { upstreamModel: 'text-embedding-v4' },
      sends:
        '{"model":"text-embedding-v4","input":["春天来了","秋风起"],"dimensions":1024,"encoding_format":"float"}',
      path: '/embeddings',
      usage: { inputTokens: 9, totalTokens: 9 },
      vectors: 2,
    },
  ],
}
