import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ResponseHead } from '@tollgate/adapters/contract'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import { until } from '../../../test/support/until.ts'
import type { ExchangeOptions, TransportFailure } from '../../ports/transport.ts'
import { ProviderTransport } from './provider-transport.ts'

const server = createServer()
const sockets = new WebSocketServer({ noServer: true })
let port: number
/** What the platform does with a socket whose first frame has come. */
let converse: (socket: WebSocket, frame: string) => void
/** Answers the handshake with plain HTTP instead. */
let refusal: string | undefined
const transport = new ProviderTransport({ privateAllowed: false })

beforeAll(async () => {
  server.on('upgrade', (request, socket, head) => {
    if (refusal !== undefined) {
      socket.end(refusal)
      return
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      opened.once('message', (frame: Buffer) => converse(opened, frame.toString()))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})

afterEach(() => {
  refusal = undefined
})

afterAll(async () => {
  await transport.close()
  for (const socket of sockets.clients) socket.terminate()
  await new Promise((resolve) => server.close(resolve))
})

describe('a conversation on a WebSocket', () => {
  it('sends its frames, hands over each of the platform’s as one piece, and closes after the last one', async () => {
    let closed = false
    let heard = ''
    converse = (socket, frame) => {
      heard = frame
      socket.once('close', () => (closed = true))
      for (const text of ['一', '{"n":2}', 'last', 'never read']) socket.send(text)
    }
    const talk = open()
    await until(() => talk.ended)
    expect(heard).toBe('hello')
    expect(talk.head).toEqual({ status: 200, headers: {} })
    expect(talk.frames).toEqual(['一', '{"n":2}', 'last'])
    await until(() => closed)
  })

  it('ends when the platform closes, last frame or not', async () => {
    converse = (socket) => {
      socket.send('one')
      socket.close()
    }
    const talk = open()
    await until(() => talk.ended)
    expect(talk.frames).toEqual(['one'])
  })

  it('tells a refused handshake as the HTTP answer it is', async () => {
    const body = '{"message":"HMAC signature does not match"}'
    refusal = `HTTP/1.1 401 Unauthorized\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
    const talk = open()
    await until(() => talk.ended)
    expect(talk.head).toMatchObject({ status: 401, headers: { 'content-type': 'application/json' } })
    expect(talk.frames.join('')).toBe(body)
  })

  it('fails where the socket is torn', async () => {
    converse = (socket) => {
      socket.send('one')
      socket.terminate()
    }
    const talk = open()
    await until(() => talk.ended || talk.failure !== undefined)
    // Torn or closed without a last frame is the same to a reader: it knows that the answer is not complete.
    expect(talk.frames).toEqual(['one'])
  })

  it('is gone at once when it is aborted, and nothing is told afterwards', async () => {
    let closed = false
    converse = (socket) => {
      socket.once('close', () => (closed = true))
      socket.send('one')
    }
    const talk = open()
    await until(() => talk.frames.length === 1)
    talk.control.abort()
    await until(() => closed)
    expect(talk.ended).toBe(false)
    expect(talk.failure).toBeUndefined()
  })

  it('holds the platform back while its reader is slow', async () => {
    let socketOf: WebSocket | undefined
    converse = (socket) => {
      socketOf = socket
      socket.send('one')
    }
    const talk = open()
    await until(() => talk.frames.length === 1)
    talk.control.pause()
    const large = 'x'.repeat(1_000_000)
    for (let count = 0; count < 30; count += 1) socketOf?.send(large)
    await until(() => (socketOf?.bufferedAmount ?? 0) > 5_000_000)
    expect(talk.frames.length).toBeLessThan(30)
    talk.control.resume()
    await until(() => talk.frames.length === 31)
  })

  it.each([
    ['no answer within the first limit', { firstByteMs: 200, idleMs: 10_000 }, 'first-byte-timeout'],
    ['silence after the answer began', { firstByteMs: 10_000, idleMs: 200 }, 'idle-timeout'],
  ] as const)('ends after %s', async (_why, limits, kind) => {
    converse = (socket) => socket.send('a comment, or the beginning')
    const talk = open(limits, kind === 'idle-timeout')
    await until(() => talk.failure !== undefined)
    expect(talk.failure?.kind).toBe(kind)
  })

  it('dials no private address for an account that may not, and no metadata address for anybody', async () => {
    const guarded = open({ privateAllowed: false })
    await until(() => guarded.failure !== undefined)
    expect(guarded.failure).toMatchObject({ kind: 'address-not-allowed' })
    const named = open({ privateAllowed: false }, false, `ws://localhost:${port}/`)
    await until(() => named.failure !== undefined)
    expect(named.failure).toMatchObject({ kind: 'address-not-allowed' })
    const metadata = open({}, false, 'ws://169.254.169.254/')
    await until(() => metadata.failure !== undefined)
    expect(metadata.failure).toMatchObject({ kind: 'address-not-allowed' })
  })

  it('says where nobody listens', async () => {
    const talk = open({}, false, 'ws://127.0.0.1:1/')
    await until(() => talk.failure !== undefined)
    expect(talk.failure).toMatchObject({ kind: 'refused' })
  })
})

function open(
  limits: Partial<ExchangeOptions> = {},
  beginsAtOnce = false,
  url = `ws://127.0.0.1:${port}/chat?signature=x`,
) {
  const talk = {
    head: undefined as ResponseHead | undefined,
    frames: [] as string[],
    ended: false,
    failure: undefined as TransportFailure | undefined,
  }
  const control = transport.open(
    { transport: 'websocket', url, headers: {}, frames: ['hello'], isLast: (frame) => frame === 'last' },
    { privateAllowed: true, firstByteMs: 10_000, idleMs: 10_000, ...limits },
    {
      head: (head) => (talk.head = head),
      data(frame) {
        talk.frames.push(frame.toString())
        if (beginsAtOnce) control.answerBegan()
      },
      end: () => (talk.ended = true),
      fail: (failure) => (talk.failure = failure),
    },
  )
  return Object.assign(talk, { control })
}
