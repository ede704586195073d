import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { StateKind } from '../../contract/refusal.ts'
import { countTokens } from '../../engine/count-tokens.ts'
import { type Simulator, startSimulator } from '../../simulator.ts'
import { at, chunks, payloads } from '../../testing/client.ts'
import { fixture, streamShape } from '../../testing/shape.ts'
import { type Signing, openTencent, sendTencent, tencentChat } from '../../testing/tencent.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator()
})
beforeEach(() => simulator.reset())
afterAll(() => simulator.close())

const chat = (body: unknown, signing: Signing = {}) =>
  sendTencent(simulator, 'ChatCompletions', body, signing)
const sample = (file: string) => fixture(`hunyuan/native-${file}`)

const stream = { Stream: true }
const nine = 'a [[sim tokens=9]]'
const promptOfNine = 4 + countTokens(nine)

describe('a platform in some state answers with its own code, always with status 200', () => {
  it.each<[StateKind, string | undefined, string]>([
    ['bad-key', 'error-secretid.json', 'AuthFailure.SecretIdNotFound'],
    ['rate-limit', 'error-requestlimit.json', 'RequestLimitExceeded'],
    ['free-quota', 'error-free-pack.json', 'FailedOperation.FreeResourcePackExhausted'],
    ['balance', 'error-arrears.json', 'FailedOperation.ServiceStopArrears'],
    ['content-filter', 'error-content.json', 'OperationDenied.TextIllegalDetected'],
    ['overloaded', 'error-engine-limit.json', 'FailedOperation.EngineServerLimitExceeded'],
    ['internal', undefined, 'InternalError'],
  ])('%s', async (code, file, name) => {
    simulator.addFault({ match: { protocol: 'hunyuan-native' }, times: 2, fault: { code } })
    const sent = await chat(tencentChat('a'))
    const streamed = await chat(tencentChat('a', stream))
    expect([sent.status, streamed.status]).toEqual([200, 200])
    expect(streamed.headers.get('content-type')).toBe('application/json')
    expect(at(sent.json, 'Response.Error.Code')).toBe(name)
    if (file !== undefined) {
      expect(at(sent.json, 'Response.Error')).toEqual(at(JSON.parse(sample(file)), 'Response.Error'))
    }
    expect(simulator.bill().totals.requests).toBe(0)
  })
})

describe('faults', () => {
  const streamed = () => openTencent(simulator, 'ChatCompletions', tencentChat(nine, stream))
  const readAll = async (response: Response) => {
    let text = ''
    try {
      for await (const part of response.body ?? []) text += Buffer.from(part).toString()
      return { text, broken: false }
    } catch {
      return { text, broken: true }
    }
  }

  it('an error inside a stream is a frame with ErrorMsg', async () => {
    simulator.addFault({ fault: { errorAfterChunks: 1 } })
    const sent = await chat(tencentChat('部', stream))
    expect(streamShape(sent.text)).toEqual(streamShape(sample('chat-stream-error-mid.sse.txt')))
    expect(at(chunks(sent.text).at(-1), 'ErrorMsg')).toEqual({ Msg: '模型请求超时', Code: 4001 })
    expect(simulator.requests()).toMatchObject([{ outcome: 'error', completionTokens: 1 }])
  })

  it('an error inside a stream is a refusal where nothing is streamed', async () => {
    simulator.addFault({ fault: { errorAfterChunks: 1 } })
    const sent = await chat(tencentChat(nine))
    expect([sent.status, at(sent.json, 'Response.Error.Code')]).toEqual([200, 'InternalError'])
  })

  it('a cut breaks the connection, and what was produced is billed', async () => {
    simulator.addFault({ fault: { cutAfterChunks: 4 } })
    const { text, broken } = await readAll(await streamed())
    expect([broken, payloads(text).length]).toEqual([true, 4])
    expect(simulator.bill().totals).toMatchObject({ inputTokens: promptOfNine, outputTokens: 4 })
    expect(simulator.requests()).toMatchObject([{ outcome: 'cut', usageSent: true }])
  })

  it('a stall keeps the connection open', async () => {
    simulator.addFault({ fault: { stallAfterChunks: 3 } })
    const hangUp = new AbortController()
    const response = await openTencent(simulator, 'ChatCompletions', tencentChat(nine, stream), {
      signal: hangUp.signal,
    })
    const first = await response.body?.getReader().read()
    expect(payloads(Buffer.from(first?.value ?? []).toString())).toHaveLength(3)
    expect(simulator.requests()).toMatchObject([{ outcome: 'stalled' }])
    hangUp.abort()
  })

  it('garbage is a frame that is no JSON', async () => {
    simulator.addFault({ fault: { garbageAfterChunks: 2 } })
    const { text, broken } = await readAll(await streamed())
    expect(broken).toBe(false)
    expect(() => JSON.parse(payloads(text).at(-1) ?? '') as unknown).toThrow('JSON')
  })

  it.each([
    [{ noUsage: true }, undefined],
    [{ usage: 'null' as const }, null],
  ])('usage told as %o is billed all the same', async (fault, told) => {
    simulator.addFault({ times: 2, fault })
    const frames = chunks((await chat(tencentChat(nine, stream))).text)
    expect(frames.map((frame) => frame['Usage'])).toEqual(frames.map(() => told))
    expect(at((await chat(tencentChat(nine))).json, 'Response.Usage')).toBe(told)
    expect(simulator.bill().totals).toMatchObject({ requests: 2, outputTokens: 18 })
    expect(simulator.requests().map((request) => request.usageSent)).toEqual([false, false])
  })

  it('usage of embeddings can be silenced too', async () => {
    simulator.addFault({ fault: { noUsage: true } })
    const sent = await sendTencent(simulator, 'GetEmbedding', { Input: '你好' })
    expect(at(sent.json, 'Response.Usage')).toBeUndefined()
    expect(simulator.bill().totals.inputTokens).toBe(2)
  })

  it('an empty stream, and an answer without choices in its own wrapping', async () => {
    simulator.addFault({ times: 2, fault: { emptyStream: true } })
    expect(await readAll(await streamed())).toEqual({ text: '', broken: false })
    expect(at((await chat(tencentChat(nine))).json, 'Response.Choices')).toEqual([])
    expect(simulator.bill().totals.requests).toBe(0)
  })

  it('another status, a body as it is, and a page of a gateway', async () => {
    simulator.addFault({ fault: { status: 503 } })
    const internal = await chat(tencentChat(nine))
    expect([internal.status, at(internal.json, 'Response.Error.Code')]).toEqual([503, 'InternalError'])
    simulator.addFault({ fault: { status: 200, body: { Response: {} } } })
    expect((await chat(tencentChat(nine))).text).toBe('{"Response":{}}')
    simulator.addFault({ fault: { html502: true } })
    expect((await chat(tencentChat(nine))).status).toBe(502)
  })

  it('strike an action that generates nothing only by its name', async () => {
    simulator.addFault({ fault: { code: 'rate-limit' } })
    const count = () => sendTencent(simulator, 'GetTokenCount', { Prompt: 'a' })
    expect(at((await count()).json, 'Response.TokenCount')).toBe(1)
    simulator.addFault({ match: { action: 'GetTokenCount' }, fault: { code: 'rate-limit' } })
    expect(at((await count()).json, 'Response.Error.Code')).toBe('RequestLimitExceeded')
    expect(at((await chat(tencentChat('a'))).json, 'Response.Error.Code')).toBe('RequestLimitExceeded')
    expect(at((await count()).json, 'Response.TokenCount')).toBe(1)
  })
})
