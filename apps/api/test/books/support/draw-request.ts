import type { Fault, FaultSetting, Simulator } from '@tollgate/simulator'
import type { SeededRandom } from '../../../src/infra/demo/seeded-random.ts'
import { chatModels, embeddingModel } from './world.ts'

/** One request of a storm, with what goes wrong on its way. */
export interface StormRequest {
  /** Its name in the books (`user`) and in the simulator's log. */
  readonly tag: string
  readonly endpoint: 'chat/completions' | 'embeddings'
  readonly stream: boolean
  readonly body: string
  /** The client hangs up so many milliseconds after it sent the request ... */
  readonly hangUpAfterMs: number | undefined
  /** ... or after so many pieces of the answer. */
  readonly hangUpAfterChunks: number | undefined
}

export interface DrawOptions {
  readonly tag: string
  /** Most milliseconds between two chunks of an answer: how long requests stay in flight. */
  readonly gapMsMax: number
  /** Share of the requests that something happens to. */
  readonly troubleShare: number
}

/**
 * Draws a request: whole answers, streams and embeddings on four platforms, short and long prompts, with and without
 * `max_tokens`; and what happens to it, which the simulator is told by the request's tag.
 */
export function drawRequest(random: SeededRandom, simulator: Simulator, options: DrawOptions): StormRequest {
  const { tag } = options
  const troubled = random.chance(options.troubleShare)
  if (random.chance(0.05)) return drawEmbedding(random, tag)
  const stream = random.chance(0.65)
  const tokens = Math.min(random.length(30), 120)
  const directives = [
    `tag=${tag}`,
    `tokens=${tokens}`,
    `gap=${Math.floor(random.between(0, options.gapMsMax))}`,
    `chunk=${random.pick([1, 1, 2, 5])}`,
    ...(random.chance(0.2) ? [`cached=${Math.floor(random.between(1, 12))}`] : []),
  ]
  const content = `[[sim ${directives.join(' ')}]] ${random.pick(words).repeat(random.length(4))}`
  const body = {
    model: random.pick(chatModels),
    messages: [
      ...(random.chance(0.4) ? [{ role: 'system', content: 'Be brief. 简短。' }] : []),
      { role: 'user', content },
    ],
    user: tag,
    ...(stream ? { stream: true } : {}),
    ...(stream && random.chance(0.5) ? { stream_options: { include_usage: true } } : {}),
    // Sometimes less than the answer would have, sometimes far more, often nothing.
    ...(random.chance(0.6) ? { max_tokens: Math.floor(random.between(20, 300)) } : {}),
  }
  const plain = { tag, endpoint: 'chat/completions', stream, body: JSON.stringify(body) } as const
  const stays = { ...plain, hangUpAfterMs: undefined, hangUpAfterChunks: undefined }
  if (!troubled) return stays
  if (random.chance(0.4)) {
    const early = !stream || random.chance(0.3)
    return {
      ...plain,
      hangUpAfterMs: early ? Math.floor(random.between(0, options.gapMsMax * tokens)) : undefined,
      hangUpAfterChunks: early ? undefined : Math.floor(random.between(1, tokens)),
    }
  }
  for (const fault of drawFaults(random)) {
    simulator.addFault({ ...fault, match: { contains: `tag=${tag} ` } })
  }
  return stays
}

function drawEmbedding(random: SeededRandom, tag: string): StormRequest {
  const input = `[[sim tag=${tag} tokens=1]] ${random.pick(words).repeat(random.length(10))}`
  return {
    tag,
    endpoint: 'embeddings',
    stream: false,
    body: JSON.stringify({ model: embeddingModel, input, user: tag }),
    hangUpAfterMs: undefined,
    hangUpAfterChunks: undefined,
  }
}

/** What a provider does to one request: a fault for each attempt, in their order. */
function drawFaults(random: SeededRandom): readonly FaultSetting[] {
  const refusal = (): FaultSetting => ({ fault: random.pick(refusals) })
  return random.pick<() => readonly FaultSetting[]>([
    // The first account refuses, the second serves.
    () => [refusal()],
    () => [refusal()],
    // Both refuse.
    () => [refusal(), refusal()],
    // The connection breaks before the answer: what the provider billed for that is not known; the second serves.
    () => [{ fault: { cutAfterChunks: 0 } }],
    // The answer breaks off in its midst, in various ways.
    () => [{ fault: { cutAfterChunks: 1 + Math.floor(random.between(1, 20)) } }],
    () => [{ fault: { errorAfterChunks: 1 + Math.floor(random.between(1, 20)) } }],
    () => [{ fault: { garbageAfterChunks: 1 + Math.floor(random.between(1, 20)) } }],
    () => [{ fault: { noUsage: true } }],
    () => [{ fault: { code: 'content-filter' } }],
  ])()
}

/** None of these is billed. */
const refusals: readonly [Fault, ...Fault[]] = [
  { code: 'internal' },
  { code: 'overloaded' },
  { html502: true },
  { emptyStream: true },
  { status: 503 },
  { code: 'rate-limit', headers: { 'retry-after': '0' } },
]

const words = ['books are kept here ', '账目必须分毫不差。', 'tokens, tokens! ', '额度 quota 123 '] as const
