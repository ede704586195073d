import type { ConformanceTable } from '../conformance/table.ts'
import { hunyuanNative } from './index.ts'

const answer = { text: '可以试试《三体》。', finishReason: 'stop' }
const usage = { inputTokens: 14, outputTokens: 7, totalTokens: 21 }
const toolCall = {
  text: '准备查询上海天气。',
  toolCalls: [{ name: 'get_weather', arguments: { location: '上海' } }],
  finishReason: 'tool_calls',
  usage: { inputTokens: 6, outputTokens: 20, totalTokens: 26 },
}
const weather = {
  type: 'object',
  properties: { location: { type: 'string' } },
  required: ['location'],
}

export const hunyuanNativeConformance: ConformanceTable = {
  adapter: hunyuanNative,
  folder: 'hunyuan',
  verifiedAgainst: [
    '`tencentcloud-sdk-nodejs-hunyuan` 4.1.188, Tencent’s SDK, runs against the simulator; three signature vectors',
  ],
  call: { upstreamModel: 'hunyuan-turbos-latest' },
  requests: [
    {
      // native-chat-request.json
      keeps: 'the vendor’s own form of a request',
      body: {
        model: 'smart',
        messages: [
          { role: 'developer', content: '你是一名图书管理员。' },
          { role: 'user', content: '推荐一本科幻小说' },
        ],
        temperature: 0.8,
        top_p: 0.8,
        stop: '完',
        seed: 7,
        presence_penalty: 1,
        response_format: { type: 'json_object' },
        n: 1,
        user: 'user-1',
        max_completion_tokens: 9,
      },
      sends:
        '{"Model":"hunyuan-turbos-latest","Messages":[{"Role":"system","Content":"你是一名图书管理员。"},{"Role":"user","Content":"推荐一本科幻小说"}],' +
        '"Stream":false,"Temperature":0.8,"TopP":0.8,"Stop":["完"],"Seed":7}',
      path: '/',
      headers: {
        'content-type': 'application/json',
        'x-tc-action': 'ChatCompletions',
        'x-tc-version': '2023-09-01',
        'x-tc-timestamp': '1767225600',
        'x-tc-token': 'secret-token-0123456789abcdef',
      },
    },
    {
      // native-tools-request.json
      keeps: 'the vendor’s own form of tools, whose schema is text',
      body: {
        model: 'smart',
        messages: [{ role: 'user', content: '上海天气' }],
        tools: [
          {
            type: 'function',
            function: { name: 'get_weather', description: '查询天气', parameters: weather, strict: true },
          },
        ],
        tool_choice: 'auto',
        parallel_tool_calls: true,
        stream: true,
        stream_options: { include_usage: true },
      },
      call: { upstreamModel: 'hunyuan-functioncall' },
      sends:
        '{"Model":"hunyuan-functioncall","Messages":[{"Role":"user","Content":"上海天气"}],"Stream":true,' +
        '"Tools":[{"Type":"function","Function":{"Name":"get_weather","Description":"查询天气",' +
        String.raw`"Parameters":"{\"type\":\"object\",\"properties\":{\"location\":{\"type\":\"string\"}},\"required\":[\"location\"]}"}}],` +
        '"ToolChoice":"auto"}',
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
  beyondBound: [
    { model: 'hunyuan-turbos-latest', body: { max_tokens: 9 }, maxOutputTokens: 9, comesTo: 'model-cap' },
    { model: 'hunyuan-a13b', body: { enable_thinking: false }, comesTo: 'model-cap' },
  ],
  answers: [
    { file: 'native-chat.json', ...answer, usage },
    { file: 'native-chat-tool-call.json', ...toolCall },
    // The platform includes the stop text in the answer.
    {
      file: 'native-chat.json',
      request: { stop: '》。' },
      text: '可以试试《三体',
      finishReason: 'stop',
      usage,
    },
    { file: 'native-error-free-pack.json', failsAs: 'free_quota_exhausted' },
  ],
  streams: [
    { file: 'native-chat-stream.sse.txt', ...answer, usage },
    {
      file: 'native-chat-stream.sse.txt',
      request: { stop: ['》。', '完'] },
      text: '可以试试《三体',
      finishReason: 'stop',
      usage,
    },
    { file: 'native-chat-stream-tool-call.sse.txt', ...toolCall },
    {
      file: 'native-chat-stream-reasoning.sse.txt',
      reasoning: '先算个位',
      text: '4',
      finishReason: 'stop',
      usage: { inputTokens: 14, outputTokens: 6, totalTokens: 20 },
    },
    {
      file: 'native-chat-stream-sensitive.sse.txt',
      text: '部分',
      finishReason: 'content_filter',
      usage: { inputTokens: 14, outputTokens: 1, totalTokens: 15 },
    },
    {
      file: 'native-chat-stream-error-mid.sse.txt',
      text: '部分',
      failsAs: 'timeout',
      usage: { inputTokens: 14, outputTokens: 1, totalTokens: 15 },
    },
  ],
  // All of them come with HTTP 200, to a stream too.
  errors: [
    { file: 'native-error-arrears.json', status: 200, kind: 'balance_exhausted' },
    { file: 'native-error-concurrency.json', status: 200, kind: 'rate_limited', code: 'LimitExceeded' },
    { file: 'native-error-content.json', status: 200, kind: 'content_filter' },
    { file: 'native-error-engine-limit.json', status: 200, kind: 'rate_limited' },
    {
      file: 'native-error-free-pack.json',
      status: 200,
      kind: 'free_quota_exhausted',
      code: 'FailedOperation.FreeResourcePackExhausted',
    },
    { file: 'native-error-model.json', status: 200, kind: 'model_not_found' },
    { file: 'native-error-not-activated.json', status: 200, kind: 'permission_denied' },
    { file: 'native-error-pack.json', status: 200, kind: 'balance_exhausted' },
    { file: 'native-error-param-value.json', status: 200, kind: 'invalid_request' },
    { file: 'native-error-param.json', status: 200, kind: 'invalid_request', code: 'InvalidParameter' },
    { file: 'native-error-requestlimit.json', status: 200, kind: 'rate_limited' },
    { file: 'native-error-secretid.json', status: 200, kind: 'invalid_credentials' },
    { file: 'native-error-signature.json', status: 200, kind: 'invalid_credentials' },
    { file: 'native-error-signature-expire.json', status: 200, kind: 'invalid_credentials' },
  ],
  embeddings: [
    {
      file: 'native-embedding.json',
      request: { model: 'vectors', input: ['第一段文本', '第二段文本'], dimensions: 1024, user: 'u' },
      // native-embedding-request.json
      sends: '{"InputList":["第一段文本","第二段文本"]}',
      path: '/',
      usage: { inputTokens: 9, totalTokens: 9 },
      vectors: 2,
      call: { upstreamModel: 'hunyuan-embedding' },
    },
  ],
  probe: {
    good: '{"Response":{"TokenCount":1,"CharacterCount":2,"Tokens":["hi"],"RequestId":"00000000-0000-4000-8000-000000000007"}}',
    bad: {
      status: 200,
      body: '{"Response":{"Error":{"Code":"AuthFailure.SecretIdNotFound","Message":"The SecretId is not found"}}}',
    },
  },
}
