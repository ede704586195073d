import type { Exchange } from './exchange.ts'
import type { Outcome } from './request-log.ts'
import type { Usage } from '../contract/chat.ts'

/**
 * Bills what a call has produced, whichever way it ended. Must be called exactly once a call. A call from before a
 * reset is let go unbilled: it belongs to a test that is over.
 */
export function settle(exchange: Exchange, model: string, used: Usage, outcome: Outcome): void {
  const { engine, platform, account, entry } = exchange
  engine.running.end(platform.protocol, account, model, exchange.user)
  if (exchange.resets !== engine.resets()) return
  const key = { provider: platform.provider, protocol: platform.protocol, account, model }
  const free = engine.grants.take(key, used.total)
  entry.billed = engine.billing.book(key, used, platform.metering, free)
  entry.outcome = outcome
  entry.promptTokens = used.prompt
  entry.cachedTokens = used.cached
  entry.completionTokens = used.completion
  entry.reasoningTokens = used.reasoning
}
