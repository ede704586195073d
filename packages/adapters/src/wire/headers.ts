import type { Call, HeaderMap } from '../contract/index.ts'

/**
 * Headers of a JSON call with the key as a bearer token. Without a key (an own server) there is none: an empty
 * `Bearer` is refused by some servers that need no key at all.
 */
export function jsonHeaders(call: Call, streams: boolean): HeaderMap {
  const key = call.credentials['apiKey']
  return {
    'content-type': 'application/json',
    accept: streams ? 'text/event-stream' : 'application/json',
    ...(key === undefined || key === '' ? {} : { authorization: `Bearer ${key}` }),
  }
}
