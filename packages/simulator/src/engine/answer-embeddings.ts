import { deliverReply } from './deliver-reply.ts'
import { embed } from './embed.ts'
import type { Exchange } from './exchange.ts'
import { settle } from './settle.ts'
import type { EmbeddingCall } from '../contract/embedding.ts'

/** Computes the vectors of an accepted embeddings call, sends them and bills the prompt. */
export function answerEmbeddings(exchange: Exchange, call: EmbeddingCall): void {
  const { engine, platform, request, outlet, entry, fault } = exchange
  const vectors = call.inputs.map((input) => embed(input.key, call.dimensions, call.base64, engine.seed))
  const told = fault.noUsage === true ? undefined : fault.usage === 'null' ? null : call.promptTokens
  deliverReply(outlet, {
    body: call.reply(vectors, request, told),
    headers: { ...platform.headers(request), ...fault.headers },
    durationMs: 0,
    fault,
    produced(_elapsedMs, outcome) {
      const prompt = call.promptTokens
      entry.usageSent = outcome === 'complete' && typeof told === 'number' && call.usageUntold !== true
      settle(
        exchange,
        call.model.name,
        { prompt, cached: 0, answer: 0, reasoning: 0, completion: 0, total: prompt },
        outcome,
      )
    },
  })
}
