/** What a Redis or Valkey says of itself, as far as it matters here. */
export interface ServerInfo {
  /** Another one after each start, and on a replica that took over: what was counted there may be older than ours. */
  readonly runId: string
  readonly maxmemoryPolicy: string | undefined
  readonly maxmemory: number | undefined
}

/** Reads the answer to `INFO`. */
export function parseServerInfo(text: string): ServerInfo {
  const fields = new Map<string, string>()
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1))
  }
  const runId = fields.get('run_id')
  if (runId === undefined) throw new Error('the counter store does not say which run it is (INFO, run_id)')
  const maxmemory = fields.get('maxmemory')
  return {
    runId,
    maxmemoryPolicy: fields.get('maxmemory_policy'),
    maxmemory: maxmemory === undefined ? undefined : Number(maxmemory),
  }
}

/** The store would throw counters away when its memory is full. */
export class EvictionPolicyError extends Error {
  constructor(policy: string) {
    super(
      `Redis evicts keys when its memory is full (maxmemory-policy ${policy}): set maxmemory-policy noeviction: evicted counters would let teams pass their quotas`,
    )
    this.name = 'EvictionPolicyError'
  }
}

export function assertNothingIsEvicted(info: ServerInfo): void {
  if (info.maxmemory === 0 || info.maxmemoryPolicy === undefined) return
  if (info.maxmemoryPolicy !== 'noeviction') throw new EvictionPolicyError(info.maxmemoryPolicy)
}
