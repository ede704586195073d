import type { IncomingHttpHeaders } from 'node:http'
import { readFaultSetting } from './read-fault.ts'
import { readGrantSetting } from './read-grant.ts'
import { readSessionMatch } from './read-session-match.ts'
import { InvalidControl } from './fields.ts'
import type { Engine } from '../engine/engine.ts'
import type { Platform, WireReply } from '../contract/platform.ts'
import type { SimulatedEndpoint } from '../endpoints.ts'

interface ControlRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly body: string
  readonly headers: IncomingHttpHeaders
}

type Action = (request: ControlRequest) => unknown

/** The control routes: what a test needs to know and to set from another process. JSON in, JSON out. */
export function createControl(
  engine: Engine,
  platforms: readonly Platform[],
  endpoints: () => Record<string, SimulatedEndpoint>,
): (request: ControlRequest) => WireReply {
  const providers = [...new Set(platforms.map((platform) => platform.provider))]
  const protocols = platforms.map((platform) => platform.protocol)
  const actions: Record<string, Action> = {
    'GET /_sim/endpoints': () => endpoints(),
    'GET /_sim/bill': () => engine.billing.bill(),
    'GET /_sim/requests': ({ query }) => engine.log.list(limitOf(query)),
    'POST /_sim/reset': () => {
      engine.reset()
      return { reset: true }
    },
    'GET /_sim/grants': () => engine.grants.list(),
    'POST /_sim/grants': (request) => {
      engine.grants.set(readGrantSetting(bodyOf(request), providers))
      return { set: true }
    },
    'GET /_sim/sessions': () => engine.sessions.list(),
    'POST /_sim/sessions/expire': (request) => ({
      ended: engine.sessions.end(readSessionMatch(bodyOf(request), protocols)),
    }),
    'GET /_sim/faults': () => engine.faults.list(),
    'POST /_sim/faults': (request) => ({
      id: engine.faults.add(readFaultSetting(bodyOf(request), providers, protocols)),
    }),
    'DELETE /_sim/faults': () => {
      engine.faults.clear()
      return { cleared: true }
    },
  }
  return (request) => {
    const action = actions[`${request.method} ${request.path}`]
    if (action === undefined) {
      return reply(404, { error: `no such control route; there are: ${Object.keys(actions).join(', ')}` })
    }
    try {
      return reply(200, action(request))
    } catch (error) {
      if (error instanceof InvalidControl) return reply(400, { error: error.message })
      throw error
    }
  }
}

function reply(status: number, body: unknown): WireReply {
  return { status, body: JSON.stringify(body) }
}

function bodyOf(request: ControlRequest): unknown {
  if (request.headers['content-type']?.startsWith('application/json') !== true) {
    throw new InvalidControl('the content type must be application/json')
  }
  try {
    return JSON.parse(request.body)
  } catch {
    throw new InvalidControl('the body is not JSON')
  }
}

function limitOf(query: URLSearchParams): number | undefined {
  const limit = query.get('limit')
  if (limit === null) return undefined
  if (!/^\d{1,6}$/.test(limit)) throw new InvalidControl('limit must be a whole number')
  return Number(limit)
}
