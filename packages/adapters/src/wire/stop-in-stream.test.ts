import { describe, expect, it } from 'vitest'
import type { Call, ChatStreamReader } from '../contract/index.ts'
import { bytesOf } from './bytes.ts'
import { passthroughStream } from './passthrough-stream.ts'
import { stopInStream } from './stop-in-stream.ts'

const call: Call = {
  credentials: {},
  baseUrl: 'https://provider.test/v1',
  options: {},
  upstreamModel: 'some-model',
  requestId: '0190b4a0-0000-7000-8000-000000000001',
  nowMs: 0,
}

describe('stop texts in a stream', () => {
  it('ends the text before the stop text, however the pieces and the bytes are cut', () => {
    const bytes = Buffer.from(stream(['Thought: 好', '\nObs', 'ervation: 42', ' and more'], 'stop'))
    for (let size = 1; size < bytes.length; size += 7) {
      const { text, finishReasons, reader } = run(bytes, ['\nObservation:'], size)
      expect(text).toBe('Thought: 好')
      expect(finishReasons).toEqual(['stop'])
      expect(reader.state.error).toBeUndefined()
    }
  })

  it('gives back at the end what only looked like a stop text', () => {
    const { text } = run(Buffer.from(stream(['a', ' EN'], 'stop')), ['END'])
    expect(text).toBe('a EN')
  })

  it('gives it back where the stream ends without a finish reason, too', () => {
    const { text } = run(Buffer.from(stream(['a', ' EN'], undefined)), ['END'])
    expect(text).toBe('a EN')
  })

  it('says stop where the limit came after the stop text, and counts everything that was generated', () => {
    const { finishReasons, reader } = run(Buffer.from(stream(['a END b'], 'length')), [' END'])
    expect(finishReasons).toEqual(['stop'])
    expect(reader.state.finishReason).toBe('stop')
    expect(reader.state.outputBytes).toBe(7)
  })

  it('keeps the limit as the reason where no stop text came', () => {
    const { finishReasons, reader } = run(Buffer.from(stream(['a'], 'length')), ['END'])
    expect(finishReasons).toEqual(['length'])
    expect(reader.state.finishReason).toBe('length')
  })

  it('leaves reasoning and tool calls alone', () => {
    const delta = {
      reasoning_content: 'END',
      tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'END', arguments: '"END"' } }],
    }
    const bytes = Buffer.from(`${chunk(delta, null)}${chunk({}, 'tool_calls')}data: [DONE]\n\n`)
    expect(run(bytes, ['END']).sent.split('END')).toHaveLength(4)
  })
})

function chunk(delta: unknown, finishReason: string | null): string {
  const choices = [{ index: 0, delta, finish_reason: finishReason }]
  return `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 1, model: 'm', choices })}\n\n`
}

function stream(texts: readonly string[], finishReason: string | undefined): string {
  const pieces = texts.map((content) => chunk({ content }, null)).join('')
  return `${pieces}${finishReason === undefined ? '' : chunk({}, finishReason)}data: [DONE]\n\n`
}

function run(
  bytes: Buffer,
  stops: readonly string[],
  size: number = bytes.length,
): { text: string; finishReasons: string[]; sent: string; reader: ChatStreamReader } {
  let sent = ''
  const reader = stopInStream(
    stops,
    (events) => (sent += bytesOf(events).toString()),
    (sink) => passthroughStream({ status: 200, headers: {} }, sink, call, { errors: [] }),
  )
  for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size))
  reader.end()
  const choices = sent
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => (JSON.parse(event.slice(6)) as { choices: [Choice] }).choices[0])
  return {
    text: choices.map((choice) => choice.delta.content ?? '').join(''),
    finishReasons: choices.flatMap((choice) => choice.finish_reason ?? []),
    sent,
    reader,
  }
}

interface Choice {
  readonly delta: { readonly content?: string }
  readonly finish_reason: string | null
}
