import { inject } from 'vitest'

export { startRedisServer } from './redis-server.ts'

export interface TestRedis {
  /** With the number of a database. */
  readonly url: string
  /** Empties the database and gives it back. */
  close(): Promise<void>
}

/**
 * An empty logical database of its own, on the server that the whole run shares. `FLUSHDB` is fine there; what is the
 * server's (`FLUSHALL`, `CONFIG SET`, `SHUTDOWN`, `SCRIPT FLUSH`) hits the suites beside it: for that, and for killing,
 * there is `startRedisServer`. Channels of `PUBLISH` are shared by all databases of a server.
 */
export async function testRedis(): Promise<TestRedis> {
  const broker = inject('testRedisBroker')
  const url = await ask(broker, 'POST')
  return { url, close: async () => void (await ask(`${broker}${new URL(url).pathname}`, 'DELETE')) }
}

async function ask(address: string, method: 'POST' | 'DELETE'): Promise<string> {
  const response = await fetch(address, { method })
  const text = await response.text()
  if (!response.ok) throw new Error(`no Redis for the tests: ${text}`)
  return text
}
