import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import { createControl } from './control/control.ts'
import type { Engine } from './engine/engine.ts'
import { sendReply } from './engine/send-reply.ts'
import { serveGeneration } from './engine/serve-generation.ts'
import { serveSession } from './engine/serve-session.ts'
import type { Incoming, Operation, Platform } from './contract/platform.ts'
import { isRefusal } from './contract/refusal.ts'
import type { SimulatedEndpoint } from './endpoints.ts'

interface Route {
  readonly platform: Platform
  readonly operation: Operation
}

const bodyBytesMax = 64 * 1024 * 1024

/** The HTTP server of all platforms: one table of paths, and the control routes under `/_sim`. */
export function createSimulatorServer(
  engine: Engine,
  platforms: readonly Platform[],
  endpoints: () => Record<string, SimulatedEndpoint>,
): Server {
  const routes = new Map<string, Route>()
  for (const platform of platforms) {
    for (const operation of platform.operations) {
      routes.set(routeKey(operation.method, operation.path, operation.action), { platform, operation })
    }
  }
  const control = createControl(engine, platforms, endpoints)
  const nextId = createIds(engine.seed)

  const handle = (request: IncomingMessage, response: ServerResponse, body: string) => {
    const url = request.url ?? '/'
    const queryAt = url.indexOf('?')
    const path = queryAt < 0 ? url : url.slice(0, queryAt)
    const method = request.method ?? 'GET'
    if (path.startsWith('/_sim/')) {
      sendReply(
        response,
        control({
          method,
          path,
          query: new URLSearchParams(url.slice(path.length)),
          body,
          headers: request.headers,
        }),
      )
      return
    }
    const query = queryAt < 0 ? '' : url.slice(queryAt + 1)
    const route =
      routes.get(routeKey(method, path, undefined)) ??
      routes.get(routeKey(method, path, actionOf(request, query))) ??
      routes.get(routeKey(method, `${path.slice(0, path.lastIndexOf('/'))}/*`, undefined))
    if (route === undefined) {
      sendReply(response, {
        status: 404,
        body: `{"error":{"message":"no such path here: ${method} ${encodeURI(path)}"}}`,
      })
      return
    }
    const incoming: Incoming = {
      id: nextId(),
      method,
      path,
      query,
      headers: request.headers,
      body,
      createdAt: Math.floor(Date.now() / 1000),
    }
    const { platform, operation } = route
    if (operation.kind === 'plain') servePlain(engine, platform, operation, incoming, response)
    else if (operation.kind === 'session') serveSession(engine, platform, operation, incoming, response)
    else serveGeneration(engine, platform, operation, incoming, response)
  }

  const server = createServer({ keepAliveTimeout: 75_000, requestTimeout: 0 }, (request, response) => {
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= bodyBytesMax) chunks.push(chunk)
    })
    request.on('end', () => {
      if (bytes > bodyBytesMax) {
        sendReply(response, { status: 413, body: '{"error":{"message":"request body too large"}}' })
        return
      }
      const [only] = chunks
      const body = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks)
      try {
        handle(request, response, body.toString('utf8'))
      } catch (error) {
        // A failure of the simulator itself must not look like one of a provider.
        process.stderr.write(`simulator: ${error instanceof Error ? String(error.stack) : String(error)}\n`)
        if (response.headersSent) response.destroy()
        else
          sendReply(response, { status: 599, body: '{"error":"the simulator itself failed; see its log"}' })
      }
    })
    // A client that vanishes while it sends is no event of ours: nothing was accepted yet.
    request.on('error', () => response.destroy())
    response.on('error', () => response.destroy())
  })
  return server
}

function routeKey(method: string, path: string, action: string | undefined): string {
  return action === undefined ? `${method} ${path}` : `${method} ${path}?${action}`
}

function actionOf(request: IncomingMessage, query: string): string | undefined {
  const named = request.headers['x-tc-action']
  return typeof named === 'string' ? named : (new URLSearchParams(query).get('Action') ?? undefined)
}

function servePlain(
  engine: Engine,
  platform: Platform,
  operation: Operation & { kind: 'plain' },
  request: Incoming,
  response: ServerResponse,
): void {
  const admitted = platform.admit(request, engine.sessions)
  if (isRefusal(admitted) && !operation.open) {
    sendReply(
      response,
      platform.refuse(admitted, request) ?? { status: 401, body: '' },
      platform.headers(request),
    )
    return
  }
  const account = isRefusal(admitted) ? undefined : admitted.account
  sendReply(response, operation.answer(request, account, engine.books), platform.headers(request))
}

/** Ids in the form of UUIDs: a part that looks random and a counter that makes them unique. */
function createIds(seed: number): () => string {
  let count = 0
  return () => {
    count += 1
    const mixed = Math.imul(count ^ (seed * 0x9e37), 0x85ebca6b) >>> 0
    const other = Math.imul(mixed ^ 0x27d4eb2f, 0xc2b2ae35) >>> 0
    const hex = mixed.toString(16).padStart(8, '0')
    const more = other.toString(16).padStart(8, '0')
    return `${hex}-${more.slice(0, 4)}-9${more.slice(4, 7)}-8${hex.slice(1, 4)}-${count.toString(16).padStart(12, '0')}`
  }
}
