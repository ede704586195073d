import { expect, it } from 'vitest'
import { toolsForFunctions } from './legacy-function-request.ts'

const described = { name: 'get_weather', parameters: { type: 'object' } }
const user = { role: 'user', content: '上海天气' }
const called = { name: 'get_weather', arguments: '{"location":"上海"}' }

it('leaves requests of today alone', () => {
  expect(toolsForFunctions({ messages: [user, { role: 'assistant', content: '晴' }, 7] })).toBeUndefined()
  expect(toolsForFunctions({ messages: 'none', tools: [] })).toBeUndefined()
})

it('tells functions as tools, and a call and its result by one id', () => {
  const body = {
    functions: [described],
    function_call: { name: 'get_weather' },
    messages: [
      user,
      { role: 'assistant', content: null, function_call: called },
      { role: 'function', name: 'get_weather', content: '晴' },
      { role: 'assistant', content: null, function_call: called },
      { role: 'function', name: 'get_weather', content: '雨' },
    ],
  }
  expect(toolsForFunctions(body)).toEqual({
    tools: [{ type: 'function', function: described }],
    tool_choice: { type: 'function', function: { name: 'get_weather' } },
    messages: [
      user,
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'call_1', type: 'function', function: called }],
      },
      { role: 'tool', content: '晴', tool_call_id: 'call_1' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'call_3', type: 'function', function: called }],
      },
      { role: 'tool', content: '雨', tool_call_id: 'call_3' },
    ],
  })
})

it('lets tools win where a request has both', () => {
  const tools = [{ type: 'function', function: { name: 'other' } }]
  const modern = toolsForFunctions({
    functions: [described],
    function_call: 'auto',
    tools,
    tool_choice: 'none',
  })
  expect(modern).toEqual({ tools, tool_choice: 'none' })
})
