import { InvalidControl, closedObject, countAt, flagAt, textAt } from './fields.ts'
import type { Fault, FaultMatch, FaultSetting } from '../engine/faults.ts'
import { stateKinds } from '../contract/refusal.ts'
import type { JsonObject } from '../json.ts'

/** Reads the body of `POST /_sim/faults`, closed. */
export function readFaultSetting(
  value: unknown,
  providers: readonly string[],
  protocols: readonly string[],
): FaultSetting {
  const setting = closedObject(value, 'the body', ['match', 'times', 'fault'])
  if (setting['fault'] === undefined) throw new InvalidControl('fault is required')
  return {
    match: readMatch(setting['match'] ?? {}, providers, protocols),
    times: countAt(setting, 'times'),
    fault: readFault(setting['fault']),
  }
}

function readMatch(value: unknown, providers: readonly string[], protocols: readonly string[]): FaultMatch {
  const names = ['provider', 'protocol', 'account', 'model', 'contains', 'sessions', 'action']
  const match = closedObject(value, 'match', names)
  return {
    provider: textAt(match, 'provider', providers),
    protocol: textAt(match, 'protocol', protocols),
    account: textAt(match, 'account'),
    model: textAt(match, 'model'),
    contains: textAt(match, 'contains'),
    sessions: flagAt(match, 'sessions'),
    action: textAt(match, 'action'),
  }
}

const faultNames = [
  'status',
  'body',
  'headers',
  'code',
  'delayMs',
  'gapMs',
  'cutAfterChunks',
  'stallAfterChunks',
  'errorAfterChunks',
  'garbageAfterChunks',
  'noUsage',
  'usage',
  'emptyStream',
  'html502',
]

function readFault(value: unknown): Fault {
  const fault = closedObject(value, 'fault', faultNames)
  if (Object.keys(fault).length === 0)
    throw new InvalidControl(`fault needs one of: ${faultNames.join(', ')}`)
  const status = countAt(fault, 'status', 599)
  if (status !== undefined && status < 200)
    throw new InvalidControl('status must be a whole number from 200 to 599')
  const usage = textAt(fault, 'usage', ['null', 'every'])
  const code = textAt(fault, 'code', stateKinds)
  return {
    status,
    body: fault['body'],
    headers: headersAt(fault),
    code: stateKinds.find((kind) => kind === code),
    delayMs: countAt(fault, 'delayMs', 3_600_000),
    gapMs: countAt(fault, 'gapMs', 3_600_000),
    cutAfterChunks: countAt(fault, 'cutAfterChunks'),
    stallAfterChunks: countAt(fault, 'stallAfterChunks'),
    errorAfterChunks: countAt(fault, 'errorAfterChunks'),
    garbageAfterChunks: countAt(fault, 'garbageAfterChunks'),
    noUsage: flagAt(fault, 'noUsage'),
    usage: usage === 'null' || usage === 'every' ? usage : undefined,
    emptyStream: flagAt(fault, 'emptyStream'),
    html502: flagAt(fault, 'html502'),
  }
}

function headersAt(fault: JsonObject): Record<string, string> | undefined {
  if (fault['headers'] === undefined) return undefined
  const given = closedObject(fault['headers'], 'headers', Object.keys(fault['headers'] ?? {}))
  return Object.fromEntries(
    Object.entries(given).map(([name, text]) => {
      if (typeof text !== 'string') throw new InvalidControl(`headers.${name} must be a text`)
      return [name.toLowerCase(), text]
    }),
  )
}
