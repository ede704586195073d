/** Whether an error means that Postgres cannot be reached or goes away, in the words of Node, pg, the adapter or Prisma. */
export function isDatabaseAway(error: unknown, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > 5) return false
  const { code, kind, originalCode, message, cause, meta, driverAdapterError }: Wrapped = error
  return (
    [code, kind, originalCode].some((word) => typeof word === 'string' && away.has(word)) ||
    (typeof message === 'string' && awayMessage.test(message)) ||
    [cause, meta, driverAdapterError].some((inner) => isDatabaseAway(inner, depth + 1))
  )
}

interface Wrapped {
  readonly code?: unknown
  readonly kind?: unknown
  readonly originalCode?: unknown
  readonly message?: unknown
  readonly cause?: unknown
  readonly meta?: unknown
  readonly driverAdapterError?: unknown
}

const away = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  // Prisma: not reachable, timed out, closed, no connection from the pool, no transaction in time.
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
  'P2028',
  'P2037',
  // The adapter.
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TooManyConnections',
  // PostgreSQL: shutting down, crashed, starting up, too many connections.
  '57P01',
  '57P02',
  '57P03',
  '53300',
])

const awayMessage =
  /^Connection terminated|^timeout exceeded when trying to connect|Connection ended unexpectedly/
