import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../json.ts'
import { type Simulator, startSimulator } from '../../simulator.ts'
import { at } from '../../testing/client.ts'
import { fixture, shapeOf } from '../../testing/shape.ts'
import { type Signing, sendTencent, tencentChat } from '../../testing/tencent.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator()
})
beforeEach(() => simulator.reset())
afterAll(() => simulator.close())

const chat = (body: unknown, signing: Signing = {}) =>
  sendTencent(simulator, 'ChatCompletions', body, signing)
const sample = (file: string) => fixture(`hunyuan/native-${file}`)

const weather = {
  Type: 'function',
  Function: {
    Name: 'get_weather',
    Description: '查询天气',
    Parameters: '{"type":"object","properties":{"city":{"type":"string","enum":["杭州"]}}}',
  },
}
const user = (text: string) => ({ Role: 'user', Content: text })
const assistant = (text: string) => ({ Role: 'assistant', Content: text })
const call = { Id: 'c1', Type: 'function', Function: { Name: 'get_weather', Arguments: '{}' } }
const calling = { Role: 'assistant', ToolCalls: [call] }
const result = { Role: 'tool', ToolCallId: 'c1', Content: '晴' }
const turns = (count: number) =>
  Array.from({ length: count }, (_, index) => (index % 2 === 0 ? user('a') : assistant('b')))
const vision = 'hunyuan-turbos-vision'
const textPart = { Type: 'text', Text: '这是什么' }
const picture = (Url: string) => ({ Type: 'image_url', ImageUrl: { Url } })
const parts = (...Contents: unknown[]) => ({ Model: vision, Messages: [{ Role: 'user', Contents }] })
const tool = (more: JsonObject) => ({
  Tools: [{ ...weather, Function: { ...weather.Function, ...more } }],
})

describe('a request of the documented form is accepted', () => {
  it.each<[string, JsonObject]>([
    ['forty messages and no more', { Messages: [{ Role: 'system', Content: 's' }, ...turns(39)] }],
    [
      'results of several tools in a row',
      {
        Messages: [
          user('a'),
          { ...calling, ToolCalls: [call, { ...call, Id: 'c2' }] },
          result,
          { ...result, ToolCallId: 'c2' },
        ],
      },
    ],
    [
      'a user after a tool answered by the assistant',
      { Messages: [user('a'), calling, result, assistant('b'), user('c')] },
    ],
    ['a picture beside a text', parts(textPart, picture('https://example.test/a.png'))],
    ['a picture in the request', parts(textPart, picture('data:image/png;base64,AA=='))],
    ['the widest values', { Temperature: 2, TopP: 0, Seed: 10_000, Stop: ['a', 'b'] }],
    ['a named tool', { Tools: [weather], ToolChoice: 'custom', CustomTool: weather }],
    ['search switched off', { EnableEnhancement: false, StreamModeration: false }],
    ['fields that are null, as the SDK would leave them out', { Temperature: null, Tools: null }],
  ])('%s', async (_name, more) => {
    const sent = await chat(tencentChat('a', more))
    expect(at(sent.json, 'Response.Error')).toBeUndefined()
    expect(simulator.bill().totals.requests).toBe(1)
  })

  it('tools have no effect on models that call none, nor with ToolChoice none', async () => {
    const finishes = [
      await chat(tencentChat('a', { Model: 'hunyuan-lite', Tools: [weather] })),
      await chat(tencentChat('a', { Tools: [weather], ToolChoice: 'none' })),
    ].map((sent) => at(sent.json, 'Response.Choices.0.FinishReason'))
    expect(finishes).toEqual(['stop', 'stop'])
  })

  it('a named tool is the one that is called', async () => {
    const other = { ...weather, Function: { ...weather.Function, Name: 'get_time' } }
    const sent = await chat(
      tencentChat('a', { Tools: [weather, other], ToolChoice: 'custom', CustomTool: other }),
    )
    expect(at(sent.json, 'Response.Choices.0.Message.ToolCalls.0.Function.Name')).toBe('get_time')
  })

  it('hunyuan-a13b thinks unless it is told not to', async () => {
    const thought = async (more: JsonObject) =>
      at(
        (await chat(tencentChat('a', { Model: 'hunyuan-a13b', ...more }))).json,
        'Response.Choices.0.Message.ReasoningContent',
      )
    expect(await thought({})).toEqual(expect.any(String))
    expect(await thought({ EnableThinking: false })).toBeUndefined()
  })
})

const order = 'InvalidParameterValue.ParameterValueError'

describe('a request that the platform would not take is refused with its code', () => {
  it.each<[string, string, JsonObject]>([
    ['no model', 'MissingParameter', { Model: undefined }],
    ['an unknown model', 'InvalidParameterValue.Model', { Model: 'hunyuan-9' }],
    ['the embedding model', 'InvalidParameterValue.Model', { Model: 'hunyuan-embedding' }],
    ['no messages', 'MissingParameter', { Messages: undefined }],
    ['an empty conversation', order, { Messages: [] }],
    ['41 messages', order, { Messages: turns(41) }],
    ['an unknown role', order, { Messages: [{ Role: 'developer', Content: 'a' }, user('a')] }],
    ['no role', 'MissingParameter', { Messages: [{ Content: 'a' }] }],
    ['system later than first', order, { Messages: [user('a'), { Role: 'system', Content: 'b' }] }],
    ['two users in a row', order, { Messages: [user('a'), user('b')] }],
    ['an assistant first', order, { Messages: [assistant('a'), user('b')] }],
    ['an assistant last', order, { Messages: [user('a'), assistant('b')] }],
    ['a user right after a tool', order, { Messages: [user('a'), calling, result, user('b')] }],
    ['an empty content', order, { Messages: [user('')] }],
    ['no content', order, { Messages: [{ Role: 'user' }] }],
    ['a content in parts', 'InvalidParameter', { Messages: [{ Role: 'user', Content: [textPart] }] }],
    [
      'thinking sent back',
      order,
      { Messages: [user('a'), { ...assistant('b'), ReasoningContent: 'c' }, user('d')] },
    ],
    ['an unknown field of a message', 'UnknownParameter', { Messages: [{ ...user('a'), Name: 'b' }] }],
    [
      'a result without an id',
      'MissingParameter',
      { Messages: [user('a'), calling, { ...result, ToolCallId: null }] },
    ],
    ['a result of no call', order, { Messages: [user('a'), calling, { ...result, ToolCallId: 'c9' }] }],
    [
      'a call without an id',
      'MissingParameter',
      { Messages: [user('a'), { ...calling, ToolCalls: [{ ...call, Id: null }] }, result] },
    ],
    ['Contents on a model that cannot see', order, { Messages: [{ Role: 'user', Contents: [textPart] }] }],
    ['Contents without a text', order, parts(picture('https://example.test/a.png'))],
    ['Contents beside Content', order, { Model: vision, Messages: [{ ...user('a'), Contents: [textPart] }] }],
    ['a picture at no address', order, parts(textPart, picture('file:///a.png'))],
    ['a part of an unknown type', order, parts(textPart, { Type: 'input_audio' })],
    ['a part without its content', 'MissingParameter', parts(textPart, { Type: 'image_url' })],
    ['Parameters as an object', 'InvalidParameter', tool({ Parameters: { type: 'object' } })],
    ['Parameters that are no JSON', 'InvalidParameter', tool({ Parameters: 'none' })],
    ['no Parameters', 'MissingParameter', tool({ Parameters: null })],
    ['a name with a dot', 'InvalidParameter', tool({ Name: 'get.weather' })],
    ['a strict tool', 'UnknownParameter', tool({ Strict: true })],
    ['a tool of another type', 'InvalidParameter', { Tools: [{ ...weather, Type: 'web_search' }] }],
    ['ToolChoice required', 'InvalidParameter', { Tools: [weather], ToolChoice: 'required' }],
    ['ToolChoice as an object', 'InvalidParameter', { Tools: [weather], ToolChoice: { Type: 'function' } }],
    ['ToolChoice custom without a tool', 'MissingParameter', { Tools: [weather], ToolChoice: 'custom' }],
    ['a temperature above 2', 'InvalidParameter', { Temperature: 2.1 }],
    ['a temperature below 0', 'InvalidParameter', { Temperature: -0.1 }],
    ['a temperature in a text', 'InvalidParameter', { Temperature: '1' }],
    ['TopP above 1', 'InvalidParameter', { TopP: 1.01 }],
    ['seed 0', 'InvalidParameter', { Seed: 0 }],
    ['seed 10001', 'InvalidParameter', { Seed: 10_001 }],
    ['a broken seed', 'InvalidParameter', { Seed: 1.5 }],
    ['a bare stop', 'InvalidParameter', { Stop: '完' }],
    ['Stream as a number', 'InvalidParameter', { Stream: 1 }],
    ['MaxTokens', 'UnknownParameter', { MaxTokens: 10 }],
    ["OpenAI's own words", 'UnknownParameter', { stream: true }],
    ['a field that every object has', 'UnknownParameter', { constructor: 1 }],
  ])('%s: %s', async (_name, code, more) => {
    const sent = await chat(tencentChat('a', more))
    expect(sent.status).toBe(200)
    expect(at(sent.json, 'Response.Error.Code'), sent.text).toBe(code)
    expect(simulator.requests()).toMatchObject([{ outcome: 'refused', status: 200 }])
    expect(simulator.bill().totals.requests).toBe(0)
  })

  it.each<[string, JsonObject]>([
    ['error-param.json', { Temperature: 3 }],
    ['error-param-value.json', { Messages: [user('a'), user('b')] }],
    ['error-model.json', { Model: 'hunyuan-9' }],
  ])('in the words of %s', async (file, more) => {
    const sent = await chat(tencentChat('a', more))
    expect(at(sent.json, 'Response.Error')).toEqual(at(JSON.parse(sample(file)), 'Response.Error'))
    expect(shapeOf(sent.json)).toEqual(shapeOf(JSON.parse(sample(file))))
  })

  it.each(['{"Model":', '[]', 'null', ''])('a body that is no object: %s', async (body) => {
    expect(at((await chat(body)).json, 'Response.Error.Code')).toBe('InvalidParameter')
  })

  it.each<[string, string, JsonObject]>([
    ['nothing to embed', 'MissingParameter', {}],
    ['an empty list', 'MissingParameter', { InputList: [] }],
    ['an empty text', 'InvalidParameter', { InputList: ['a', ''] }],
    ['51 texts', 'InvalidParameter', { InputList: Array.from({ length: 51 }, () => 'a') }],
    ['both forms', 'InvalidParameter', { Input: 'a', InputList: ['a'] }],
    ['a list in Input', 'InvalidParameter', { Input: ['a'] }],
    ['a model', 'UnknownParameter', { Input: 'a', Model: 'hunyuan-embedding' }],
  ])('GetEmbedding with %s: %s', async (_name, code, body) => {
    const sent = await sendTencent(simulator, 'GetEmbedding', body)
    expect(at(sent.json, 'Response.Error.Code'), sent.text).toBe(code)
  })

  it('GetTokenCount without a text, or unsigned', async () => {
    const sent = await sendTencent(simulator, 'GetTokenCount', {})
    expect(at(sent.json, 'Response.Error.Code')).toBe('MissingParameter')
    const wrong = await sendTencent(simulator, 'GetTokenCount', { Prompt: 'a' }, { secretKey: 'wrong' })
    expect(at(wrong.json, 'Response.Error.Code')).toBe('AuthFailure.SignatureFailure')
  })

  it('an action that is not simulated is no path here', async () => {
    expect((await sendTencent(simulator, 'ChatStd', {})).status).toBe(404)
  })
})
