import type { ConformanceTable } from '../conformance/table.ts'
import { qianfanV2 } from './index.ts'

const usage = { inputTokens: 14, outputTokens: 7, totalTokens: 21 }
const weather = { name: 'get_weather', arguments: { location: '上海' } }
const rateLimit = { status: 429, kind: 'rate_limited' } as const

export const qianfanConformance: ConformanceTable = {
  adapter: qianfanV2,
  folder: 'qianfan',
  call: { upstreamModel: 'ernie-4.5-turbo-128k' },
  requests: [
    {
      keeps: 'the bytes of a request that is fine but for the model’s name',
      body: '{"model":"smart", "messages":[{"role":"user","content":"\\u4f60好"}],"temperature":0.80}',
      sends:
        '{"model":"ernie-4.5-turbo-128k","messages":[{"role":"user","content":"\\u4f60好"}],"temperature":0.80}',
      path: '/chat/completions',
      headers: {
        authorization: 'Bearer secret-apiKey-0123456789abcdef',
        'content-type': 'application/json',
        accept: 'application/json',
      },
    },
    {
      keeps: 'the vendor’s own form of a request',
      body: {
        model: 'smart',
        messages: [
          { role: 'developer', content: '你是一名图书管理员。' },
          { role: 'user', content: '推荐一本科幻小说' },
        ],
        temperature: 0,
        max_tokens: 9,
        n: 1,
        stop: '完',
        stream: true,
      },
      maxOutputTokens: 256,
      sends:
        '{"model":"ernie-4.5-turbo-128k","messages":[{"role":"system","content":"你是一名图书管理员。"},{"role":"user","content":"推荐一本科幻小说"}],' +
        '"temperature":0.01,"stop":["完"],"stream":true,"max_completion_tokens":256,"stream_options":{"include_usage":true}}',
      headers: { accept: 'text/event-stream' },
    },
    {
      keeps: 'the application that the account names',
      body: { model: 'smart', messages: [] },
      call: { options: { appid: 'app-1' } },
      headers: { appid: 'app-1' },
    },
  ],
  answers: [
    { file: 'v2-chat.json', text: '可以试试《三体》。', finishReason: 'stop', usage, untouched: true },
    {
      file: 'v2-chat-tool-call.json',
      toolCalls: [weather],
      finishReason: 'tool_calls',
      usage: { inputTokens: 42, outputTokens: 18, totalTokens: 60 },
    },
    {
      file: 'v2-chat-content-filter.json',
      text: '这个话题不太适合讨论。',
      finishReason: 'content_filter',
      usage: { inputTokens: 9, outputTokens: 8, totalTokens: 17 },
    },
  ],
  streams: [
    { file: 'v2-chat-stream.sse.txt', text: '可以试试《三体》。', finishReason: 'stop', usage },
    {
      file: 'v2-chat-stream-usage-only-chunk.sse.txt',
      text: '可以试试《三体》。',
      finishReason: 'stop',
      usage,
    },
    {
      file: 'v2-chat-stream-legacy.sse.txt',
      text: '你好！',
      finishReason: 'stop',
      usage: { inputTokens: 2, outputTokens: 2, totalTokens: 4 },
    },
    {
      file: 'v2-chat-stream-tool-call.sse.txt',
      toolCalls: [weather],
      finishReason: 'tool_calls',
      usage: { inputTokens: 42, outputTokens: 18, totalTokens: 60 },
    },
    {
      file: 'v2-chat-stream-reasoning.sse.txt',
      text: '答案是 4',
      reasoning: '先算个位',
      finishReason: 'stop',
      usage: { inputTokens: 6, outputTokens: 8, reasoningTokens: 12, totalTokens: 26 },
    },
  ],
  errors: [
    { file: 'v2-error-400-malformed.json', status: 400, kind: 'invalid_request', code: 'malformed_json' },
    { file: 'v2-error-400-model.json', status: 400, kind: 'permission_denied', code: 'invalid_model' },
    {
      file: 'v2-error-400-too-long.json',
      status: 400,
      kind: 'context_length_exceeded',
      code: 'tokens_too_long',
    },
    {
      file: 'v2-error-401-bad-key.json',
      status: 401,
      kind: 'invalid_credentials',
      code: 'invalid_iam_token',
    },
    { file: 'v2-error-401-appid.json', status: 401, kind: 'invalid_credentials', code: 'invalid_appid' },
    { file: 'v2-error-401-codingplan-key-on-v2.json', status: 401, kind: 'invalid_credentials' },
    { file: 'v2-error-403-system-unsafe.json', status: 403, kind: 'content_filter', code: 'system_unsafe' },
    { file: 'v2-error-429-rpm.json', ...rateLimit, code: 'rpm_rate_limit_exceeded' },
    { file: 'v2-error-429-tpm.json', ...rateLimit, code: 'tpm_rate_limit_exceeded' },
    { file: 'v2-error-429-codingplan-hour.json', status: 429, kind: 'balance_exhausted' },
    { file: 'v2-error-quota-arrears.json', status: 403, kind: 'balance_exhausted', code: 'account_overdue' },
  ],
  embeddings: [
    {
      file: 'v2-embedding.json',
      request: { model: 'vectors', input: ['第一段文本', '第二段文本'], encoding_format: 'float' },
      sends: '{"model":"embedding-v1","input":["第一段文本","第二段文本"]}',
      path: '/embeddings',
      usage: { inputTokens: 9, totalTokens: 9 },
      vectors: 2,
      call: { upstreamModel: 'embedding-v1' },
    },
  ],
}
