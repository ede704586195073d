import type { Engine } from './engine.ts'
import type { Fault } from './faults.ts'
import type { Outlet } from './outlet.ts'
import type { LoggedRequest } from './request-log.ts'
import type { Incoming, Platform } from '../contract/platform.ts'

/** One accepted request on its way through the engine. */
export interface Exchange {
  readonly engine: Engine
  readonly platform: Platform
  readonly request: Incoming
  readonly outlet: Outlet
  readonly entry: LoggedRequest
  readonly account: string
  /** Who asks, where the platform answers one call of a user at a time. */
  readonly user?: string | undefined
  readonly fault: Fault
  /** How often the engine had been reset when the call began. */
  readonly resets: number
}
