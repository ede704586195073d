import type { ConformanceTable } from '../conformance/table.ts'
import { tokenhub } from './index.ts'

const answer = { text: '可以试试《三体》。', finishReason: 'stop' }

export const tokenhubConformance: ConformanceTable = {
  adapter: tokenhub,
  folder: 'hunyuan',
  call: { upstreamModel: 'hy3-preview' },
  requests: [
    {
      keeps: 'the bytes of a request that is fine but for the model’s name',
      body: '{"model":"smart", "messages":[{"role":"user","content":"\\u4f60好"}],"n":1.0,"x_own":"y"}',
      sends: '{"model":"hy3-preview","messages":[{"role":"user","content":"\\u4f60好"}],"n":1.0,"x_own":"y"}',
      path: '/chat/completions',
      headers: { authorization: 'Bearer secret-apiKey-0123456789abcdef' },
    },
    {
      keeps: 'the question for usage, the bound and the effort in the platform’s words',
      body: {
        model: 'smart',
        messages: [{ role: 'developer', content: 'Be short.' }],
        max_completion_tokens: 9,
        reasoning_effort: 'medium',
        stream: true,
        stream_options: { include_usage: false },
      },
      maxOutputTokens: 256,
      sends:
        '{"model":"hy3-preview","messages":[{"role":"system","content":"Be short."}],"reasoning_effort":"high",' +
        '"stream":true,"stream_options":{"include_usage":true},"max_tokens":256}',
    },
  ],
  answers: [
    {
      file: 'tokenhub-chat.json',
      ...answer,
      reasoning: '用户想要科幻推荐',
      usage: {
        inputTokens: 14,
        cachedInputTokens: 0,
        outputTokens: 7,
        reasoningTokens: 12,
        totalTokens: 33,
      },
      untouched: true,
    },
  ],
  streams: [
    {
      file: 'tokenhub-chat-stream.sse.txt',
      ...answer,
      reasoning: '想一想',
      usage: { inputTokens: 14, outputTokens: 19, totalTokens: 33 },
    },
    { file: 'tokenhub-chat-stream-no-usage.sse.txt', ...answer },
  ],
  errors: [
    { file: 'tokenhub-error-400.json', status: 400, kind: 'invalid_request', code: '400001' },
    {
      file: 'tokenhub-error-400-too-long.json',
      status: 400,
      kind: 'context_length_exceeded',
      code: '400004',
    },
    { file: 'tokenhub-error-401.json', status: 401, kind: 'invalid_credentials', code: '401002' },
    { file: 'tokenhub-error-402-free-quota.json', status: 402, kind: 'free_quota_exhausted', code: '403004' },
    { file: 'tokenhub-error-403-ip.json', status: 403, kind: 'permission_denied', code: '403001' },
    { file: 'tokenhub-error-429-rpm.json', status: 429, kind: 'rate_limited', code: '429001' },
    { file: 'tokenhub-error-451-content.json', status: 451, kind: 'content_filter', code: '451001' },
    { file: 'tokenhub-error-502-upstream.json', status: 502, kind: 'upstream_error', code: '502001' },
  ],
  embeddings: [
    {
      // TokenHub's own answer is not recorded anywhere; it follows OpenAI's, as Hunyuan's does.
      file: 'openai-embedding.json',
      request: { model: 'vectors', input: ['你好'], encoding_format: 'base64' },
      sends: '{"model":"kinfra-text-embedding-0.6b","input":["你好"],"encoding_format":"float"}',
      path: '/embeddings',
      usage: { inputTokens: 5, totalTokens: 5 },
      vectors: 1,
      call: { upstreamModel: 'kinfra-text-embedding-0.6b' },
    },
  ],
}
