import { demoMonth, type Stream } from './demo-month.ts'
import type { SeededRandom } from './seeded-random.ts'
import { daysBefore, workingMoment } from './working-hours.ts'

/** One request of the seeded month, by names; prices and ids come later. */
export interface Draft {
  readonly stream: Stream
  readonly atMs: number
  readonly key: string
  readonly streamed: boolean
  readonly fate: Fate
  readonly inputTokens: number
  readonly cachedInputTokens: number
  readonly outputTokens: number
  readonly reasoningTokens: number
}

/** `silent`: the provider sent no usage, so that it was estimated. */
export type Fate = 'ok' | 'silent' | 'cancelled' | 'error'

/** Before these minutes nothing ends in the future. */
const quietMs = 180_000

/** Everything that happened, in order of time. The same for the same chance and the same moment. */
export function draftRequests(random: SeededRandom, nowMs: number): Draft[] {
  return demoMonth
    .flatMap((stream) => {
      const [from, to] = stream.days
      return Array.from({ length: stream.requests }, () =>
        draftOne(
          random,
          stream,
          workingMoment(random, daysBefore(nowMs, from), daysBefore(nowMs, to) - quietMs),
        ),
      )
    })
    .sort((left, right) => left.atMs - right.atMs)
}

function draftOne(random: SeededRandom, stream: Stream, atMs: number): Draft {
  const { key } = random.pickWeighted(stream.keys)
  const embedding = stream.output === 0
  const streamed = !embedding && random.chance(key.endsWith('/etl') ? 0.1 : 0.65)
  const fate = drawFate(random, streamed)
  const input = random.length(stream.input)
  const cached = random.chance(stream.cached ?? 0) ? Math.floor(input * random.between(0.3, 0.8)) : 0
  // Of an answer that nobody waited for, a part was made.
  const made = fate === 'cancelled' ? random.between(0.1, 0.7) : 1
  const output = embedding ? 0 : Math.max(1, Math.round(random.length(stream.output) * made))
  const thinks = stream.reasoning !== undefined && random.chance(0.7)
  return {
    stream,
    atMs,
    key,
    streamed,
    fate,
    // Where the provider told nothing, the cache cannot be known either.
    inputTokens: fate === 'ok' ? input - cached : input,
    cachedInputTokens: fate === 'ok' ? cached : 0,
    outputTokens: output,
    reasoningTokens: thinks && fate === 'ok' ? random.length(stream.reasoning) : 0,
  }
}

function drawFate(random: SeededRandom, streamed: boolean): Fate {
  const roll = random.next()
  if (roll < 0.02) return 'error'
  if (roll < 0.035) return streamed ? 'cancelled' : 'ok'
  return roll < 0.043 ? 'silent' : 'ok'
}

/** Sizes changed by a factor, so that a grant ends up as full as the plan says. */
export function scaleDraft(draft: Draft, factor: number): Draft {
  const scaled = (tokens: number) => (tokens === 0 ? 0 : Math.max(1, Math.round(tokens * factor)))
  return {
    ...draft,
    inputTokens: scaled(draft.inputTokens),
    cachedInputTokens: scaled(draft.cachedInputTokens),
    outputTokens: scaled(draft.outputTokens),
    reasoningTokens: scaled(draft.reasoningTokens),
  }
}
