import type { Call } from '../contract/index.ts'

/**
 * Another `uid` for every request, of at most 32 characters: the platform serves one connection and one question of a
 * user at a time (10006, 10007), and a caller's own `user` would make its parallel requests refuse each other.
 */
export function requestUid(call: Call): string {
  return call.requestId.replaceAll('-', '').slice(-32)
}
