import { type SimulatedEndpoint, endpointsAt } from './endpoints.ts'
import type { Bill } from './engine/bill.ts'
import { createEngine } from './engine/engine.ts'
import type { FaultSetting } from './engine/faults.ts'
import type { GrantSetting } from './engine/grants.ts'
import type { LoggedRequest } from './engine/request-log.ts'
import type { SessionMatch } from './engine/sessions.ts'
import { platforms } from './platforms/index.ts'
import { createSimulatorServer } from './server.ts'

export interface SimulatorOptions {
  /** 0 (default) takes a free port. */
  readonly port?: number
  readonly host?: string
  /** Changes the words of all answers and vectors; the same seed gives the same ones. */
  readonly seed?: number
  /** Milliseconds between chunks where no directive says otherwise; 0 (default) writes all at once. */
  readonly defaultGapMs?: number
  /** How long an open WebSocket may wait for its request before it is dropped; default 60,000 ms. */
  readonly requestWithinMs?: number
}

/** A running simulator of all providers. */
export interface Simulator {
  readonly url: string
  readonly port: number
  /** By protocol, such as `tongyi-compatible`. */
  readonly endpoints: Readonly<Record<string, SimulatedEndpoint>>
  /** What the providers charge for since the start or the last reset. */
  bill(): Bill
  /** Every generating request, newest first (the last 100,000). */
  requests(): LoggedRequest[]
  /** Makes matching requests go wrong; returns the id of the fault. */
  addFault(setting: FaultSetting): string
  clearFaults(): void
  /** Sets or refills a free quota on the provider's side. */
  setGrant(setting: GrantSetting): void
  /** Ends the tokens handed out that fit, all of them without a match; returns how many it ended. */
  expireSessions(match?: SessionMatch): number
  /** How many tokens a protocol has handed out since the start or the last reset, to one account or to all. */
  sessionsOpened(protocol: string, account?: string): number
  /** Forgets bill, requests, faults and grants. Tokens handed out stay valid, but are counted anew. */
  reset(): void
  /** Stops listening and drops every connection. */
  close(): Promise<void>
}

/** Starts the providers' side of every protocol on one port. Rejects when the port is taken. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const engine = createEngine({
    seed: options.seed ?? 1,
    defaultGapMs: options.defaultGapMs ?? 0,
    requestWithinMs: options.requestWithinMs ?? 60_000,
  })
  const host = options.host ?? '127.0.0.1'
  let endpoints: Record<string, SimulatedEndpoint> = {}
  const { server, drop } = createSimulatorServer(engine, platforms, () => endpoints)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port: options.port ?? 0, host, backlog: 4096 }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the simulator listens on no port')
  const { port } = address
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  endpoints = endpointsAt(url, platforms)
  return {
    url,
    port,
    endpoints,
    bill: () => engine.billing.bill(),
    requests: () => engine.log.list(),
    addFault: (setting) => engine.faults.add(setting),
    clearFaults: () => engine.faults.clear(),
    setGrant: (setting) => engine.grants.set(setting),
    expireSessions: (match = {}) => engine.sessions.end(match),
    sessionsOpened: (protocol, account) => engine.sessions.opened(protocol, account),
    reset: () => engine.reset(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        drop()
      }),
  }
}
