import type { ConformanceTable } from '../conformance/table.ts'
import { baichuan } from './index.ts'

const answer = { text: '1加1等于2。', finishReason: 'stop' }
const usage = { inputTokens: 12, outputTokens: 7, totalTokens: 19 }
const toolCall = {
  toolCalls: [{ name: 'get_weather', arguments: { city: '杭州' } }],
  finishReason: 'tool_calls',
  usage: { inputTokens: 120, outputTokens: 15, totalTokens: 135 },
}

export const baichuanConformance: ConformanceTable = {
  adapter: baichuan,
  folder: 'baichuan',
  call: { upstreamModel: 'Baichuan4-Air' },
  requests: [
    {
      keeps: 'the vendor’s own form of a request',
      body:
        '{"model":"smart","messages":[{"role":"user","content":"1加1等于几?"}],"stream":true,"temperature":0.30,"top_p":0.85,' +
        '"tools":[{"type":"web_search","web_search":{"enable":true}}]}',
      maxOutputTokens: 512,
      sends:
        '{"model":"Baichuan4-Air","messages":[{"role":"user","content":"1加1等于几?"}],"stream":true,"temperature":0.30,"top_p":0.85,' +
        '"tools":[{"type":"web_search","web_search":{"enable":true}}],"max_tokens":512}',
      path: '/chat/completions',
      headers: { authorization: 'Bearer secret-apiKey-0123456789abcdef', accept: 'text/event-stream' },
    },
    {
      keeps: 'the ranges, and nothing undocumented',
      body: {
        model: 'smart',
        messages: [{ role: 'developer', content: 'Be short.' }],
        temperature: 1.5,
        top_p: 1,
        max_completion_tokens: 9,
        stop: ['x'],
        stream: true,
        stream_options: { include_usage: true },
        user: 'u',
      },
      maxOutputTokens: 8192,
      sends:
        '{"model":"Baichuan4-Air","messages":[{"role":"system","content":"Be short."}],"temperature":1,"top_p":0.99,' +
        '"stream":true,"max_tokens":2048}',
    },
  ],
  answers: [
    { file: 'chat.json', ...answer, usage, untouched: true },
    {
      file: 'chat-knowledge.json',
      text: '保修期是两年。',
      finishReason: 'stop',
      usage: { inputTokens: 310, outputTokens: 8, totalTokens: 318 },
      untouched: true,
    },
    { file: 'chat-tool-call.json', ...toolCall },
  ],
  streams: [
    { file: 'chat-stream.sse.txt', ...answer, usage },
    { file: 'chat-stream-no-done.sse.txt', ...answer, usage },
    { file: 'chat-stream-tool-call.sse.txt', ...toolCall },
    {
      file: 'chat-stream-reasoning.sse.txt',
      text: '建议就医。',
      reasoning: '先看症状。',
      finishReason: 'stop',
      usage: { inputTokens: 40, outputTokens: 18, totalTokens: 58 },
    },
    {
      file: 'chat-stream-content-filter.sse.txt',
      text: '这个',
      finishReason: 'content_filter',
      usage: { inputTokens: 12, outputTokens: 2, totalTokens: 14 },
    },
    { file: 'stream-error-mid.sse.txt', text: '从前', failsAs: 'upstream_error' },
  ],
  errors: [
    { file: 'error-400-parameter.json', status: 400, kind: 'invalid_request' },
    { file: 'error-400-too-long.json', status: 400, kind: 'context_length_exceeded' },
    { file: 'error-401-authentication.json', status: 401, kind: 'invalid_credentials' },
    { file: 'error-401-bad-key.json', status: 401, kind: 'invalid_credentials' },
    { file: 'error-429-balance.json', status: 429, kind: 'balance_exhausted', code: 'insufficient_quota' },
    { file: 'error-429-rate.json', status: 429, kind: 'rate_limited', code: 'rate_limit_reached' },
    { file: 'error-500.json', status: 500, kind: 'upstream_error' },
  ],
  embeddings: [
    {
      file: 'embedding.json',
      request: { model: 'vectors', input: ['春天来了', '秋风起'], encoding_format: 'base64', dimensions: 64 },
      sends: '{"model":"Baichuan-Text-Embedding","input":["春天来了","秋风起"]}',
      path: '/embeddings',
      usage: { inputTokens: 9, totalTokens: 9 },
      vectors: 2,
      call: { upstreamModel: 'Baichuan-Text-Embedding' },
    },
  ],
}
