import type { ConformanceTable, StreamCase } from '../conformance/table.ts'
import { deepseek } from './index.ts'

const messages = [{ role: 'user', content: 'hi' }]
const tool = { type: 'function', function: { name: 'get_weather', parameters: { type: 'object' } } }
const oslo = { name: 'get_weather', arguments: { city: 'Oslo' } }

const streams: readonly StreamCase[] = [
  {
    file: 'chat-stream.sse.txt',
    text: 'Two.',
    finishReason: 'stop',
    usage: {
      inputTokens: 48,
      cachedInputTokens: 1152,
      outputTokens: 3,
      reasoningTokens: 0,
      totalTokens: 1203,
    },
  },
  {
    file: 'chat-stream-reasoning.sse.txt',
    text: 'Two.',
    reasoning: 'Simple sum.',
    finishReason: 'stop',
    usage: { inputTokens: 18, cachedInputTokens: 0, outputTokens: 13, reasoningTokens: 12, totalTokens: 43 },
  },
  {
    file: 'chat-stream-tool-call.sse.txt',
    toolCalls: [oslo],
    finishReason: 'tool_calls',
    usage: { inputTokens: 18, cachedInputTokens: 0, outputTokens: 25, reasoningTokens: 0, totalTokens: 43 },
  },
  {
    file: 'chat-stream-insufficient-resource.sse.txt',
    text: 'Tw',
    failsAs: 'overloaded',
    usage: { inputTokens: 18, cachedInputTokens: 0, outputTokens: 1, reasoningTokens: 0, totalTokens: 19 },
  },
  {
    file: 'chat-stream-aborted.sse.txt',
    text: 'Tw',
    failsAs: 'upstream_error',
    usage: { inputTokens: 18, cachedInputTokens: 0, outputTokens: 1, reasoningTokens: 0, totalTokens: 19 },
  },
  { file: 'stream-error-mid.sse.txt', text: 'Tw', failsAs: 'upstream_error' },
]

export const deepseekConformance: ConformanceTable = {
  adapter: deepseek,
  folder: 'deepseek',
  call: { upstreamModel: 'deepseek-flash' },
  requests: [
    {
      keeps: 'the platform’s own fields, and drops OpenAI’s that it does not know',
      body: {
        model: 'm',
        messages,
        stream: true,
        thinking: { type: 'enabled' },
        reasoning_effort: 'xhigh',
        user_id: 'u-1',
        user: 'u',
        n: 1,
        seed: 7,
        parallel_tool_calls: true,
        metadata: { a: 'b' },
        store: true,
        max_completion_tokens: 9000,
      },
      maxOutputTokens: 500,
      sends:
        '{"model":"deepseek-flash","messages":[{"role":"user","content":"hi"}],"stream":true,"thinking":{"type":"enabled"},"reasoning_effort":"xhigh","user_id":"u-1","max_tokens":500,"stream_options":{"include_usage":true}}',
      path: '/chat/completions',
      headers: { authorization: 'Bearer secret-apiKey-0123456789abcdef', accept: 'text/event-stream' },
    },
    {
      keeps: 'instructions as system messages, and texts as strings',
      body: {
        model: 'deepseek-flash',
        messages: [
          { role: 'developer', content: 'be brief' },
          { role: 'user', content: [{ type: 'text', text: 'hi' }] },
        ],
      },
      sends:
        '{"model":"deepseek-flash","messages":[{"role":"system","content":"be brief"},{"role":"user","content":"hi"}]}',
    },
    {
      keeps: 'a schema in words, since the platform has none',
      body: {
        model: 'deepseek-flash',
        messages,
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'sum', schema: { type: 'object', required: ['sum'] } },
        },
      },
      sends:
        '{"model":"deepseek-flash","messages":[{"role":"system","content":"Answer with one JSON object and nothing else. It must match this JSON schema: {\\"type\\":\\"object\\",\\"required\\":[\\"sum\\"]}"},{"role":"user","content":"hi"}],"response_format":{"type":"json_object"}}',
    },
    {
      keeps: 'an effort of none by the switch',
      body: { model: 'deepseek-flash', messages, reasoning_effort: 'none' },
      sends:
        '{"model":"deepseek-flash","messages":[{"role":"user","content":"hi"}],"thinking":{"type":"disabled"}}',
    },
    {
      keeps: 'a tool that must be called, without the thinking nobody asked for',
      body: { model: 'deepseek-flash', messages, tools: [tool], tool_choice: 'required' },
      sends:
        '{"model":"deepseek-flash","messages":[{"role":"user","content":"hi"}],"tools":[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object"}}}],"tool_choice":"required","thinking":{"type":"disabled"}}',
    },
    {
      keeps: 'from pretending that a tool can be forced while thinking',
      body: { model: 'm', messages, tools: [tool], tool_choice: 'required', thinking: { type: 'enabled' } },
      refuses: { kind: 'invalid_request', param: 'tool_choice' },
    },
  ],
  answers: [
    {
      file: 'chat.json',
      text: 'Two.',
      finishReason: 'stop',
      usage: { inputTokens: 18, cachedInputTokens: 0, outputTokens: 3, reasoningTokens: 0, totalTokens: 21 },
      untouched: true,
    },
    {
      file: 'chat-keepalive.txt',
      text: 'Two.',
      finishReason: 'stop',
      usage: { inputTokens: 18, cachedInputTokens: 0, outputTokens: 3, totalTokens: 21 },
      untouched: true,
    },
    {
      file: 'chat-cached.json',
      text: 'Two.',
      finishReason: 'stop',
      usage: { inputTokens: 48, cachedInputTokens: 1152, outputTokens: 3, totalTokens: 1203 },
      untouched: true,
    },
    {
      file: 'chat-reasoning.json',
      text: 'Two.',
      reasoning: 'Simple sum.',
      finishReason: 'stop',
      usage: { inputTokens: 18, cachedInputTokens: 0, outputTokens: 3, reasoningTokens: 12, totalTokens: 33 },
      untouched: true,
    },
    {
      file: 'chat-tool-call.json',
      reasoning: 'I need the weather.',
      toolCalls: [oslo],
      finishReason: 'tool_calls',
      usage: {
        inputTokens: 180,
        cachedInputTokens: 0,
        outputTokens: 22,
        reasoningTokens: 8,
        totalTokens: 210,
      },
      untouched: true,
    },
    { file: 'chat-insufficient-resource.json', failsAs: 'overloaded' },
    ...streams.map((stream) => ({ ...stream, contentType: 'text/event-stream' })),
  ],
  streams,
  errors: [
    { file: 'error-400-content.json', status: 400, kind: 'content_filter' },
    { file: 'error-400-json-word.json', status: 400, kind: 'invalid_request' },
    { file: 'error-400-max-tokens.json', status: 400, kind: 'invalid_request' },
    { file: 'error-400-model.json', status: 400, kind: 'model_not_found' },
    { file: 'error-400-model-old.json', status: 400, kind: 'model_not_found' },
    { file: 'error-400-reasoning-content.json', status: 400, kind: 'invalid_request' },
    { file: 'error-400-response-format.json', status: 400, kind: 'invalid_request' },
    { file: 'error-400-role.json', status: 400, kind: 'invalid_request' },
    { file: 'error-400-too-long.json', status: 400, kind: 'context_length_exceeded' },
    { file: 'error-400-tool-choice.json', status: 400, kind: 'invalid_request' },
    { file: 'error-401-bad-key.json', status: 401, kind: 'invalid_credentials' },
    { file: 'error-402-balance.json', status: 402, kind: 'balance_exhausted', mayMeanFreeQuota: true },
    { file: 'error-422-parameter.json', status: 422, kind: 'invalid_request' },
    { file: 'error-429-concurrency.json', status: 429, kind: 'rate_limited' },
    { file: 'error-500.json', status: 500, kind: 'upstream_error' },
    { file: 'error-503-busy.json', status: 503, kind: 'overloaded' },
  ],
  probe: {
    good: '{"is_available":true,"balance_infos":[]}',
    bad: {
      status: 401,
      body: '{"error":{"message":"Authentication Fails, Your api key: ****abcd is invalid","type":"authentication_error","param":null,"code":"invalid_request_error"}}',
    },
  },
}
