import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { until } from '../support/until.ts'

/**
 * Each of the four waits for a provider has a limit and an error of its own: the connection, the beginning of the
 * answer, the next sign of life, the whole request.
 */
let app: TestGateway
let secret: string
let teamId: string
let upstream: Server
let script: (response: ServerResponse) => void
const model = 'slow'
const firstByteMs = 600
const idleMs = 300
const requestMsMax = 1_500

beforeAll(async () => {
  upstream = createServer((request, response) => {
    request.resume().on('end', () => script(response))
  })
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
  app = await startTestGateway({ limits: { firstByteMs, idleMs, requestMsMax } })
  await app.addAccount({
    protocol: 'openai',
    baseUrl: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`,
    models: [{ name: model }],
  })
  const team = await app.addTeam({ quotas: [{ metric: 'tokens', window: 'total', limit: 10_000_000n }] })
  secret = team.secret
  teamId = team.teamId
})

afterEach(() => upstream.closeAllConnections())

afterAll(async () => {
  await app.close()
  upstream.closeAllConnections()
  await new Promise((resolve) => upstream.close(resolve))
})

describe('a provider that takes its time', () => {
  it.each([true, false])('is given up when no answer begins, with a 504 (stream: %s)', async (stream) => {
    script = () => {}
    await expect(ask(stream)).rejects.toMatchObject({
      status: 504,
      code: 'upstream_timeout',
      message: expect.stringContaining(`no answer began within ${firstByteMs} ms`) as string,
    })
  })

  it.each([
    ['a head and comments', true, ': keep-alive\n\n'],
    ['a head and blank lines', false, '\n\n'],
  ])('has not begun to answer with %s, however often', async (_what, stream, sign) => {
    script = (response) => {
      response.writeHead(200, { 'content-type': stream ? 'text/event-stream' : 'application/json' })
      every(50, response, () => response.write(sign))
    }
    await expect(ask(stream)).rejects.toMatchObject({ status: 504, code: 'upstream_timeout' })
  })

  it('may think in silence behind its head for longer than it may pause in the middle', async () => {
    script = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
      setTimeout(() => response.end(chunk('hello', 'stop') + 'data: [DONE]\n\n'), idleMs + 150)
    }
    expect(await read()).toEqual({ text: 'hello', error: undefined })
  })

  it('is given up when it falls silent in the middle, and the client is told in the stream', async () => {
    script = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(chunk('half'))
    }
    const { text, error } = await read()
    expect(text).toBe('half')
    expect(error).toMatchObject({
      code: 'upstream_timeout',
      message: expect.stringContaining(`nothing came for ${idleMs} ms`) as string,
    })
  })

  it('lives as long as it sends keep-alive comments in the middle', async () => {
    script = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(chunk('first '))
      let comments = 0
      every(100, response, () => {
        comments += 1
        // Three times the limit on silence.
        if (comments < 9) response.write(': ping\n\n')
        else response.end(chunk('last', 'stop') + 'data: [DONE]\n\n')
      })
    }
    expect(await read()).toEqual({ text: 'first last', error: undefined })
  })

  it('is cut off when the whole answer takes longer than a request may', async () => {
    script = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      every(50, response, () => response.write(chunk('more ')))
    }
    const { text, error } = await read()
    expect(text).toContain('more more')
    expect(error).toMatchObject({
      code: 'upstream_timeout',
      message: expect.stringContaining(`not complete within ${requestMsMax} ms`) as string,
    })
  })

  it('is not reachable where nobody listens, with a 502 of its own', async () => {
    await app.addAccount({
      protocol: 'openai',
      name: 'nobody',
      baseUrl: 'http://127.0.0.1:1/v1',
      models: [{ name: 'nobody' }],
    })
    await expect(ask(false, 'nobody')).rejects.toMatchObject({
      status: 502,
      code: 'upstream_error',
      message: expect.stringContaining('could not be reached') as string,
    })
  })

  it('leaves one record each and nothing held', async () => {
    await app.books.live.drain()
    const rows = await app.database.prisma.usageRecord.findMany({ where: { teamId } })
    const kinds = rows.map(({ status, errorKind }) => `${status} ${errorKind ?? ''}`.trim()).sort()
    expect(kinds).toEqual([
      'error timeout',
      'error timeout',
      'error timeout',
      'error timeout',
      'error timeout',
      'error timeout',
      'error unreachable',
      'ok',
      'ok',
    ])
    expect(app.books.services.counters.open().reservations).toBe(0)
  })
})

function ask(stream: boolean, name = model) {
  return app.client(secret).chat.completions.create({
    model: name,
    messages: [{ role: 'user', content: 'hi' }],
    max_tokens: 100,
    stream,
  })
}

/** Text of a stream, and the error that ended it. */
async function read(): Promise<{ text: string; error: unknown }> {
  const stream = await app.client(secret).chat.completions.create({
    model,
    messages: [{ role: 'user', content: 'hi' }],
    max_tokens: 100,
    stream: true,
  })
  let text = ''
  try {
    for await (const part of stream) text += part.choices[0]?.delta.content ?? ''
    return { text, error: undefined }
  } catch (error) {
    return { text, error }
  } finally {
    await until(() => app.books.live.live().inFlight === 0)
  }
}

function chunk(content: string, finish: string | null = null): string {
  const choices = [{ index: 0, delta: { role: 'assistant', content }, finish_reason: finish }]
  const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_760_000_000, model }
  return `data: ${JSON.stringify({ ...head, choices })}\n\n`
}

function every(ms: number, response: ServerResponse, step: () => void): void {
  const timer = setInterval(step, ms)
  response.once('close', () => clearInterval(timer))
  response.once('finish', () => clearInterval(timer))
}
