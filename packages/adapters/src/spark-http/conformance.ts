import type { ConformanceTable } from '../conformance/table.ts'
import { sparkHttp } from './index.ts'

const answer = { text: '可以试试《三体》。', finishReason: 'stop' }
const usage = { inputTokens: 14, outputTokens: 7, totalTokens: 21 }
const toolCall = {
  toolCalls: [{ name: 'get_weather', arguments: { location: '合肥' } }],
  finishReason: 'tool_calls',
  usage: { inputTokens: 8, outputTokens: 0, totalTokens: 8 },
}

export const sparkHttpConformance: ConformanceTable = {
  adapter: sparkHttp,
  folder: 'spark',
  call: { upstreamModel: '4.0Ultra' },
  requests: [
    {
      keeps: 'the vendor’s own form of a request',
      body: {
        model: 'smart',
        user: 'user-1',
        messages: [
          { role: 'developer', content: '你是一名图书管理员。' },
          { role: 'user', content: '推荐一本科幻小说' },
        ],
        temperature: 0.5,
        top_k: 4,
        max_completion_tokens: 9,
        seed: 1,
        stop: '完',
        stream: true,
        stream_options: { include_usage: true },
      },
      maxOutputTokens: 1024,
      sends:
        '{"model":"4.0Ultra","user":"user-1","messages":[{"role":"system","content":"你是一名图书管理员。"},{"role":"user","content":"推荐一本科幻小说"}],' +
        '"temperature":0.5,"top_k":4,"stream":true,"max_tokens":1024,' +
        '"tools":[{"type":"web_search","web_search":{"enable":false}}],"tool_calls_switch":true}',
      path: '/chat/completions',
      headers: { authorization: 'Bearer secret-apiPassword-0123456789abcdef', accept: 'text/event-stream' },
    },
    {
      keeps: 'the bytes of what Lite takes as it is',
      body: '{"model":"smart","messages":[{"role":"user","content":"\\u4f60好"}],"temperature":1.50}',
      call: { upstreamModel: 'lite' },
      sends:
        '{"model":"lite","messages":[{"role":"user","content":"\\u4f60好"}],"temperature":1.50,"tool_calls_switch":true}',
    },
    {
      keeps: 'function names that Spark can spell',
      body: {
        model: 'smart',
        messages: [{ role: 'user', content: 'x' }],
        tools: [{ type: 'function', function: { name: 'get-weather' } }],
        tool_choice: { type: 'function', function: { name: 'get-weather' } },
      },
      sends:
        '{"model":"4.0Ultra","messages":[{"role":"user","content":"x"}],' +
        '"tools":[{"type":"function","function":{"name":"get_weather_19a275db"}},{"type":"web_search","web_search":{"enable":false}}],' +
        '"tool_choice":{"type":"function","function":{"name":"get_weather_19a275db"}},"tool_calls_switch":true}',
    },
  ],
  answers: [
    { file: 'http-chat.json', ...answer, usage },
    { file: 'http-chat-tool-call-object.json', ...toolCall },
    { file: 'http-chat-tool-call-array.json', ...toolCall },
    { file: 'http-200-nonzero-code.json', failsAs: 'content_filter' },
  ],
  streams: [
    { file: 'http-chat-stream.sse.txt', ...answer, usage },
    { file: 'http-chat-stream-tool-call-object.sse.txt', ...toolCall },
    { file: 'http-chat-stream-tool-call-array.sse.txt', ...toolCall },
    {
      file: 'http-x1-stream-reasoning.sse.txt',
      ...answer,
      reasoning: '先想想',
      usage: { inputTokens: 14, outputTokens: 19, totalTokens: 33 },
    },
    {
      file: 'http-chat-stream-search.sse.txt',
      ...answer,
      usage: { inputTokens: 914, outputTokens: 7, totalTokens: 921 },
    },
    { file: 'http-chat-stream-output-audit.sse.txt', text: '从前', finishReason: 'content_filter' },
    { file: 'http-chat-stream-warning.sse.txt', ...answer, usage },
    // Spark knows no `stop`: the reader carries it out.
    {
      file: 'http-chat-stream.sse.txt',
      request: { stop: '试《' },
      text: '可以试',
      finishReason: 'stop',
      usage,
    },
  ],
  errors: [
    { file: 'http-error-401-invalid-user.json', status: 401, kind: 'invalid_credentials' },
    { file: 'http-error-unauthorized-gateway.json', status: 401, kind: 'invalid_credentials' },
    { file: 'http-error-10013-audit.json', status: 400, kind: 'content_filter', code: '10013' },
    { file: 'http-error-10907-too-long.json', status: 500, kind: 'context_length_exceeded', code: '10907' },
    { file: 'http-error-11200-noauth.json', status: 500, kind: 'permission_denied', code: '11200' },
    // 2026-01-01 00:00 UTC is 08:00 in Beijing, whose day ends 16 hours later.
    {
      file: 'http-error-11201-daily.json',
      status: 403,
      kind: 'balance_exhausted',
      code: '11201',
      retryAfterMs: 57_600_000,
    },
    { file: 'http-error-11202-qps.json', status: 500, kind: 'rate_limited', code: '11202' },
  ],
}
