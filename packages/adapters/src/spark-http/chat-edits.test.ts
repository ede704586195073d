import { describe, expect, it } from 'vitest'
import { sentChat } from '../../test/support.ts'
import { sparkHttp } from './index.ts'

const user = { role: 'user', content: '推荐一本科幻小说' }
const searchOff = { type: 'web_search', web_search: { enable: false } }

describe('a request to Spark', () => {
  it('drops what Spark does not document and keeps its own fields', () => {
    const sent = send('4.0Ultra', {
      messages: [user],
      top_k: 4,
      user: 'user-1',
      n: 2,
      stop: ['x'],
      seed: 1,
      logprobs: true,
      parallel_tool_calls: true,
      stream_options: { include_usage: true },
      max_completion_tokens: 10,
    })
    expect(sent).toEqual({
      model: '4.0Ultra',
      messages: [user],
      top_k: 4,
      user: 'user-1',
      tools: [searchOff],
      tool_calls_switch: true,
    })
  })

  it('sends the reserved output under the name and within the range of the model', () => {
    expect(send('lite', { messages: [user], max_tokens: 9 }, 100_000)).toMatchObject({ max_tokens: 4096 })
    expect(send('generalv3.5', { messages: [user] }, 100_000)).toMatchObject({ max_tokens: 8192 })
    expect(send('spark-x', { messages: [user] }, 60_000)).toMatchObject({ max_tokens: 60_000 })
    const x25 = send('spark-x2.5', { messages: [user], max_tokens: 9 }, 100_000)
    expect(x25).toMatchObject({ max_completion_tokens: 100_000 })
    expect(x25).not.toHaveProperty('max_tokens')
    expect(send('lite', { messages: [user], max_tokens: 9 })).not.toHaveProperty('max_tokens')
  })

  it('switches web search off unless it is asked for', () => {
    expect(send('lite', { messages: [user] })).not.toHaveProperty('tools')
    const own = { type: 'web_search', web_search: { enable: true, search_mode: 'deep' } }
    expect(send('4.0Ultra', { messages: [user], tools: [own] })['tools']).toEqual([own])
    const asked = send('4.0Ultra', { messages: [user], web_search_options: {} })
    expect(asked['tools']).toEqual([{ type: 'web_search', web_search: { enable: true } }])
    expect(asked).not.toHaveProperty('web_search_options')
  })

  it('keeps only penalties that every version of the document allows', () => {
    const wide = { messages: [user], presence_penalty: -1, frequency_penalty: 1.5 }
    const sent = send('4.0Ultra', wide)
    expect(sent).not.toHaveProperty('presence_penalty')
    expect(sent).not.toHaveProperty('frequency_penalty')
    const narrow = { presence_penalty: 1.5, frequency_penalty: 0.5 }
    expect(send('4.0Ultra', { messages: [user], ...narrow })).toMatchObject(narrow)
  })

  it('leaves out the sampling that X2.5 fixes', () => {
    const sent = send('spark-x2.5-4b', { messages: [user], temperature: 0, top_p: 0.5, presence_penalty: 1 })
    expect(sent).not.toHaveProperty('temperature')
    expect(sent).not.toHaveProperty('top_p')
    expect(sent).not.toHaveProperty('presence_penalty')
  })

  it('moves a top_p of 0 into the range and asks for JSON where a schema was asked for', () => {
    const format = { type: 'json_schema', json_schema: { name: 'a', schema: {} } }
    expect(send('4.0Ultra', { messages: [user], top_p: 0, response_format: format })).toMatchObject({
      top_p: 0.01,
      response_format: { type: 'json_object' },
    })
  })

  it('gives Lite and Pro the system text inside the question', () => {
    const messages = [{ role: 'developer', content: 'Be short.' }, user]
    expect(send('lite', { messages })['messages']).toEqual([
      { role: 'user', content: 'Be short.\n\n推荐一本科幻小说' },
    ])
    expect(send('generalv3.5', { messages })['messages']).toEqual([
      { role: 'system', content: 'Be short.' },
      user,
    ])
  })

  it('renames functions that Spark cannot name, everywhere in the request', () => {
    const name = 'mcp-server.get-weather-of-a-city-and-its-surroundings'
    const sent = send('4.0Ultra', {
      messages: [
        user,
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'call_a', type: 'function', function: { name, arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'call_a', name, content: '晴' },
      ],
      tools: [
        { type: 'function', function: { name, parameters: { type: 'object' } } },
        { type: 'function', function: { name: 'get_time' } },
      ],
      tool_choice: { type: 'function', function: { name } },
    })
    const text = JSON.stringify(sent)
    expect(text).not.toContain(name)
    const short = /mcp_server_get_weather\w*/.exec(text)?.[0] ?? ''
    expect(short).toMatch(/^\w{1,32}$/)
    expect(text.split(short)).toHaveLength(5)
    expect(text).toContain('"get_time"')
    expect(text).toContain('"content":"","tool_calls"')
  })
})

function send(upstreamModel: string, body: Record<string, unknown>, maxOutputTokens?: number) {
  return sentChat(sparkHttp, body, {
    upstreamModel,
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
  }).body
}
