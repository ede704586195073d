import { readQuotasAt, toAmount } from './read-books.ts'
import type { Sender } from './world.ts'

/** What was seen of the quotas while a storm went on. */
export interface Watch {
  /** So far. */
  samples(): number
  /** Ends it, after one more look; answers with every sample that was above its limit. */
  stop(): Promise<readonly string[]>
}

interface Sample {
  readonly name: string
  readonly limit: bigint
  readonly settled: bigint
  readonly held: bigint
}

/**
 * Reads every quota again and again from every process: `settled + held <= limit`, whoever is asked and whenever. The
 * keys' own view comes straight from the counters and is read without a pause, the dashboard's now and then.
 */
export function watchQuotas(
  urls: readonly string[],
  teams: readonly string[],
  senders: readonly Sender[],
): Watch {
  let samples = 0
  const broken: string[] = []
  let stopping = false
  const take = (url: string, found: readonly Sample[]) => {
    for (const { name, limit, settled, held } of found) {
      samples += 1
      if (settled + held > limit && broken.length < 20)
        broken.push(`${url}: ${name}: ${settled} settled + ${held} held > ${limit}`)
    }
  }
  const watchers = urls.flatMap((url) => [
    ...senders.map(({ secret }) => again(async () => take(url, await readOwn(url, secret)), 10)),
    again(async () => {
      for (const team of teams) {
        const quotas = await readQuotasAt(url, team)
        take(
          url,
          quotas.map((quota) => ({
            ...quota,
            name: `${team} ${quota.keyName ?? quota.member ?? ''} ${quota.metric}`,
          })),
        )
      }
    }, 50),
  ])
  return {
    samples: () => samples,
    async stop() {
      stopping = true
      await Promise.all(watchers)
      return broken
    },
  }

  async function again(look: () => Promise<void>, pauseMs: number): Promise<void> {
    for (let last = false; !last;) {
      last = stopping
      await look()
      if (!last) await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
}

/** `GET /v1/usage`: the quotas that judge this key's requests. */
async function readOwn(url: string, secret: string): Promise<Sample[]> {
  const response = await fetch(`${url}/v1/usage`, { headers: { authorization: `Bearer ${secret}` } })
  if (!response.ok) throw new Error(`GET /v1/usage: ${response.status} ${await response.text()}`)
  const { team, key, quotas } = (await response.json()) as {
    team: string
    key: string
    quotas: readonly (Readonly<Record<'limit' | 'settled' | 'held', number | string>> & {
      readonly scope: string
      readonly metric: string
    })[]
  }
  return quotas.map((quota) => ({
    name: `${team} ${quota.scope === 'team' ? '' : key} ${quota.metric}`,
    limit: toAmount(quota.limit),
    settled: toAmount(quota.settled),
    held: toAmount(quota.held),
  }))
}
