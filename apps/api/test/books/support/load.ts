import type { Simulator } from '@tollgate/simulator'
import type { SeededRandom } from '../../../src/infra/demo/seeded-random.ts'
import { drawRequest } from './draw-request.ts'
import { newClients, send, type Seen } from './send.ts'
import type { Sender } from './world.ts'

/** Clients that send one request after the other, to processes that come and go. */
export interface Load {
  readonly seen: readonly Seen[]
  /** Requests sent so far. */
  sent(): number
  /** Lets what runs end. */
  stop(): Promise<void>
}

export interface LoadOptions {
  readonly simulator: Simulator
  readonly urls: readonly string[]
  readonly senders: readonly Sender[]
  readonly random: SeededRandom
  readonly clients: number
  /** Begins the tags of its requests. */
  readonly name: string
  /** Stops by itself after so many requests. */
  readonly requestsMax?: number
}

export function startLoad(options: LoadOptions): Load {
  const { random, urls, senders, simulator } = options
  const seen: Seen[] = []
  const agent = newClients()
  let sent = 0
  let stopping = false
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[Math.floor(random.next() * items.length)]
    if (item === undefined) throw new Error('nothing to pick from')
    return item
  }
  const client = async () => {
    while (!stopping && sent < (options.requestsMax ?? Number.POSITIVE_INFINITY)) {
      const tag = `${options.name}-${sent}`
      sent += 1
      const request = drawRequest(random, simulator, { tag, gapMsMax: 12, troubleShare: 0.3 })
      const sender = pick(senders)
      // As a load balancer does: one that does not listen is passed over.
      const first = Math.floor(random.next() * urls.length)
      let answer = await send(agent, urls[first] ?? '', sender, request)
      for (let next = 1; answer.unheard && next < urls.length; next += 1)
        answer = await send(agent, urls[(first + next) % urls.length] ?? '', sender, request)
      seen.push(answer)
      if (answer.status !== 200) await new Promise((resolve) => setTimeout(resolve, random.between(20, 200)))
    }
  }
  const running = Array.from({ length: options.clients }, client)
  return {
    seen,
    sent: () => sent,
    async stop() {
      stopping = true
      await Promise.all(running)
      await agent.close()
    },
  }
}
