import type { ConformanceTable } from '../conformance/table.ts'
import { qianfanV1 } from './index.ts'

const accessToken = '24.fixture0000000000000000000000000000.2592000.1738281600-00000001'
const query = `?access_token=${accessToken}`
const models = '/rpc/2.0/ai_custom/v1/wenxinworkshop'
const answer = { text: '可以试试《三体》。', finishReason: 'stop' }
const usage = { inputTokens: 12, outputTokens: 7, totalTokens: 19 }
const functionCall = {
  reasoning: '用户想知道天气，需要调用工具',
  toolCalls: [{ name: 'get_weather', arguments: { location: '上海' } }],
  finishReason: 'tool_calls',
  usage: { inputTokens: 31, outputTokens: 24, totalTokens: 55 },
}
const user = { role: 'user', content: '推荐一本科幻小说' }

export const qianfanV1Conformance: ConformanceTable = {
  adapter: qianfanV1,
  folder: 'qianfan',
  verifiedAgainst: ['`@baiducloud/qianfan` 0.2.4, Baidu’s SDK, runs against the simulator'],
  call: { upstreamModel: 'ernie-speed-8k', session: { accessToken } },
  requests: [
    {
      // v1-chat-request.json
      keeps: 'the vendor’s own form of a request',
      body: {
        model: 'smart',
        messages: [{ role: 'system', content: '你是一名图书管理员。' }, user],
        temperature: 0.8,
        top_p: 0.8,
        penalty_score: 1,
        max_tokens: 9,
        stop: '完',
        stream: false,
        user: 'fixture-user',
      },
      maxOutputTokens: 256,
      sends:
        '{"messages":[{"role":"user","content":"推荐一本科幻小说"}],"temperature":0.8,"top_p":0.8,"penalty_score":1,' +
        '"stop":["完"],"stream":false,"system":"你是一名图书管理员。","max_output_tokens":256,"user_id":"fixture-user"}',
      path: `${models}/chat/ernie_speed${query}`,
      headers: { 'content-type': 'application/json', accept: 'application/json' },
    },
    {
      keeps: 'functions and their results in V1’s roles',
      body: {
        model: 'smart',
        messages: [
          { role: 'user', content: '上海天气？' },
          {
            role: 'assistant',
            content: null,
            tool_calls: [
              {
                id: 'call_a',
                type: 'function',
                function: { name: 'get_weather', arguments: '{"location":"上海"}' },
              },
            ],
          },
          { role: 'tool', tool_call_id: 'call_a', content: '晴' },
        ],
        tools: [
          {
            type: 'function',
            function: {
              name: 'get_weather',
              description: '查天气',
              parameters: { type: 'object' },
              strict: true,
            },
          },
        ],
        tool_choice: 'auto',
        stream: true,
        stream_options: { include_usage: true },
      },
      call: { upstreamModel: 'ERNIE-4.0-8K' },
      sends:
        '{"messages":[{"role":"user","content":"上海天气？"},' +
        '{"role":"assistant","content":"","function_call":{"name":"get_weather","arguments":"{\\"location\\":\\"上海\\"}"}},' +
        '{"role":"function","name":"get_weather","content":"{\\"result\\":\\"晴\\"}"}],' +
        '"stream":true,"disable_search":true,' +
        '"functions":[{"name":"get_weather","description":"查天气","parameters":{"type":"object"}}]}',
      path: `${models}/chat/completions_pro${query}`,
      headers: { accept: 'text/event-stream' },
    },
    {
      keeps: 'pictures away from models that cannot see',
      body: {
        model: 'smart',
        messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:' } }] }],
      },
      refuses: { kind: 'invalid_request', param: 'messages' },
    },
    {
      keeps: 'an answer from being continued, which V1 refuses',
      body: { model: 'smart', messages: [user, { role: 'assistant', content: '可以' }] },
      refuses: { kind: 'invalid_request', param: 'messages' },
    },
  ],
  beyondBound: [
    { model: 'ernie-speed-8k', body: {}, comesTo: 0 },
    { model: 'ernie-speed-8k', body: {}, maxOutputTokens: 2, comesTo: 0 },
    {
      model: 'ernie-speed-8k',
      body: {},
      maxOutputTokens: 1,
      comesTo: 1,
      sends: { max_output_tokens: 2 },
    },
    { model: 'ERNIE-Bot-turbo', body: {}, maxOutputTokens: 256, comesTo: 'unbounded' },
  ],
  answers: [
    { file: 'v1-chat.json', ...answer, usage },
    { file: 'v1-chat-function-call.json', ...functionCall },
    {
      file: 'v1-chat-search-usage.json',
      text: '今天多云^[1]^。',
      finishReason: 'stop',
      usage: { inputTokens: 3, outputTokens: 9, totalTokens: 1403 },
    },
    {
      file: 'v1-chat-unsafe.json',
      text: '这个问题我无法回答，我们换个话题吧。',
      finishReason: 'content_filter',
      usage: { inputTokens: 8, outputTokens: 11, totalTokens: 19 },
    },
    { file: 'v1-error-18-qps.json', failsAs: 'rate_limited' },
    { file: 'v1-error-110-token-invalid.json', failsAs: 'invalid_credentials' },
  ],
  streams: [
    { file: 'v1-chat-stream.sse.txt', ...answer, usage },
    { file: 'v1-chat-stream-function-call.sse.txt', ...functionCall },
    { file: 'v1-stream-error-bare-json.txt', failsAs: 'invalid_credentials' },
    // More stop texts than V1 takes: the reader carries them all out.
    {
      file: 'v1-chat-stream.sse.txt',
      request: { stop: ['一', '二', '四', '五', '体》'] },
      text: '可以试试《三',
      finishReason: 'stop',
      usage,
    },
  ],
  errors: [
    { file: 'v1-error-14-iam.json', status: 200, kind: 'invalid_credentials', code: '14' },
    {
      file: 'v1-error-17-daily-or-billing.json',
      status: 200,
      kind: 'balance_exhausted',
      code: '17',
      mayMeanFreeQuota: true,
    },
    { file: 'v1-error-18-qps.json', status: 200, kind: 'rate_limited', code: '18' },
    {
      file: 'v1-error-19-total.json',
      status: 200,
      kind: 'balance_exhausted',
      code: '19',
      mayMeanFreeQuota: true,
    },
    { file: 'v1-error-110-token-invalid.json', status: 200, kind: 'invalid_credentials', code: '110' },
    { file: 'v1-error-111-token-expired.json', status: 200, kind: 'invalid_credentials', code: '111' },
    { file: 'v1-stream-error-bare-json.txt', status: 200, kind: 'invalid_credentials', code: '110' },
    { file: 'v1-error-336003-messages.json', status: 200, kind: 'invalid_request', code: '336003' },
    { file: 'v1-error-336100-busy.json', status: 200, kind: 'overloaded', code: '336100' },
    { file: 'v1-error-336103-too-long.json', status: 200, kind: 'context_length_exceeded', code: '336103' },
    {
      file: 'v1-error-336501-rpm.json',
      status: 200,
      kind: 'rate_limited',
      code: '336501',
      retryAfterMs: 1000,
    },
    { file: 'v1-error-336502-tpm.json', status: 200, kind: 'rate_limited', code: '336502' },
  ],
  embeddings: [
    {
      // v1-embedding-request.json
      file: 'v1-embedding.json',
      request: {
        model: 'vectors',
        input: ['第一段文本', '第二段文本'],
        user: 'fixture-user',
        encoding_format: 'float',
      },
      sends: '{"input":["第一段文本","第二段文本"],"user_id":"fixture-user"}',
      path: `${models}/embeddings/bge_large_zh${query}`,
      usage: { inputTokens: 9, totalTokens: 9 },
      vectors: 2,
      call: { upstreamModel: 'bge-large-zh' },
    },
  ],
  sessions: [
    // 2026-01-01 and 30 days.
    { file: 'v1-token-ok.json', values: { accessToken }, expiresAtMs: 1_769_817_600_000 },
    { file: 'v1-token-bad-ak.json', status: 401, failsAs: 'invalid_credentials' },
    { file: 'v1-token-bad-sk.json', status: 401, failsAs: 'invalid_credentials' },
    { file: 'v1-token-bad-sk.json', status: 200, failsAs: 'invalid_credentials' },
  ],
  probe: {
    good: '{"access_token":"24.a","expires_in":2592000}',
    bad: {
      status: 401,
      body: '{"error":"invalid_client","error_description":"Client authentication failed"}',
    },
  },
}
