import { toBytes } from '../byte-string.ts'
import { deliverReply } from './deliver-reply.ts'
import { deliverStream } from './deliver-stream.ts'
import type { Exchange } from './exchange.ts'
import { type Generated, generate, usageAfter } from './generate.ts'
import { layOut } from './lay-out.ts'
import type { Outcome } from './request-log.ts'
import { settle } from './settle.ts'
import type { ChatCall } from '../contract/chat.ts'

/** Generates the answer of an accepted chat call, sends it and bills it. */
export function answerChat(exchange: Exchange, call: ChatCall, filtered: boolean): void {
  const { engine, platform, request, outlet, entry, fault } = exchange
  const generated = generate(call, {
    id: request.id,
    createdAt: request.createdAt,
    seed: engine.seed,
    metering: platform.metering,
    usage: fault.noUsage === true ? 'none' : fault.usage,
    filtered,
  })
  const { used, usageShown } = generated.answer
  const tellsUsage = usageShown === 'end' || usageShown === 'every'
  const gapMs = fault.gapMs ?? generated.gapMs ?? engine.defaultGapMs
  const headers = { ...platform.headers(request), ...fault.headers }

  if (!call.stream && call.wire.reply !== undefined) {
    deliverReply(outlet, {
      body: call.wire.reply(generated.answer),
      headers,
      durationMs: gapMs * stepsOf(generated).length,
      fault,
      produced(elapsedMs, outcome) {
        const whole = outcome !== 'client-closed'
        const step = whole ? undefined : stepsOf(generated)[Math.floor(elapsedMs / Math.max(1, gapMs)) - 1]
        entry.usageSent = outcome === 'complete' && tellsUsage
        settle(
          exchange,
          call.model.name,
          whole ? used : usageAfter(used, step?.answer ?? 0, step?.reasoning ?? 0),
          outcome,
        )
      },
    })
    return
  }
  const frames = layOut(generated, call.wire.stream(generated.answer), platform.metering)
  deliverStream(outlet, {
    frames,
    gapMs,
    fault,
    headers: {
      'content-type': platform.streamContentType ?? 'text/event-stream;charset=utf-8',
      'cache-control': 'no-cache',
      ...headers,
    },
    errorFrame: (framesBefore) => toBytes(platform.streamError(request, framesBefore)),
    produced(count: number, outcome: Outcome) {
      const frame = frames[count - 1]
      entry.usageSent = tellsUsage && (usageShown === 'every' ? count > 0 : count === frames.length)
      settle(
        exchange,
        call.model.name,
        usageAfter(used, frame?.answerTokens ?? 0, frame?.reasoningTokens ?? 0),
        outcome,
      )
    },
  })
}

/** The running counts of an answer that is not streamed, one step a piece. */
function stepsOf(generated: Generated): { answer: number; reasoning: number }[] {
  const thought = generated.answer.used.reasoning
  const steps = generated.reasoning.map((piece) => ({ answer: 0, reasoning: piece.tokensSoFar }))
  const called = generated.answer.used.answer - (generated.text.at(-1)?.tokensSoFar ?? 0)
  if (generated.answer.toolCalls.length > 0) steps.push({ answer: called, reasoning: thought })
  for (const piece of generated.text) steps.push({ answer: called + piece.tokensSoFar, reasoning: thought })
  return steps
}
