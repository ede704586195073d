import type OpenAI from 'openai'
import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'

/** What a client of OpenAI sends and DeepSeek by itself refuses, through the service to the strict simulator. */
let app: TestGateway
let client: OpenAI

beforeAll(async () => {
  app = await startTestGateway()
  await app.addAccount({ protocol: 'deepseek', models: [{ name: 'deepseek-flash' }] })
  client = app.client((await app.addTeam()).secret)
})

afterAll(async () => {
  await app.close()
})

const weather = {
  type: 'function' as const,
  function: {
    name: 'get_weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
}
const question = { role: 'user' as const, content: 'How is the weather in 杭州?' }

describe('DeepSeek, asked as OpenAI is', () => {
  it('calls the tool it must call', async () => {
    const message = await ask({ messages: [question], tools: [weather], tool_choice: 'required' })
    expect(message.tool_calls).toHaveLength(1)
    expect(message).not.toHaveProperty('reasoning_content')
  })

  it('goes on after a tool call, whether the client has kept the thinking or not', async () => {
    const called = await ask({ messages: [question], tools: [weather] })
    const { role, content, tool_calls: calls = [] } = called
    expect(called).toHaveProperty('reasoning_content')
    const result = { role: 'tool' as const, tool_call_id: calls[0]?.id ?? '', content: 'rain' }
    const tools = [weather]
    const kept = await ask({ messages: [question, called, result], tools })
    expect(kept).toMatchObject({ content: expect.stringMatching(/./), reasoning_content: expect.anything() })
    const dropped = { role, content, tool_calls: calls }
    const answer = await ask({ messages: [question, dropped, result], tools })
    expect(answer.content).toBeTruthy()
    expect(answer).not.toHaveProperty('reasoning_content')
  })

  it('answers in JSON where a schema was asked for', async () => {
    const { content } = await ask({
      messages: [{ role: 'developer', content: 'Be brief.' }, question],
      response_format: { type: 'json_schema', json_schema: { name: 'w', schema: { type: 'object' } } },
    })
    expect(JSON.parse(content ?? '')).toEqual(expect.any(Object))
  })

  it('does not think where no effort is asked of it', async () => {
    expect(await ask({ messages: [question], reasoning_effort: 'none' })).not.toHaveProperty(
      'reasoning_content',
    )
  })

  it('is told what cannot be served: a tool that must be called, and thinking', async () => {
    const both = ask({
      messages: [question],
      tools: [weather],
      tool_choice: 'required',
      reasoning_effort: 'high',
    })
    await expect(both).rejects.toMatchObject({ status: 400, param: 'tool_choice' })
  })

  async function ask(chat: Omit<ChatCompletionCreateParamsNonStreaming, 'model'>) {
    const answer = await client.chat.completions.create({ ...chat, model: 'deepseek-flash', max_tokens: 200 })
    const message = answer.choices[0]?.message
    if (message === undefined) throw new Error('no answer')
    return message
  }
})
