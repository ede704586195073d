import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import { acceptHandshakes } from './handshakes.ts'
import { createControl } from './control/control.ts'
import type { Engine } from './engine/engine.ts'
import { httpOutlet } from './engine/http-outlet.ts'
import { sendReply } from './engine/send-reply.ts'
import { serveConversation } from './engine/serve-conversation.ts'
import { serveGeneration } from './engine/serve-generation.ts'
import { servePlain } from './engine/serve-plain.ts'
import { serveSession } from './engine/serve-session.ts'
import type { ConversationOperation, Incoming, Operation, Platform, WireReply } from './contract/platform.ts'
import { report } from './report.ts'
import type { SimulatedEndpoint } from './endpoints.ts'

interface Route<Served extends Operation> {
  readonly platform: Platform
  readonly operation: Served
}

export interface SimulatorServer {
  readonly server: Server
  /** Drops every connection, open WebSockets included. */
  drop(): void
}

const bodyBytesMax = 64 * 1024 * 1024

/** The HTTP server of all platforms: one table of paths, and the control routes under `/_sim`. */
export function createSimulatorServer(
  engine: Engine,
  platforms: readonly Platform[],
  endpoints: () => Record<string, SimulatedEndpoint>,
): SimulatorServer {
  const routes = new Map<string, Route<Exclude<Operation, ConversationOperation>>>()
  const conversations = new Map<string, Route<ConversationOperation>>()
  for (const platform of platforms) {
    for (const operation of platform.operations) {
      if (operation.kind === 'conversation') conversations.set(operation.path, { platform, operation })
      else routes.set(routeKey(operation.method, operation.path, operation.action), { platform, operation })
    }
  }
  const control = createControl(engine, platforms, endpoints)
  const nextId = createIds(engine.seed)

  const incomingOf = (request: IncomingMessage, body: string): Incoming => {
    const url = request.url ?? '/'
    const queryAt = url.indexOf('?')
    return {
      id: nextId(),
      method: request.method ?? 'GET',
      path: queryAt < 0 ? url : url.slice(0, queryAt),
      query: queryAt < 0 ? '' : url.slice(queryAt + 1),
      headers: request.headers,
      body,
      createdAt: Math.floor(Date.now() / 1000),
    }
  }

  const handle = (request: IncomingMessage, response: ServerResponse, body: string) => {
    const incoming = incomingOf(request, body)
    const { method, path, query, headers } = incoming
    if (path.startsWith('/_sim/')) {
      sendReply(response, control({ method, path, query: new URLSearchParams(query), body, headers }))
      return
    }
    const route =
      routes.get(routeKey(method, path, undefined)) ??
      routes.get(routeKey(method, path, actionOf(incoming))) ??
      routes.get(routeKey(method, `${path.slice(0, path.lastIndexOf('/'))}/*`, undefined))
    if (route === undefined) {
      sendReply(response, noSuchPath(incoming))
      return
    }
    const { platform, operation } = route
    if (operation.kind === 'plain') servePlain(engine, platform, operation, incoming, response)
    else if (operation.kind === 'session') serveSession(engine, platform, operation, incoming, response)
    else serveGeneration(engine, platform, operation, incoming, httpOutlet(response))
  }

  const options = {
    keepAliveTimeout: 75_000,
    requestTimeout: 0,
    // Some clients offer HTTP/2 with every request and are content with HTTP/1.1.
    shouldUpgradeCallback: ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === 'websocket',
  }
  const server = createServer(options, (request, response) => {
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
        report(error)
        if (response.headersSent) response.destroy()
        else
          sendReply(response, { status: 599, body: '{"error":"the simulator itself failed; see its log"}' })
      }
    })
    // A client that vanishes while it sends is no event of ours: nothing was accepted yet.
    request.on('error', () => response.destroy())
    response.on('error', () => response.destroy())
  })

  const handshakes = acceptHandshakes(server, (handshake, request) => {
    const incoming = incomingOf(request, '')
    const route = conversations.get(incoming.path)
    if (route === undefined) handshake.refuse().refuse(noSuchPath(incoming), {})
    else serveConversation(engine, route.platform, route.operation, { ...handshake, request: incoming })
  })
  return {
    server,
    drop() {
      server.closeAllConnections()
      handshakes.drop()
    },
  }
}

function noSuchPath({ method, path }: Incoming): WireReply {
  return { status: 404, body: `{"error":{"message":"no such path here: ${method} ${encodeURI(path)}"}}` }
}

function routeKey(method: string, path: string, action: string | undefined): string {
  return action === undefined ? `${method} ${path}` : `${method} ${path}?${action}`
}

function actionOf({ headers, query }: Incoming): string | undefined {
  const named = headers['x-tc-action']
  return typeof named === 'string' ? named : (new URLSearchParams(query).get('Action') ?? undefined)
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
