import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { chunksOf, readByAppending, readWithNodeClient } from './conformance/clients.ts'
import { plainState, readStream } from './conformance/read-stream.ts'
import { callFor, type ConformanceTable, type Meaning, type StreamCase } from './conformance/table.ts'
import { tables } from './conformance/tables.ts'
import type { TokenUsage } from './contract/index.ts'
import { adapters } from './registry.ts'
import { isObject, parseJson } from './wire/json.ts'

const defaultBody = { model: 'public-model', messages: [{ role: 'user', content: 'hi' }] }

it('has a table for every registered adapter', () => {
  expect(tables.map((table) => table.adapter.protocol).sort()).toEqual(Object.keys(adapters).sort())
})

describe.each(tables.map((table) => [table.adapter.protocol, table] as const))('%s', (_protocol, table) => {
  const { adapter } = table
  const fixture = (file: string): Buffer =>
    readFileSync(new URL(`../fixtures/${table.folder}/${file}`, import.meta.url))

  describe('sends', () => {
    it.each(table.requests.map((one) => [one.keeps, one] as const))('%s', (_keeps, one) => {
      const raw = typeof one.body === 'string' ? one.body : JSON.stringify(one.body)
      const body: unknown = JSON.parse(raw)
      if (!isObject(body)) throw new Error('the body of a case must be an object')
      const before = structuredClone(body)
      const call = callFor(table, one.call)
      const sent = adapter.chat.request(
        {
          body,
          raw: Buffer.from(raw),
          stream: body['stream'] === true,
          maxOutputTokens: one.maxOutputTokens,
        },
        call,
      )
      expect(body, 'the parsed body is never changed').toEqual(before)
      if (one.refuses !== undefined) {
        expect('ok' in sent && { kind: sent.error.kind, param: sent.error.param }).toEqual({
          kind: one.refuses.kind,
          param: one.refuses.param,
        })
        return
      }
      if ('ok' in sent) throw sent.error
      const text = sent.transport === 'http' ? textOf(sent.body) : (sent.frames[0] ?? '')
      if (one.sends !== undefined) expect(text).toBe(one.sends)
      if (one.path !== undefined) expect(sent.url).toBe(call.baseUrl + one.path)
      if (one.url !== undefined) expect(sent.url).toBe(one.url)
      expect(sent.headers).toMatchObject(one.headers ?? {})
      for (const name of Object.keys(sent.headers)) expect(name).toBe(name.toLowerCase())
      expect(isObject(parseJson(text)), 'JSON is sent').toBe(true)
    })
  })

  it('says what may be billed beyond the bound, or has nothing to say', () => {
    const cases = table.beyondBound ?? []
    expect(adapter.chat.beyondBound === undefined).toBe(cases.length === 0)
    for (const one of cases) {
      const body = { ...defaultBody, ...one.body }
      const call = { upstreamModel: one.model, options: one.options ?? {} }
      const beyond = adapter.chat.beyondBound?.({ body, maxOutputTokens: one.maxOutputTokens }, call)
      expect(beyond, JSON.stringify(one)).toBe(one.comesTo)
      // What is counted on must go out.
      if (typeof beyond !== 'number' || beyond === 0) continue
      const raw = Buffer.from(JSON.stringify(body))
      const request = { body, raw, stream: true, maxOutputTokens: one.maxOutputTokens }
      const sent = adapter.chat.request(request, callFor(table, call))
      if ('ok' in sent || sent.transport !== 'http') throw new Error('expected an HTTP exchange')
      const fields: unknown = JSON.parse(textOf(sent.body))
      const parameters = isObject(fields) ? fields['parameters'] : undefined
      expect(parameters ?? fields).toMatchObject(one.sends ?? { thinking_budget: beyond })
    }
  })

  describe('reads whole answers', () => {
    it.each(table.answers.map((one) => [one.file, one] as const))('%s', (file, one) => {
      const body = { ...defaultBody, ...one.request }
      const bytes = wholeBody(file, fixture(file))
      const request = {
        body,
        raw: Buffer.from(JSON.stringify(body)),
        stream: false,
        maxOutputTokens: undefined,
      }
      const head = { status: 200, headers: { 'content-type': one.contentType ?? 'application/json' } }
      const answer = adapter.chat.answer(head, bytes, request, callFor(table, one.call))
      if (one.failsAs !== undefined || !answer.ok) {
        expect(answer.ok ? 'an answer' : answer.error.kind).toBe(one.failsAs)
        return
      }
      if (one.untouched === true) expect(textOf(answer.body)).toBe(bytes.toString().trimStart())
      expect(answer.usage).toEqual(one.usage)
      expectDisjoint(answer.usage)
      expect(answer.finishReason).toBe(one.finishReason)
      expect(meaningOfAnswer(textOf(answer.body))).toEqual(meaningOf(one))
      expect(answer.outputBytes).toBeGreaterThanOrEqual(textBytes(one))
    })
  })

  describe('reads streams', () => {
    const cases = table.streams.map((one) => [one.file, one] as const)

    it.each(cases)('%s', async (file, one) => {
      const { events, state } = readWhole(table, one, partsOf(file, fixture(file)))
      const chunks = chunksOf(events)
      expectOpenAiChunks(chunks)
      expect(state.error?.kind).toBe(one.failsAs)
      expect(state.usage).toEqual(one.usage)
      expectDisjoint(state.usage)
      expectUsageJson(state.usage, state.usageJson)
      expect(state.finishReason).toBe(one.finishReason)
      expect(state.outputBytes).toBeGreaterThanOrEqual(textBytes(one))

      const appended = readByAppending(chunks)
      expect(meaningOfMessage(appended)).toEqual(meaningOf(one))
      if (chunks.length > 0) {
        expect(appended['role']).toBe('assistant')
        expect(state.chunkHead).toEqual(headOf(chunks[0]))
      }
      if (one.failsAs !== undefined) return
      const { text, toolCalls, finishReason } = await readWithNodeClient(events)
      expect(text).toBe(one.text ?? '')
      expect(finishReason).toBe(one.finishReason)
      expect(toolCalls.map(({ name, arguments: json }) => ({ name, arguments: JSON.parse(json) }))).toEqual(
        one.toolCalls ?? [],
      )
      expect(new Set(toolCalls.map(({ id }) => id)).size, 'ids are distinct').toBe(toolCalls.length)
    })

    it.each(cases.filter(([file]) => !isFrames(file)))('%s, cut anywhere', (file, one) => {
      const bytes = fixture(file)
      const whole = readWhole(table, one, [bytes])
      const call = callFor(table, one.call)
      const body = { ...defaultBody, stream: true, ...one.request }
      const wholeState = JSON.stringify(plainState(whole.state))
      for (let cut = 1; cut < bytes.length; cut++) {
        const parts = readStream(adapter, call, body, [bytes.subarray(0, cut), bytes.subarray(cut)])
        // Thousands of cuts: matchers are only run where there is something to show.
        if (parts.events !== whole.events) expect(parts.events, `cut at ${cut}`).toBe(whole.events)
        if (JSON.stringify(plainState(parts.state)) === wholeState) continue
        expect(plainState(parts.state), `cut at ${cut}`).toEqual(plainState(whole.state))
      }
      const single = readStream(
        adapter,
        call,
        body,
        Array.from(bytes, (byte) => Uint8Array.of(byte)),
      )
      expect(single.events).toBe(whole.events)
      expect(plainState(single.state)).toEqual(plainState(whole.state))
    })
  })

  describe('reads refusals', () => {
    it.each(table.errors.map((one) => [one.file, one] as const))('%s', (file, one) => {
      const call = callFor(table, one.call)
      const head = { status: one.status, headers: one.headers ?? {} }
      const error = adapter.chat.refusal(head, wholeBody(file, fixture(file)), call)
      expect(error.kind).toBe(one.kind)
      expect(error.status).toBe(one.status)
      expect(error.retryAfterMs).toBe(one.retryAfterMs)
      expect(error.mayMeanFreeQuota).toBe(one.mayMeanFreeQuota ?? error.mayMeanFreeQuota)
      if (one.code !== undefined) expect(error.upstreamCode).toBe(one.code)
      expect(error.message).not.toMatch(/request.?id|^<|^\s*$/i)
      for (const secret of Object.values(call.credentials)) expect(error.message).not.toContain(secret)
    })
  })

  it('has cases for its session, if it has one', () => {
    expect(table.sessions?.some((one) => one.failsAs !== undefined) ?? false).toBe(
      adapter.session !== undefined,
    )
    expect(table.sessions?.some((one) => one.values !== undefined) ?? false).toBe(
      adapter.session !== undefined,
    )
  })

  describe.skipIf(table.sessions === undefined)('opens a session', () => {
    it.each((table.sessions ?? []).map((one) => [one.file, one] as const))('%s', (file, one) => {
      const call = callFor(table, one.call)
      expect(adapter.session?.scope(call)).toEqual(expect.any(String))
      const head = { status: one.status ?? 200, headers: { 'content-type': 'application/json' } }
      const opened = adapter.session?.read(head, fixture(file), call)
      if (opened?.ok !== true) {
        expect(opened?.error.kind).toBe(one.failsAs)
        for (const secret of Object.values(call.credentials))
          expect(opened?.error.message).not.toContain(secret)
        return
      }
      expect(opened.values).toEqual(one.values)
      expect(opened.expiresAtMs).toBe(one.expiresAtMs)
    })
  })

  describe.skipIf(table.embeddings === undefined)('embeds', () => {
    it.each((table.embeddings ?? []).map((one) => [one.file, one] as const))('%s', (file, one) => {
      const { embeddings } = adapter
      if (embeddings === undefined) throw new Error('the adapter has no embeddings')
      const call = callFor(table, one.call)
      const request = { body: one.request, raw: Buffer.from(JSON.stringify(one.request)) }
      const sent = embeddings.request(request, call)
      if ('ok' in sent) throw sent.error
      expect(textOf(sent.body)).toBe(one.sends)
      if (one.path !== undefined) expect(sent.url).toBe(call.baseUrl + one.path)
      const head = { status: 200, headers: { 'content-type': 'application/json' } }
      const plain = { ...request, body: { ...one.request, encoding_format: 'float' } }
      const floats = embeddings.answer(head, fixture(file), plain, call)
      if (!floats.ok) throw floats.error
      expect(floats.usage).toEqual(one.usage)
      const numbers = vectorsOf(textOf(floats.body))
      expect(numbers).toHaveLength(one.vectors)

      const asked = { ...request, body: { ...one.request, encoding_format: 'base64' } }
      const encoded = embeddings.answer(head, fixture(file), asked, call)
      if (!encoded.ok) throw encoded.error
      const decoded = vectorsOf(textOf(encoded.body)).map((vector) => floatsOf(String(vector)))
      expect(decoded).toEqual(numbers.map((vector) => Array.from(Float32Array.from(vector as number[]))))
    })
  })
})

function isFrames(file: string): boolean {
  return file.endsWith('.jsonl')
}

/** What a stream's reader is given: all bytes at once, or one frame after the other. */
function partsOf(file: string, bytes: Buffer): Buffer[] {
  return isFrames(file) ? linesOf(bytes).map((line) => Buffer.from(line)) : [bytes]
}

/** What the reader of a whole answer is given: frames come as a JSON text sequence. */
function wholeBody(file: string, bytes: Buffer): Buffer {
  if (!isFrames(file)) return bytes
  return Buffer.from(
    linesOf(bytes)
      .map((line) => `\u001e${line}\n`)
      .join(''),
  )
}

function linesOf(bytes: Buffer): string[] {
  return bytes
    .toString()
    .split('\n')
    .filter((line) => line.trim() !== '')
}

function readWhole(
  table: ConformanceTable,
  one: StreamCase,
  parts: readonly Uint8Array[],
): ReturnType<typeof readStream> {
  const body = { ...defaultBody, stream: true, ...one.request }
  return readStream(table.adapter, callFor(table, one.call), body, parts)
}

function textOf(body: Uint8Array | string | undefined): string {
  return typeof body === 'string' ? body : Buffer.from(body ?? []).toString('utf8')
}

/** Every chunk is one OpenAI would send. */
function expectOpenAiChunks(chunks: readonly Record<string, unknown>[]): void {
  const rolesSeen = new Set<unknown>()
  const head = chunks[0]
  for (const chunk of chunks) {
    expect(chunk).toMatchObject({
      id: expect.stringMatching(/./),
      object: 'chat.completion.chunk',
      created: expect.any(Number),
      model: expect.stringMatching(/./),
    })
    expect(chunk['id'], 'one id').toBe(head?.['id'])
    expect(chunk['usage'] ?? null, 'no usage').toBeNull()
    const choices = chunk['choices']
    if (!Array.isArray(choices)) throw new Error('no choices')
    expect(choices.length).toBeGreaterThan(0)
    for (const choice of choices) expectOpenAiChoice(choice, rolesSeen)
  }
}

function expectOpenAiChoice(choice: unknown, rolesSeen: Set<unknown>): void {
  if (!isObject(choice) || !isObject(choice['delta'])) throw new Error('no delta')
  const {
    index,
    delta,
    finish_reason: reason,
  } = choice as { index: unknown; delta: object; finish_reason: unknown }
  expect([null, 'stop', 'length', 'tool_calls', 'content_filter', 'function_call']).toContain(reason)
  if (rolesSeen.has(index)) expect(delta).not.toHaveProperty('role')
  else expect(delta).toHaveProperty('role', 'assistant')
  rolesSeen.add(index)
  expect(delta).not.toHaveProperty('usage')
  expect(choice).not.toHaveProperty('usage')
  for (const piece of 'tool_calls' in delta && Array.isArray(delta.tool_calls) ? delta.tool_calls : []) {
    expect(piece).toHaveProperty('index', expect.any(Number))
    if (isObject(piece) && 'id' in piece) expect(piece['id']).not.toBe('')
  }
}

function headOf(chunk: Record<string, unknown> | undefined): unknown {
  return { id: chunk?.['id'], created: chunk?.['created'], model: chunk?.['model'] }
}

/** No token in two buckets: they add up to no more than the provider's own total. */
function expectDisjoint(usage: TokenUsage | undefined): void {
  if (usage === undefined) return
  const { totalTokens, ...buckets } = usage
  const sum = Object.values(buckets).reduce((all, count) => all + count, 0)
  if (totalTokens !== undefined) expect(sum).toBeLessThanOrEqual(totalTokens)
  for (const count of Object.values(buckets)) expect(count).toBeGreaterThanOrEqual(0)
}

function expectUsageJson(usage: TokenUsage | undefined, json: string | undefined): void {
  expect(json === undefined).toBe(usage === undefined)
  if (json === undefined || usage?.totalTokens === undefined) return
  expect(JSON.parse(json)).toMatchObject({ total_tokens: usage.totalTokens })
}

type Said = Pick<Meaning, 'text' | 'reasoning' | 'toolCalls'>

function meaningOf(expected: Said): Required<Said> {
  return {
    text: expected.text ?? '',
    reasoning: expected.reasoning ?? '',
    toolCalls: expected.toolCalls ?? [],
  }
}

function meaningOfAnswer(body: string): Required<Said> {
  const answer = parseJson(body)
  const choices = isObject(answer) ? answer['choices'] : undefined
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined
  if (!isObject(answer) || !isObject(choice) || !isObject(choice['message'])) throw new Error('no message')
  expect(answer).toMatchObject({ id: expect.stringMatching(/./), object: 'chat.completion' })
  expect(answer).toMatchObject({ created: expect.any(Number), model: expect.stringMatching(/./) })
  expect(choice['message']).toHaveProperty('role', 'assistant')
  return meaningOfMessage(choice['message'])
}

function meaningOfMessage(message: Record<string, unknown>): Required<Said> {
  const calls = Array.isArray(message['tool_calls']) ? message['tool_calls'] : []
  return {
    text: String(message['content'] ?? ''),
    reasoning: String(message['reasoning_content'] ?? ''),
    toolCalls: calls.map((call: unknown) => {
      const fn = isObject(call) ? call['function'] : undefined
      if (!isObject(call) || !isObject(fn)) throw new Error('no function')
      expect(call['id']).toEqual(expect.stringMatching(/./))
      expect(call['type']).toBe('function')
      return { name: String(fn['name']), arguments: JSON.parse(String(fn['arguments'])) as unknown }
    }),
  }
}

function textBytes(expected: Said): number {
  return Buffer.byteLength((expected.text ?? '') + (expected.reasoning ?? ''))
}

function vectorsOf(body: string): unknown[] {
  const answer = parseJson(body)
  const data = isObject(answer) ? answer['data'] : undefined
  if (!Array.isArray(data)) throw new Error('no data')
  return data.map((item, index) => {
    expect(item).toMatchObject({ object: 'embedding', index })
    return isObject(item) ? item['embedding'] : undefined
  })
}

function floatsOf(base64: string): number[] {
  const bytes = Buffer.from(base64, 'base64')
  return Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4))
}
