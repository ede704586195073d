import type { ConformanceTable, Meaning, StreamCase } from '../conformance/table.ts'
import { tongyiNative } from './index.ts'

const messages = [{ role: 'user', content: 'hi' }]
const tool = { type: 'function', function: { name: 'get_weather', parameters: { type: 'object' } } }
const weatherIn = (city: string) => ({ name: 'get_weather', arguments: { city } })
const textPath = '/services/aigc/text-generation/generation'
const multimodalPath = '/services/aigc/multimodal-generation/generation'

const sum: Meaning = { text: '1加1等于2。', finishReason: 'stop' }
const sumWhole: Meaning = {
  ...sum,
  usage: { inputTokens: 24, cachedInputTokens: 0, outputTokens: 7, totalTokens: 31 },
}
const sumStreamed: Meaning = {
  ...sum,
  usage: { inputTokens: 24, cachedInputTokens: 0, outputTokens: 6, totalTokens: 30 },
}
const bridge: Meaning = {
  text: '石桥。',
  finishReason: 'stop',
  usage: { inputTokens: 1247, outputTokens: 3, totalTokens: 1250 },
}
const reasoned: Meaning = { text: '等于2。', reasoning: '用户问加法。', finishReason: 'stop' }
const reasoningUsage = { inputTokens: 16, outputTokens: 7, reasoningTokens: 6, totalTokens: 29 }

const streams: readonly StreamCase[] = [
  { file: 'native-chat-stream.sse.txt', ...sumStreamed },
  { file: 'native-chat-stream-glued.sse.txt', ...sumStreamed },
  { file: 'native-chat-stream-cumulative.sse.txt', ...sumStreamed },
  {
    file: 'native-chat-stream-reasoning.sse.txt',
    text: '等于2。',
    reasoning: '用户问加法',
    finishReason: 'stop',
    usage: reasoningUsage,
  },
  {
    file: 'native-chat-stream-tool-call.sse.txt',
    toolCalls: [weatherIn('杭州'), weatherIn('上海')],
    finishReason: 'tool_calls',
    usage: { inputTokens: 210, cachedInputTokens: 0, outputTokens: 33, totalTokens: 243 },
  },
  { file: 'native-vl-stream.sse.txt', ...bridge },
  { file: 'native-stream-error-first-frame.sse.txt', failsAs: 'invalid_request' },
  {
    file: 'native-stream-error-mid.sse.txt',
    text: '从前有座',
    failsAs: 'content_filter',
    usage: { inputTokens: 24, cachedInputTokens: 0, outputTokens: 4, totalTokens: 28 },
  },
]

export const tongyiNativeConformance: ConformanceTable = {
  adapter: tongyiNative,
  folder: 'tongyi',
  verifiedAgainst: ['recorded wire samples (DashScope has no SDK on npm)'],
  call: { upstreamModel: 'qwen-plus' },
  requests: [
    {
      keeps: 'the vendor’s own form of a request',
      body: {
        model: 'smart',
        messages: [
          { role: 'developer', content: 'Answer briefly.' },
          { role: 'user', content: '1加1等于几?' },
        ],
        stream: true,
        stream_options: { include_usage: true },
        temperature: 0.7,
        top_p: 0.8,
        max_completion_tokens: 9000,
        stop: ['END'],
        enable_search: true,
        user: 'u',
        n: 2,
        logit_bias: {},
        tools: null,
      },
      maxOutputTokens: 256,
      sends:
        '{"model":"qwen-plus","input":{"messages":[{"role":"system","content":"Answer briefly."},{"role":"user","content":"1加1等于几?"}]},' +
        '"parameters":{"temperature":0.7,"top_p":0.8,"stop":["END"],"enable_search":true,"max_tokens":256,"result_format":"message","incremental_output":true}}',
      path: textPath,
      headers: {
        authorization: 'Bearer secret-apiKey-0123456789abcdef',
        accept: 'text/event-stream',
        'x-dashscope-sse': 'enable',
      },
    },
    {
      keeps: 'pictures for models that see',
      body: {
        model: 'm',
        messages: [
          {
            role: 'user',
            content: [
              { type: 'image_url', image_url: { url: 'https://example.test/bridge.jpg', detail: 'high' } },
              { type: 'text', text: '这是什么地方?' },
            ],
          },
        ],
      },
      call: { upstreamModel: 'qwen-vl-plus' },
      sends:
        '{"model":"qwen-vl-plus","input":{"messages":[{"role":"user","content":[{"image":"https://example.test/bridge.jpg"},{"text":"这是什么地方?"}]}]},' +
        '"parameters":{"result_format":"message"}}',
      path: multimodalPath,
    },
    {
      keeps: 'sampling inside DashScope’s ranges',
      body: { model: 'm', messages, temperature: 2, top_p: 1, seed: -1 },
      sends:
        '{"model":"qwen-plus","input":{"messages":[{"role":"user","content":"hi"}]},"parameters":{"temperature":1.99,"top_p":0.999,"seed":2147483647,"result_format":"message"}}',
    },
    {
      keeps: 'open Qwen3 models thinking, by streaming and folding',
      body: { model: 'm', messages },
      call: { upstreamModel: 'qwen3-8b' },
      sends:
        '{"model":"qwen3-8b","input":{"messages":[{"role":"user","content":"hi"}]},"parameters":{"result_format":"message","incremental_output":true}}',
      headers: { accept: 'text/event-stream', 'x-dashscope-sse': 'enable' },
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
        '{"model":"qwen-plus","input":{"messages":[{"role":"user","content":"hi"}]},' +
        '"parameters":{"enable_thinking":true,"thinking_budget":500,"max_tokens":500,"result_format":"message","incremental_output":true}}',
    },
    {
      keeps: 'an effort, said by the switch where a model knows no other',
      body: { model: 'm', messages, reasoning_effort: 'none' },
      call: { upstreamModel: 'qwen3-8b' },
      sends:
        '{"model":"qwen3-8b","input":{"messages":[{"role":"user","content":"hi"}]},"parameters":{"enable_thinking":false,"result_format":"message"}}',
    },
    {
      keeps: 'an effort where a model knows it',
      body: { model: 'm', messages, reasoning_effort: 'none' },
      call: { upstreamModel: 'qwen3.8-max' },
      sends:
        '{"model":"qwen3.8-max","input":{"messages":[{"role":"user","content":[{"text":"hi"}]}]},"parameters":{"reasoning_effort":"none","result_format":"message"}}',
    },
    {
      keeps: 'a required single tool by naming it',
      body: { model: 'm', messages, tools: [tool], tool_choice: 'required' },
      sends:
        '{"model":"qwen-plus","input":{"messages":[{"role":"user","content":"hi"}]},"parameters":{"tools":[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object"}}}],' +
        '"tool_choice":{"type":"function","function":{"name":"get_weather"}},"result_format":"message"}}',
    },
    {
      keeps: 'from pretending that one of several tools can be required',
      body: { model: 'm', messages, tools: [tool, tool], tool_choice: 'required' },
      refuses: { kind: 'invalid_request', param: 'tool_choice' },
    },
    {
      keeps: 'from sending files, which no model reads here',
      body: {
        model: 'm',
        messages: [{ role: 'user', content: [{ type: 'file', file: { file_id: 'file-1' } }] }],
      },
      refuses: { kind: 'invalid_request', param: 'messages' },
    },
    {
      keeps: 'from sending no messages',
      body: { model: 'm', messages: [] },
      refuses: { kind: 'invalid_request', param: 'messages' },
    },
    {
      keeps: 'the workspace and the path of the account',
      body: { model: 'm', messages },
      call: { options: { workspace: 'llm-1', generation: 'multimodal' } },
      headers: { 'x-dashscope-workspace': 'llm-1' },
      path: multimodalPath,
    },
  ],
  beyondBound: [
    { model: 'qwen-plus', body: {}, maxOutputTokens: 500, comesTo: 0 },
    { model: 'qwen-plus', body: { enable_thinking: true }, maxOutputTokens: 500, comesTo: 500 },
    { model: 'qwen-plus', body: { reasoning_effort: 'low' }, maxOutputTokens: 500, comesTo: 500 },
    {
      model: 'qwen-plus',
      body: { enable_thinking: true, thinking_budget: 100 },
      maxOutputTokens: 500,
      comesTo: 100,
    },
    { model: 'qwen-plus', body: { enable_thinking: true }, comesTo: 'unbounded' },
    { model: 'qwen3-8b', body: {}, maxOutputTokens: 500, comesTo: 500 },
    { model: 'qwen3-8b', body: { enable_thinking: false }, maxOutputTokens: 500, comesTo: 0 },
    { model: 'qwen3.5-plus', body: {}, maxOutputTokens: 500, comesTo: 500 },
    { model: 'qwq-plus', body: {}, maxOutputTokens: 500, comesTo: 'unbounded' },
  ],
  answers: [
    { file: 'native-chat.json', ...sumWhole },
    { file: 'native-chat-text-format.json', ...sumWhole },
    { file: 'native-chat-reasoning.json', ...reasoned, usage: { ...reasoningUsage, cachedInputTokens: 0 } },
    {
      file: 'native-chat-search.json',
      text: '今天杭州多云。[ref_1]',
      finishReason: 'stop',
      usage: { inputTokens: 1800, cachedInputTokens: 0, outputTokens: 30, totalTokens: 1830 },
    },
    {
      file: 'native-chat-tool-call.json',
      toolCalls: [weatherIn('杭州')],
      finishReason: 'tool_calls',
      usage: { inputTokens: 214, cachedInputTokens: 0, outputTokens: 18, totalTokens: 232 },
    },
    {
      file: 'native-chat-tool-call-finish-stop.json',
      toolCalls: [weatherIn('杭州')],
      finishReason: 'tool_calls',
      usage: { inputTokens: 214, outputTokens: 8, totalTokens: 222 },
    },
    { file: 'native-vl.json', ...bridge },
    { file: 'native-error-400-content.json', failsAs: 'content_filter' },
    ...streams.map((stream) => ({ ...stream, contentType: 'text/event-stream' })),
  ],
  streams,
  errors: [
    { file: 'native-error-400-arrearage.json', status: 400, kind: 'balance_exhausted', code: 'Arrearage' },
    { file: 'native-error-400-content.json', status: 400, kind: 'content_filter' },
    { file: 'native-error-400-parameter.json', status: 400, kind: 'invalid_request' },
    { file: 'native-error-400-too-long.json', status: 400, kind: 'context_length_exceeded' },
    { file: 'native-error-401-bad-key.json', status: 401, kind: 'invalid_credentials' },
    { file: 'native-error-403-free-tier-only.json', status: 403, kind: 'free_quota_exhausted' },
    { file: 'native-error-404-model.json', status: 404, kind: 'model_not_found' },
    {
      file: 'native-error-429-allocation.json',
      status: 429,
      kind: 'rate_limited',
      code: 'Throttling.AllocationQuota',
    },
    { file: 'native-error-429-burst.json', status: 429, kind: 'rate_limited' },
    {
      file: 'native-error-429-free-allocated.json',
      status: 429,
      kind: 'free_quota_exhausted',
      code: 'Throttling.AllocationQuota',
    },
    { file: 'native-error-429-rate.json', status: 429, kind: 'rate_limited' },
    { file: 'native-error-500-timeout.json', status: 500, kind: 'timeout' },
    { file: 'native-stream-error-first-frame.sse.txt', status: 400, kind: 'invalid_request' },
    { file: 'native-stream-error-mid.sse.txt', status: 400, kind: 'content_filter' },
  ],
  embeddings: [
    {
      file: 'native-embedding.json',
      request: {
        model: 'm',
        input: ['春天来了', '秋风起'],
        text_type: 'document',
        dimensions: 1024,
        encoding_format: 'base64',
        user: 'u',
      },
      call: { upstreamModel: 'text-embedding-v4' },
      sends:
        '{"model":"text-embedding-v4","input":{"texts":["春天来了","秋风起"]},"parameters":{"text_type":"document","dimension":1024}}',
      path: '/services/embeddings/text-embedding/text-embedding',
      usage: { inputTokens: 9, totalTokens: 9 },
      vectors: 2,
    },
  ],
  probe: {
    good: '{"output":{"choices":[{"finish_reason":"length","message":{"role":"assistant","content":"你"}}]},"usage":{"input_tokens":9,"output_tokens":1,"total_tokens":10}}',
    bad: { status: 401, body: '{"code":"InvalidApiKey","message":"Invalid API-key provided."}' },
  },
}
