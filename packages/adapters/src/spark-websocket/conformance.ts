import type { ConformanceTable } from '../conformance/table.ts'
import { sparkWebSocket } from './index.ts'

const answer = { text: '可以试试《三体》。', finishReason: 'stop' }
const usage = { inputTokens: 14, outputTokens: 7, totalTokens: 21 }

/** Streamed or not, the same frames come. */
const conversations = [
  { file: 'ws-chat-stream.ws.jsonl', ...answer, usage },
  { file: 'ws-chat-single-frame.ws.jsonl', ...answer, usage },
  {
    file: 'ws-chat-function-call.ws.jsonl',
    toolCalls: [{ name: 'get_weather', arguments: { location: '合肥' } }],
    finishReason: 'tool_calls',
    usage: { inputTokens: 3, outputTokens: 0, totalTokens: 3 },
  },
  {
    file: 'ws-x1-reasoning.ws.jsonl',
    ...answer,
    reasoning: '先想想读者口味',
    usage: { inputTokens: 14, outputTokens: 19, totalTokens: 33 },
  },
  { file: 'ws-search-plugin.ws.jsonl', text: '根据资料，可以试试《三体》。', finishReason: 'stop', usage },
  // A warning about an answer that stands.
  { file: 'ws-error-10019-after-answer.ws.jsonl', ...answer, usage },
  // Spark knows no `stop`: the reader carries it out.
  {
    file: 'ws-chat-stream.ws.jsonl',
    request: { stop: '试《' },
    text: '可以试',
    finishReason: 'stop',
    usage,
  },
] as const

const failures = [
  { file: 'ws-error-10013-input-audit.ws.jsonl', failsAs: 'content_filter' },
  { file: 'ws-error-10110-busy.ws.jsonl', failsAs: 'overloaded' },
  { file: 'ws-error-10404-domain.ws.jsonl', failsAs: 'model_not_found' },
  { file: 'ws-error-10907-too-long.ws.jsonl', failsAs: 'context_length_exceeded' },
  { file: 'ws-error-11200-noauth.ws.jsonl', failsAs: 'permission_denied' },
  { file: 'ws-error-11201-daily.ws.jsonl', failsAs: 'balance_exhausted' },
  { file: 'ws-error-11202-qps.ws.jsonl', failsAs: 'rate_limited' },
  { file: 'ws-error-11203-concurrency.ws.jsonl', failsAs: 'rate_limited' },
] as const

const outputAudit = 'ws-error-10014-output-audit.ws.jsonl'

export const sparkWebSocketConformance: ConformanceTable = {
  adapter: sparkWebSocket,
  folder: 'spark',
  verifiedAgainst: ['three signature vectors, one of them published by iFlytek (it has no SDK on npm)'],
  call: { upstreamModel: '4.0Ultra' },
  requests: [
    {
      keeps: 'the vendor’s own form of a request',
      body: {
        model: 'smart',
        user: 'user-1',
        messages: [
          { role: 'developer', content: '你是一名图书管理员。' },
          { role: 'user', content: [{ type: 'text', text: '推荐一本科幻小说' }] },
        ],
        temperature: 0.5,
        top_p: 0.9,
        top_k: 4,
        max_completion_tokens: 9,
        seed: 1,
        stop: '完',
        stream: true,
        stream_options: { include_usage: true },
      },
      maxOutputTokens: 1024,
      sends:
        '{"header":{"app_id":"secret-appId-0123456789abcdef","uid":"019b76daa80070008000000000000001"},' +
        '"parameter":{"chat":{"domain":"4.0Ultra","temperature":0.5,"top_k":4,"max_tokens":1024,' +
        '"tools":[{"type":"web_search","web_search":{"enable":false}}]}},' +
        '"payload":{"message":{"text":[{"role":"system","content":"你是一名图书管理员。"},{"role":"user","content":"推荐一本科幻小说"}]}}}',
    },
    {
      keeps: 'functions apart from the search',
      body: {
        model: 'smart',
        messages: [{ role: 'user', content: '合肥天气' }],
        tools: [
          {
            type: 'function',
            function: {
              name: 'get-weather',
              description: '查询天气',
              parameters: { type: 'object', properties: { location: { type: 'string' } } },
            },
          },
        ],
      },
      call: { upstreamModel: 'lite' },
      sends:
        '{"header":{"app_id":"secret-appId-0123456789abcdef","uid":"019b76daa80070008000000000000001"},' +
        '"parameter":{"chat":{"domain":"lite"}},"payload":{"message":{"text":[{"role":"user","content":"合肥天气"}]},' +
        '"functions":{"text":[{"name":"get_weather_19a275db","description":"查询天气",' +
        '"parameters":{"type":"object","properties":{"location":{"type":"string"}},"required":[]}}]}}}',
    },
    {
      keeps: 'the signature of the sheet’s second vector',
      body: { model: 'smart', messages: [{ role: 'user', content: 'x' }] },
      call: {
        credentials: {
          appId: 'fixtureid',
          apiKey: 'apikey0000000000000000000example',
          apiSecret: 'apisecret000000000000000example0',
        },
        nowMs: Date.UTC(2025, 0, 1),
      },
      url:
        'wss://spark-api.xf-yun.com/v4.0/chat?authorization=' +
        'YXBpX2tleT0iYXBpa2V5MDAwMDAwMDAwMDAwMDAwMDAwMGV4YW1wbGUiLCBhbGdvcml0aG09ImhtYWMtc2hhMjU2IiwgaGVhZGVycz0iaG9zdCBkYXRlIHJlcXVlc3QtbGluZSIsIHNpZ25hdHVyZT0iT0VtcnNRNThiU29KaEJLMnMzMEVJTmljTGpka0t1ZUZ4RmRCVXVqVU5Qaz0i' +
        '&date=Wed%2C%2001%20Jan%202025%2000%3A00%3A00%20GMT&host=spark-api.xf-yun.com',
    },
    {
      keeps: 'models without a known path to those who know it',
      body: { model: 'smart', messages: [{ role: 'user', content: 'x' }] },
      call: { upstreamModel: 'generalv2' },
      refuses: { kind: 'model_not_found', param: 'model' },
    },
    {
      keeps: 'pictures away from models that read text only',
      body: {
        model: 'smart',
        messages: [
          { role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://a.test/b.png' } }] },
        ],
      },
      refuses: { kind: 'invalid_request', param: 'messages' },
    },
  ],
  answers: [...conversations, ...failures, { file: outputAudit, failsAs: 'content_filter' }],
  streams: [
    ...conversations,
    ...failures,
    // What was read cannot be taken back: the answer ends as OpenAI's does.
    { file: outputAudit, text: '部分输出', finishReason: 'content_filter' },
  ],
  errors: [
    { file: 'ws-handshake-401.json', status: 401, kind: 'invalid_credentials' },
    { file: 'ws-handshake-403-date.json', status: 403, kind: 'invalid_credentials' },
    {
      file: 'embedding-error-11200.json',
      status: 200,
      kind: 'permission_denied',
      code: '11200',
      mayMeanFreeQuota: true,
    },
  ],
  embeddings: [
    {
      file: 'embedding.json',
      request: { model: 'vectors', input: ['第一段文本'], dimensions: 3, encoding_format: 'base64' },
      sends:
        '{"header":{"app_id":"secret-appId-0123456789abcdef","uid":"019b76daa80070008000000000000001","status":3},' +
        '"parameter":{"emb":{"domain":"para","feature":{"encoding":"utf8","compress":"raw","format":"plain"}}},' +
        '"payload":{"messages":{"encoding":"utf8","compress":"raw","format":"json","status":3,' +
        '"text":"eyJtZXNzYWdlcyI6W3siY29udGVudCI6IuesrOS4gOauteaWh+acrCIsInJvbGUiOiJ1c2VyIn1dfQ=="}}}',
      vectors: 1,
    },
  ],
  probe: {
    good: '\u001e{"header":{"code":0,"message":"Success","sid":"cht","status":2},"payload":{}}\n',
    bad: {
      status: 401,
      body: '{"message":"HMAC signature cannot be verified: fail to retrieve credential"}',
    },
  },
}
