import type { ServerResponse } from 'node:http'
import type { Engine } from './engine.ts'
import type { Fault } from './faults.ts'
import type { LoggedRequest } from './request-log.ts'
import type { Incoming, Platform } from '../contract/platform.ts'

/** One accepted request on its way through the engine. */
export interface Exchange {
  readonly engine: Engine
  readonly platform: Platform
  readonly request: Incoming
  readonly response: ServerResponse
  readonly entry: LoggedRequest
  readonly account: string
  readonly fault: Fault
  /** How often the engine had been reset when the call began. */
  readonly resets: number
}
