import { describe, expect, it } from 'vitest'
import { ProviderError } from '../contract/index.ts'
import { hunyuanMessages } from './messages.ts'

const user = { role: 'user', content: '你好' }
const assistant = { role: 'assistant', content: '好' }
const nativeUser = { Role: 'user', Content: '你好' }
const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==', detail: 'low' } }

describe('the conversation', () => {
  it('has one system message, first, and roles in turn', () => {
    const messages = [
      user,
      { role: 'developer', content: 'Be short.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
      { role: 'system', content: 'Be kind.' },
      { role: 'assistant', content: '好', reasoning_content: '想' },
      { role: 'assistant', content: '的', name: 'bot' },
      user,
    ]
    expect(hunyuanMessages(messages)).toEqual([
      { Role: 'system', Content: 'Be short.\n\nBe kind.' },
      { Role: 'user', Content: '你好\n\na\nb' },
      { Role: 'assistant', Content: '好\n\n的' },
      nativeUser,
    ])
  })

  it('leaves out messages that say nothing, before neighbours are joined', () => {
    const messages = [
      { role: 'system', content: '' },
      user,
      { role: 'assistant', content: '' },
      { role: 'user', content: [] },
      user,
    ]
    expect(hunyuanMessages(messages)).toEqual([{ Role: 'user', Content: '你好\n\n你好' }])
  })

  it('asks what the instructions say where there is nothing else', () => {
    expect(hunyuanMessages([{ role: 'system', content: 'Sing.' }])).toEqual([
      { Role: 'user', Content: 'Sing.' },
    ])
  })

  it('keeps several results of tools in a row, and gives a blank where content must not be empty', () => {
    const call = (id: string, json: unknown) => ({
      id,
      type: 'function',
      function: { name: 'f', arguments: json },
    })
    const messages = [
      user,
      {
        role: 'assistant',
        content: null,
        tool_calls: [call('1', '{"a":1}'), call('2', { b: 2 }), call('3', '')],
      },
      { role: 'tool', tool_call_id: '1', content: '晴' },
      { role: 'tool', tool_call_id: '2', content: '' },
      { role: 'tool', tool_call_id: '3', content: [{ type: 'text', text: '雨' }] },
    ]
    const native = (id: string, json: string, index: number) => ({
      Id: id,
      Type: 'function',
      Function: { Name: 'f', Arguments: json },
      Index: index,
    })
    expect(hunyuanMessages(messages)).toEqual([
      nativeUser,
      {
        Role: 'assistant',
        Content: ' ',
        ToolCalls: [native('1', '{"a":1}', 0), native('2', '{"b":2}', 1), native('3', '{}', 2)],
      },
      { Role: 'tool', Content: '晴', ToolCallId: '1' },
      { Role: 'tool', Content: ' ', ToolCallId: '2' },
      { Role: 'tool', Content: '雨', ToolCallId: '3' },
    ])
  })

  it('counts the 40 messages that would be sent', () => {
    const many = Array.from({ length: 20 }, () => [user, assistant]).flat()
    expect(hunyuanMessages([...many.slice(0, 39), user, user])).toHaveLength(39)
    expect(hunyuanMessages([{ role: 'system', content: 'x' }, ...many.slice(0, 39)])).toHaveLength(40)
    expect(refusalOf([...many, user])).toMatch(/at most 40 messages, this request has 41/)
  })

  it.each([
    ['begins with the assistant', [assistant, user], /begin with a message of the user/],
    ['ends with the assistant', [user, assistant], /end with a message of the user or a tool/],
    ['begins with a tool', [{ role: 'tool', content: 'x', tool_call_id: '1' }, user], /begin with/],
    ['is empty', [], /say nothing/],
    ['is no list', 'hello', /no list of messages/],
    ['has something else in it', [user, 'hello'], /no list of messages/],
    ['has nothing but empty messages', [{ role: 'user', content: '' }], /say nothing/],
  ])('is refused when it %s', (_name, messages, words) => {
    expect(refusalOf(messages)).toMatch(words)
  })
})

describe('content that is more than text', () => {
  it('goes as Contents, and never beside Content', () => {
    const messages = [
      user,
      {
        role: 'user',
        content: [
          { type: 'text', text: '看' },
          picture,
          { type: 'image_url', image_url: 'https://a.test/b.png' },
          { type: 'video_url', video_url: { url: 'https://a.test/c.mp4', fps: 2 } },
          { type: 'video_frames', video_frames: { frames: ['https://a.test/d.png'] } },
          { Type: 'text', Text: 'native' },
        ],
      },
    ]
    expect(hunyuanMessages(messages)).toEqual([
      {
        Role: 'user',
        Contents: [
          { Type: 'text', Text: '你好' },
          { Type: 'text', Text: '看' },
          { Type: 'image_url', ImageUrl: { Url: 'data:image/png;base64,AA==' } },
          { Type: 'image_url', ImageUrl: { Url: 'https://a.test/b.png' } },
          { Type: 'video_url', VideoUrl: { Url: 'https://a.test/c.mp4', Fps: 2 } },
          { Type: 'video_frames', VideoFrames: { Frames: ['https://a.test/d.png'] } },
          { Type: 'text', Text: 'native' },
        ],
      },
    ])
  })

  it('is refused where the platform has nothing like it', () => {
    const audio = { type: 'input_audio', input_audio: { data: '', format: 'wav' } }
    expect(refusalOf([{ role: 'user', content: [audio] }])).toMatch(/text, pictures \(image_url\) and videos/)
  })
})

function refusalOf(messages: unknown): string {
  const refusal = hunyuanMessages(messages)
  if (!(refusal instanceof ProviderError)) return 'sent'
  expect([refusal.kind, refusal.param]).toEqual(['invalid_request', 'messages'])
  return refusal.message
}
