import type { ConformanceTable } from '../conformance/table.ts'
import { hunyuanOpenai } from './index.ts'

const usage = { inputTokens: 14, outputTokens: 7, totalTokens: 21 }

export const hunyuanOpenaiConformance: ConformanceTable = {
  adapter: hunyuanOpenai,
  folder: 'hunyuan',
  call: { upstreamModel: 'hunyuan-turbos-latest' },
  requests: [
    {
      keeps: 'the bytes of a request that is fine but for the model’s name',
      body: '{"model":"smart", "messages":[{"role":"user","content":"\\u4f60好"}],"temperature":2.0}',
      sends:
        '{"model":"hunyuan-turbos-latest","messages":[{"role":"user","content":"\\u4f60好"}],"temperature":2.0}',
      path: '/chat/completions',
      headers: { authorization: 'Bearer secret-apiKey-0123456789abcdef' },
    },
    {
      keeps: 'what the endpoint lists, in its ranges',
      body: {
        model: 'smart',
        messages: [
          { role: 'user', content: 'a' },
          { role: 'user', content: 'b' },
        ],
        max_completion_tokens: 9,
        presence_penalty: 1,
        response_format: { type: 'text' },
        seed: 0,
        stop: ['END'],
        stream: true,
      },
      maxOutputTokens: 256,
      sends:
        '{"model":"hunyuan-turbos-latest","messages":[{"role":"user","content":"a\\n\\nb"}],"seed":10000,"stop":["END"],' +
        '"stream":true,"max_tokens":256,"stream_options":{"include_usage":true}}',
    },
    {
      keeps: 'the limit of 40 messages',
      body: {
        model: 'smart',
        messages: Array.from({ length: 41 }, (_, index) => ({
          role: index % 2 === 0 ? 'user' : 'assistant',
          content: 'x',
        })),
      },
      refuses: { kind: 'invalid_request', param: 'messages' },
    },
  ],
  answers: [
    { file: 'openai-chat.json', text: '可以试试《三体》。', finishReason: 'stop', usage, untouched: true },
  ],
  streams: [
    { file: 'openai-chat-stream.sse.txt', text: '可以试试《三体》。', finishReason: 'stop', usage },
    {
      file: 'openai-chat-stream-tool-call.sse.txt',
      toolCalls: [{ name: 'get_weather', arguments: { location: '上海' } }],
      finishReason: 'tool_calls',
      usage: { inputTokens: 6, outputTokens: 20, totalTokens: 26 },
    },
    // The platform includes the stop text in the answer.
    {
      file: 'openai-chat-stream.sse.txt',
      request: { stop: ['》。', '完'] },
      text: '可以试试《三体',
      finishReason: 'stop',
      usage,
    },
  ],
  errors: [
    { file: 'openai-error-400-ratelimit-2003.json', status: 400, kind: 'rate_limited', code: '2003' },
    { file: 'openai-error-401-bad-key.json', status: 401, kind: 'invalid_credentials' },
    { file: 'openai-error-quota.json', status: 400, kind: 'free_quota_exhausted', code: '2001' },
    { file: 'openai-error-content.json', status: 400, kind: 'content_filter', code: '2002' },
    { file: 'openai-error-too-long.json', status: 400, kind: 'context_length_exceeded' },
  ],
  embeddings: [
    {
      file: 'openai-embedding.json',
      request: { model: 'vectors', input: '你好', dimensions: 512, encoding_format: 'base64', user: 'u' },
      sends: '{"model":"hunyuan-embedding","input":"你好"}',
      path: '/embeddings',
      usage: { inputTokens: 5, totalTokens: 5 },
      vectors: 1,
      call: { upstreamModel: 'hunyuan-embedding' },
    },
  ],
}
