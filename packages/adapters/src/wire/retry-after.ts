import type { HeaderMap } from '../contract/index.ts'

/**
 * How long the platform asks to wait, in milliseconds, from whichever hint is there: `retry-after-ms`,
 * `retry-after` (seconds or a date), `x-ratelimit-reset-*` of the limit that is used up, or the message
 * ("try again after 1 seconds", "reset at 2026-01-15 20:00:00 +0800 CST"). Longer than a day is still told: the
 * caller bounds it.
 */
export function readRetryAfterMs(headers: HeaderMap, message: string, nowMs: number): number | undefined {
  return (
    plainMs(headers['retry-after-ms']) ??
    retryAfter(headers['retry-after'], nowMs) ??
    resetOf(headers, 'requests') ??
    resetOf(headers, 'tokens') ??
    waitInMessage(message) ??
    resetInMessage(message, nowMs)
  )
}

function plainMs(value: string | undefined): number | undefined {
  if (value === undefined || !/^\d+(\.\d+)?$/.test(value.trim())) return undefined
  return wholeMs(Number(value))
}

function retryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return wholeMs(Number(value) * 1000)
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs)
}

/** OpenAI's form: `x-ratelimit-remaining-requests: 0`, `x-ratelimit-reset-requests: 1m3.5s`. */
function resetOf(headers: HeaderMap, unit: 'requests' | 'tokens'): number | undefined {
  if (headers[`x-ratelimit-remaining-${unit}`]?.trim() !== '0') return undefined
  return durationMs(headers[`x-ratelimit-reset-${unit}`])
}

function durationMs(value: string | undefined): number | undefined {
  const text = value?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(text)) return wholeMs(Number(text) * 1000)
  const match = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+)ms)?$/.exec(text)
  if (text === '' || match === null) return undefined
  const [, days, hours, minutes, seconds, milliseconds] = match
  return wholeMs(
    (Number(days ?? 0) * 86_400 +
      Number(hours ?? 0) * 3_600 +
      Number(minutes ?? 0) * 60 +
      Number(seconds ?? 0)) *
      1000 +
      Number(milliseconds ?? 0),
  )
}

function waitInMessage(message: string): number | undefined {
  const match = /(?:try again|retry) (?:after|in) (\d+(?:\.\d+)?)\s*(ms|s|seconds?|m|minutes?)\b/i.exec(
    message,
  )
  if (match === null) return undefined
  const unit = match[2]?.toLowerCase() ?? 's'
  const factor = unit === 'ms' ? 1 : unit.startsWith('m') ? 60_000 : 1000
  return wholeMs(Number(match[1]) * factor)
}

function resetInMessage(message: string, nowMs: number): number | undefined {
  const match = /reset at (\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2}) ?([+-]\d{2}):?(\d{2})/.exec(message)
  if (match === null) return undefined
  const at = Date.parse(`${match[1]}T${match[2]}${match[3]}:${match[4]}`)
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs)
}

/** A row of digits may be longer than any number: no wait is told then. */
function wholeMs(value: number): number | undefined {
  const ms = Math.ceil(value)
  return Number.isSafeInteger(ms) ? ms : undefined
}
