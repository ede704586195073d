import type { Fault, FaultSetting } from '@tollgate/simulator'
import { seededRandom, type SeededRandom } from '../../../src/infra/demo/seeded-random.ts'
import type { StormRequest } from './draw-request.ts'
import { newClients, send, type Seen } from './send.ts'

export interface EdgeStorm {
  /** One or more processes of the same books, with a key of theirs each. */
  readonly targets: readonly { readonly url: string; readonly secret: string }[]
  /** The name of a free-only route. */
  readonly model: string
  readonly kind: 'chat' | 'embedding'
  readonly requests: number
  readonly seed: number
  /** Begins the tags, by which faults find their requests. */
  readonly name: string
  readonly addFault: (fault: FaultSetting) => void
  /**
   * Some connections break before anything has come: what the provider billed for that, nobody knows. Where it bills at
   * zero, that is the end of the request; where it stops, the second account may serve, and the first one's count is low.
   */
  readonly cuts: boolean
  /** Some requests ask the model to think, which costs on top of the answer. */
  readonly thinks: boolean
}

/**
 * Mixed requests all at once at the edge of a grant: whole answers and streams, with and without `max_tokens`, clients
 * that hang up, first accounts that refuse so that the second serves.
 */
export async function edgeStorm(storm: EdgeStorm): Promise<readonly Seen[]> {
  const random = seededRandom(storm.seed)
  const clients = newClients()
  try {
    const drawn = Array.from({ length: storm.requests }, (_, index) => draw(random, storm, index))
    return await Promise.all(
      drawn.map((request, index) => {
        const target = storm.targets[index % storm.targets.length]
        if (target === undefined) throw new Error('a storm needs a target')
        return send(clients, target.url, target, request)
      }),
    )
  } finally {
    await clients.destroy()
  }
}

function draw(random: SeededRandom, storm: EdgeStorm, index: number): StormRequest {
  const tag = `${storm.name}-${index}`
  const stays = { tag, hangUpAfterMs: undefined, hangUpAfterChunks: undefined }
  const trouble = random.chance(0.35) ? random.pick(['fault', 'hang-up'] as const) : undefined
  const addFault = (streamed: boolean) => {
    if (trouble !== 'fault') return
    storm.addFault({ match: { contains: `tag=${tag} ` }, fault: drawFault(random, storm, streamed) })
  }
  if (storm.kind === 'embedding') {
    addFault(false)
    const input = `[[sim tag=${tag} tokens=1]] ${random.pick(words).repeat(random.length(5))}`
    const body = JSON.stringify({ model: storm.model, input })
    return { ...stays, endpoint: 'embeddings', stream: false, body }
  }
  const stream = random.chance(0.6)
  addFault(stream)
  const tokens = Math.floor(random.between(1, 200))
  const thinks = storm.thinks && random.chance(0.3)
  const directives = [
    `tag=${tag}`,
    `tokens=${tokens}`,
    `gap=${random.pick([0, 0, 1, 2])}`,
    `chunk=${random.pick([1, 5, 20])}`,
    ...(thinks ? ['reasoning=400'] : []),
  ]
  const body = JSON.stringify({
    model: storm.model,
    messages: [
      {
        role: 'user',
        content: `[[sim ${directives.join(' ')}]] ${random.pick(words).repeat(random.length(4))}`,
      },
    ],
    ...(stream ? { stream: true } : {}),
    ...(thinks ? { enable_thinking: true } : {}),
    // Less than the answer would have, about as much, far more than any grant bears, nothing at all.
    ...(random.chance(0.7) ? { max_tokens: random.pick([16, 64, 150, 300, 2_000]) } : {}),
  })
  if (trouble !== 'hang-up') return { ...stays, endpoint: 'chat/completions', stream, body }
  return {
    tag,
    endpoint: 'chat/completions',
    stream,
    body,
    hangUpAfterMs: stream ? undefined : Math.floor(random.between(0, 100)),
    hangUpAfterChunks: stream ? Math.floor(random.between(1, 5)) : undefined,
  }
}

function drawFault(random: SeededRandom, storm: EdgeStorm, streamed: boolean): Fault {
  if (storm.kind === 'embedding') return random.pick(refusals)
  return random.pick([
    ...refusals,
    { noUsage: true },
    ...(streamed || storm.cuts ? breaks : []),
    ...(storm.cuts ? [{ cutAfterChunks: 0 }] : []),
  ])
}

/** Not billed, so that the next account may serve. */
const refusals: readonly [Fault, ...Fault[]] = [
  { code: 'internal' },
  { code: 'overloaded' },
  { code: 'rate-limit', headers: { 'retry-after': '0' } },
]

/** Billed, and not told in full. */
const breaks: readonly Fault[] = [{ cutAfterChunks: 3 }, { errorAfterChunks: 3 }]

const words = ['books are kept here ', '账目必须分毫不差。', 'tokens, tokens! ', '额度 quota 123 '] as const
