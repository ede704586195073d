import type { StateKind } from '../contract/refusal.ts'

export const noFault: Fault = {}

/** Which requests a fault strikes; every given field must fit. Without `action`, generating requests only. */
export interface FaultMatch {
  readonly provider?: string | undefined
  readonly protocol?: string | undefined
  readonly account?: string | undefined
  readonly model?: string | undefined
  /** A text anywhere in the request body. */
  readonly contains?: string | undefined
  /** `true`: exchanges of credentials for a token are struck, and nothing else. They have no model and no body. */
  readonly sessions?: boolean | undefined
  /** An action that generates nothing, such as `GetApiKey`. */
  readonly action?: string | undefined
}

/**
 * What goes wrong. Fields combine: a delay before a cut, a gap with an error. Chunks are the events of a stream,
 * counted from the first one.
 */
export interface Fault {
  /** An answer of this status instead of the real one, with `body` or the platform's internal error. */
  readonly status?: number | undefined
  /** A string goes out as it is, an object as JSON. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** The platform's own body and status for this state (`status` overrides the status; `body` makes it moot). */
  readonly code?: StateKind | undefined
  readonly delayMs?: number | undefined
  readonly gapMs?: number | undefined
  /** Destroys the connection after so many chunks. */
  readonly cutAfterChunks?: number | undefined
  /** Goes silent after so many chunks and keeps the connection open. */
  readonly stallAfterChunks?: number | undefined
  /** The platform's own error inside the stream after so many chunks, then the end. */
  readonly errorAfterChunks?: number | undefined
  /** A broken event after so many chunks, then the end. */
  readonly garbageAfterChunks?: number | undefined
  readonly noUsage?: boolean | undefined
  /** `null`: the usage is told as `null`; `every`: running totals in every chunk. `noUsage` wins over it. */
  readonly usage?: 'null' | 'every' | undefined
  readonly emptyStream?: boolean | undefined
  readonly html502?: boolean | undefined
}

export interface FaultSetting {
  readonly match?: FaultMatch | undefined
  /** How many requests it strikes; 0 = until cleared. Default 1. */
  readonly times?: number | undefined
  readonly fault: Fault
}

export interface FaultState extends FaultSetting {
  readonly id: string
  readonly struck: number
}

export interface Faults {
  /** Returns the id of the fault. */
  add(setting: FaultSetting): string
  /** The first fault that fits the request, used up by one. */
  take(request: Struck): Fault | undefined
  /** The same before the request is read: of those that ask nothing about model and body, the first that may strike. */
  takeUnread(caller: Caller, mayStrike: (fault: Fault) => boolean): Fault | undefined
  list(): FaultState[]
  clear(): void
}

interface Caller {
  readonly provider: string
  readonly protocol: string
  readonly account: string
}

interface Struck extends Caller {
  readonly model: string
  readonly body: string
  /** An exchange of credentials for a token. */
  readonly sessions: boolean
  /** Of a request that generates nothing. */
  readonly action?: string
}

interface Waiting {
  readonly id: string
  readonly setting: FaultSetting
  struck: number
}

export function createFaults(): Faults {
  let waiting: Waiting[] = []
  let made = 0
  const strike = (found: Waiting | undefined): Fault | undefined => {
    if (found === undefined) return undefined
    found.struck += 1
    const times = found.setting.times ?? 1
    if (times !== 0 && found.struck >= times) waiting = waiting.filter((other) => other !== found)
    return found.setting.fault
  }
  return {
    add(setting) {
      made += 1
      const id = `fault-${made}`
      waiting.push({ id, setting, struck: 0 })
      return id
    },
    take(request) {
      if (waiting.length === 0) return undefined
      return strike(
        waiting.find(({ setting: { match = {} } }) => fitsCaller(match, request) && fitsBody(match, request)),
      )
    },
    takeUnread(caller, mayStrike) {
      return strike(
        waiting.find(
          ({ setting: { match = {}, fault } }) =>
            match.model === undefined &&
            match.contains === undefined &&
            match.sessions !== true &&
            match.action === undefined &&
            fitsCaller(match, caller) &&
            mayStrike(fault),
        ),
      )
    },
    list() {
      return waiting.map(({ id, setting, struck }) => ({ id, struck, ...setting }))
    },
    clear() {
      waiting = []
    },
  }
}

function fitsCaller(match: FaultMatch, caller: Caller): boolean {
  return (
    (match.provider === undefined || match.provider === caller.provider) &&
    (match.protocol === undefined || match.protocol === caller.protocol) &&
    (match.account === undefined || match.account === caller.account)
  )
}

function fitsBody(match: FaultMatch, request: Struck): boolean {
  return (
    (match.sessions ?? false) === request.sessions &&
    match.action === request.action &&
    (match.model === undefined || match.model === request.model) &&
    (match.contains === undefined || request.body.includes(match.contains))
  )
}
