import { describe, expect, it } from 'vitest'
import { callOf, expectHttp, fixture, modelRequest, probeOf, sentChat } from '../../test/support.ts'
import { tongyiNative } from './index.ts'

const toolCall = { id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{}' } }
const conversation = [
  { role: 'user', content: '天气?' },
  { role: 'assistant', content: null, tool_calls: [toolCall], refusal: null, annotations: [] },
  { role: 'tool', tool_call_id: 'call_1', content: [{ type: 'text', text: '晴' }] },
  { role: 'system', content: '简短。' },
]

describe('DashScope’s request', () => {
  it('is the one of the recordings', () => {
    const recorded: unknown = JSON.parse(fixture('tongyi/native-chat-request.json').toString())
    const sent = sentChat(
      tongyiNative,
      {
        messages: [
          { role: 'system', content: 'Answer briefly.' },
          { role: 'user', content: '1加1等于几?' },
        ],
        stream: true,
        temperature: 0.7,
        top_p: 0.8,
        stop: ['END'],
      },
      { upstreamModel: 'qwen-plus', maxOutputTokens: 256 },
    )
    expect(sent.body).toEqual(recorded)
  })

  it('has the recorded messages for a picture', () => {
    const recorded = JSON.parse(fixture('tongyi/native-vl-request.json').toString()) as { input: unknown }
    const content = [
      { type: 'image_url', image_url: { url: 'https://example.test/bridge.jpg' } },
      { type: 'text', text: '这是什么地方?' },
    ]
    expect(sentMessages([{ role: 'user', content }], 'qwen-vl-plus')).toEqual(recorded.input)
  })

  it('tells tool calls and results in text, with one system message first', () => {
    expect(sentMessages(conversation)).toEqual({
      messages: [
        { role: 'system', content: '简短。' },
        { role: 'user', content: '天气?' },
        { role: 'assistant', content: '', tool_calls: [toolCall] },
        { role: 'tool', tool_call_id: 'call_1', content: '晴' },
      ],
    })
  })

  it('tells them in parts to models that see', () => {
    expect(sentMessages(conversation, 'qwen3-vl-plus')).toEqual({
      messages: [
        { role: 'system', content: [{ text: '简短。' }] },
        { role: 'user', content: [{ text: '天气?' }] },
        { role: 'assistant', content: [{ text: '' }], tool_calls: [toolCall] },
        { role: 'tool', tool_call_id: 'call_1', content: [{ text: '晴' }] },
      ],
    })
  })

  it('keeps the parts that mark an explicit cache', () => {
    const content = [{ type: 'text', text: '长文', cache_control: { type: 'ephemeral' } }]
    expect(sentMessages([{ role: 'user', content }])).toEqual({ messages: [{ role: 'user', content }] })
  })

  it.each([
    [
      { type: 'image_url', image_url: 'data:image/png;base64,AAAA', min_pixels: 4 },
      { image: 'data:image/png;base64,AAAA', min_pixels: 4 },
    ],
    [
      { type: 'input_audio', input_audio: { data: 'AAAA', format: 'mp3' } },
      { audio: 'data:audio/mp3;base64,AAAA' },
    ],
    [
      { type: 'input_audio', input_audio: { data: 'https://example.test/a.wav', format: 'wav' } },
      { audio: 'https://example.test/a.wav' },
    ],
    [
      { type: 'video_url', video_url: { url: 'https://example.test/a.mp4' }, fps: 2 },
      { video: 'https://example.test/a.mp4', fps: 2 },
    ],
    [{ type: 'video', video: ['https://example.test/1.png'] }, { video: ['https://example.test/1.png'] }],
    [{ type: 'refusal', refusal: '不。' }, { text: '不。' }],
    [{ image: 'https://example.test/a.png' }, { image: 'https://example.test/a.png' }],
  ])('has %j in DashScope’s form', (part, expected) => {
    expect(sentMessages([{ role: 'user', content: [part] }], 'qwen-vl-plus')).toEqual({
      messages: [{ role: 'user', content: [expected] }],
    })
  })

  it('leaves to the platform what is no message', () => {
    expect(sentMessages([1, { role: 'user', content: 7 }])).toEqual({
      messages: [1, { role: 'user', content: 7 }],
    })
  })

  it('says by the switch what the hold counts on, where effort and switch disagree', () => {
    const body = { messages: conversation, enable_thinking: true, reasoning_effort: 'none' }
    const { parameters } = sentChat(tongyiNative, body, { upstreamModel: 'qwen-plus' }).body
    expect(parameters).toEqual({ enable_thinking: false, result_format: 'message' })
  })

  it('lets nobody ask for the forms it cannot read', () => {
    const body = { messages: conversation, stream: true, result_format: 'text', incremental_output: false }
    const { parameters } = sentChat(tongyiNative, body, { upstreamModel: 'qwen-plus' }).body
    expect(parameters).toEqual({ result_format: 'message', incremental_output: true })
  })

  it('asks for one token to probe, of a small model where the account has none yet', () => {
    const { url, body } = probeOf(tongyiNative, callOf(tongyiNative, { upstreamModel: '' }))
    expect(url).toMatch(/text-generation\/generation$/)
    expect(JSON.parse(String(body))).toEqual({
      model: 'qwen-flash',
      input: { messages: [{ role: 'user', content: 'hi' }] },
      parameters: { max_tokens: 1, result_format: 'message' },
    })
  })

  it('takes one text to embed, and no token ids', () => {
    const call = callOf(tongyiNative, { upstreamModel: 'text-embedding-v2' })
    const one = tongyiNative.embeddings?.request(modelRequest({ input: '春天' }), call)
    if (one === undefined) throw new Error('no embeddings')
    expect(JSON.parse(String(expectHttp(one).body))).toMatchObject({
      input: { texts: ['春天'] },
      parameters: {},
    })
    expect(tongyiNative.embeddings?.request(modelRequest({ input: [[1, 2]] }), call)).toMatchObject({
      ok: false,
      error: { kind: 'invalid_request', param: 'input' },
    })
    expect(tongyiNative.embeddings?.inputsMax?.(call)).toBe(25)
  })
})

function sentMessages(messages: readonly unknown[], upstreamModel = 'qwen-plus'): unknown {
  return sentChat(tongyiNative, { messages }, { upstreamModel }).body['input']
}
