import { type Billing, createBilling } from './bill.ts'
import { type Faults, createFaults } from './faults.ts'
import { type Grants, createGrants } from './grants.ts'
import { type RequestLog, createRequestLog } from './request-log.ts'
import { type SessionRegister, createSessions } from './sessions.ts'
import type { Books } from '../contract/platform.ts'

/** The state shared by all platforms of one simulator. */
export interface Engine {
  readonly seed: number
  readonly defaultGapMs: number
  /** How long an open WebSocket may wait for its request. */
  readonly requestWithinMs: number
  readonly billing: Billing
  readonly faults: Faults
  readonly grants: Grants
  readonly log: RequestLog
  readonly sessions: SessionRegister
  readonly running: Running
  readonly books: Books
  /** Counts resets: calls that began before the last one are not booked any more. */
  resets(): number
  reset(): void
}

/** Counts the calls in progress of each account and model, and knows whose they are where that matters. */
export interface Running {
  begin(protocol: string, account: string, model: string, user?: string): void
  end(protocol: string, account: string, model: string, user?: string): void
  byModel(protocol: string, account: string): ReadonlyMap<string, number>
  /** A call of this user is in progress. */
  isBusy(protocol: string, account: string, user: string): boolean
}

export function createEngine(options: {
  seed: number
  defaultGapMs: number
  requestWithinMs: number
}): Engine {
  const billing = createBilling()
  const faults = createFaults()
  const grants = createGrants()
  const log = createRequestLog()
  const sessions = createSessions()
  const running = createRunning()
  let resets = 0
  return {
    ...options,
    billing,
    faults,
    grants,
    log,
    sessions,
    running,
    books: {
      billedRequests: (protocol, account) => billing.requestsByModel(protocol, account),
      runningRequests: (protocol, account) => running.byModel(protocol, account),
      magicubes: (provider, account) => grants.magicubes({ provider, account, model: '' }),
      sessions,
    },
    resets: () => resets,
    reset() {
      resets += 1
      billing.reset()
      faults.clear()
      grants.clear()
      log.clear()
      sessions.countAnew()
    },
  }
}

function createRunning(): Running {
  const accounts = new Map<string, Map<string, number>>()
  const add = (protocol: string, account: string, model: string, count: number) => {
    const key = `${protocol}\n${account}`
    const models = accounts.get(key) ?? new Map<string, number>()
    models.set(model, (models.get(model) ?? 0) + count)
    accounts.set(key, models)
  }
  const users = new Set<string>()
  const userKey = (protocol: string, account: string, user: string) => `${protocol}\n${account}\n${user}`
  return {
    begin(protocol, account, model, user) {
      add(protocol, account, model, 1)
      if (user !== undefined) users.add(userKey(protocol, account, user))
    },
    end(protocol, account, model, user) {
      add(protocol, account, model, -1)
      if (user !== undefined) users.delete(userKey(protocol, account, user))
    },
    isBusy: (protocol, account, user) => users.has(userKey(protocol, account, user)),
    byModel: (protocol, account) => accounts.get(`${protocol}\n${account}`) ?? new Map(),
  }
}
