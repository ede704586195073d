import fc from 'fast-check'
import type { Call } from '../../src/contract/index.ts'
import type { ConformanceTable } from '../../src/conformance/table.ts'
import { isObject, parseJson, type MutableJson } from '../../src/wire/json.ts'
import { editedJson, jsonEdit, oddObject, oddValue, textOfJson } from './odd-json.ts'

/** A request's text: a good one with up to three odd places, or OpenAI's names with whatever. */
export function oddRequest(good: readonly MutableJson[], names: readonly string[]): fc.Arbitrary<string> {
  const edited = fc
    .tuple(fc.constantFrom(...good), fc.array(jsonEdit(names, depthsAsked), { maxLength: 3 }))
    .map(([body, edits]) => edits.reduce<unknown>(editedJson, body))
  return fc
    .oneof(
      { weight: 3, arbitrary: edited },
      { weight: 1, arbitrary: oddObject(names, oddValue(names, depthsAsked)) },
    )
    .map((body) => textOfJson(body))
    .map((text) => (isObject(parseJson(text)) ? text : `{"input":${text}}`))
}

/** Of a body that nests some thousand levels deep `JSON.stringify` makes no text: whoever parses bodies must refuse it. */
const depthsAsked = [3, 40, 200]

/** The parsed body as the service hands it over; nobody may change it. */
export function frozen<Value>(value: Value): Value {
  const open: unknown[] = [value]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (typeof node !== 'object' || node === null) continue
    Object.freeze(node)
    open.push(...Object.values(node).filter((member) => typeof member === 'object' && member !== null))
  }
  return value
}

/** The account's side of a request: models of its table, options it may have. */
export function oddCall(table: ConformanceTable, call: Call): fc.Arbitrary<Call> {
  const named = [table, ...table.requests, ...(table.embeddings ?? [])].map((one) => one.call?.upstreamModel)
  const models = [
    ...(table.beyondBound ?? []).map(({ model }) => model),
    ...named,
    call.upstreamModel,
    ...oddModels,
  ]
  const options = Object.fromEntries(
    table.adapter.options.map(({ name, values, format }) => [
      name,
      fc.option(
        fc.constantFrom(...(values ?? (format === 'url' ? ['https://other.test'] : ['', 'x', 'a,b']))),
        { nil: undefined },
      ),
    ]),
  )
  return fc
    .record({
      upstreamModel: fc.constantFrom(...models.filter((model) => model !== undefined)),
      options: fc.record(options, { noNullPrototype: true }),
    })
    .map(({ upstreamModel, options: chosen }) => ({ ...call, upstreamModel, options: withoutAbsent(chosen) }))
}

const oddModels = ['', '../../etc', 'a/b?c#d', 'a b', '模型', 'constructor', '__proto__', 'x'.repeat(300)]

function withoutAbsent(options: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(options).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

/** A chat with everything in it that OpenAI's clients send. */
export const fullChat: MutableJson = {
  model: 'public-model',
  messages: [
    { role: 'developer', content: 'Be brief.' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'a' },
        { type: 'image_url', image_url: { url: 'https://x.test/a.png' } },
      ],
      name: 'n',
    },
    { role: 'user', content: '你好' },
    {
      role: 'assistant',
      content: null,
      reasoning_content: 'hm',
      tool_calls: [{ id: 'c1', type: 'function', function: { name: 'get-weather', arguments: '{"a":1}' } }],
    },
    { role: 'tool', tool_call_id: 'c1', content: 'rain' },
    { role: 'assistant', content: 'ok', function_call: { name: 'f', arguments: '{}' } },
    { role: 'function', name: 'f', content: '1' },
  ],
  tools: [
    {
      type: 'function',
      function: {
        name: 'get-weather',
        description: 'd',
        parameters: { type: 'object', properties: { a: { type: 'number' } } },
      },
    },
  ],
  functions: [{ name: 'f', parameters: {} }],
  tool_choice: { type: 'function', function: { name: 'get-weather' } },
  stream: true,
  stream_options: { include_usage: true },
  max_tokens: 10,
  max_completion_tokens: 20,
  temperature: 1.2,
  top_p: 1,
  n: 1,
  stop: ['a', 'b'],
  seed: 7,
  presence_penalty: 0.1,
  frequency_penalty: -0.1,
  logit_bias: { 50256: -100 },
  logprobs: true,
  top_logprobs: 2,
  user: 'u',
  metadata: { a: 'b' },
  response_format: { type: 'json_schema', json_schema: { name: 's', schema: {} } },
  reasoning_effort: 'low',
  enable_thinking: true,
  thinking_budget: 10,
  thinking: { type: 'enabled' },
  web_search_options: {},
  parallel_tool_calls: true,
}

export const fullEmbedding: MutableJson = {
  model: 'public-model',
  input: ['a', '你好'],
  encoding_format: 'base64',
  dimensions: 8,
  user: 'u',
}
