import type { Provider } from '@tollgate/adapters/contract'

/**
 * An upper bound of the input tokens of a chat or embedding request, from its text alone: no tokenizer on the hot
 * path. It errs on the high side; what is too much is given back when the provider's own figure arrives.
 *
 * Weights are in thousandths of a token for each UTF-16 unit:
 * - Chinese, Japanese, Korean characters: 1 token. Platforms publish 1.5 to 1.8 characters a token on average
 *   (Hunyuan 1.8, Baichuan 1.5, Spark 1.5, Tongyi 1 to 1.8), so one a character bounds even rare characters.
 * - Latin letters: by the platform's published ratio with a margin (Hunyuan 3 letters a token, others about 4).
 * - Digits and punctuation: up to one token each; spaces mostly join the word that follows.
 * - Anything else (emoji, rare scripts): up to 3 tokens for a unit, as byte-level vocabularies need.
 */
export function estimateInputTokens(body: Readonly<Record<string, unknown>>, provider: Provider): number {
  const weights = provider === 'hunyuan' ? weightsOfHunyuan : weightsOfOthers
  let milli = requestOverheadMilli
  const messages = body['messages']
  if (Array.isArray(messages)) {
    for (const message of messages) milli += messageOverheadMilli + weighMessage(message, weights)
  }
  milli += weighAny(body['input'], weights)
  milli += weighAny(body['prompt'], weights)
  milli += weighAny(body['tools'], weights)
  milli += weighAny(body['functions'], weights)
  milli += weighAny(body['response_format'], weights)
  return Math.ceil(milli / 1000)
}

/** Role markers and separators of the chat template. */
const messageOverheadMilli = 8_000
/** Begin-of-text marks, and the default system prompt some platforms add (Qwen: about 20 tokens). */
const requestOverheadMilli = 32_000
/**
 * A picture: platforms count 28x28-pixel patches up to 1,280 (Qwen-VL) or 1,312 (Doubao) tokens unless asked for
 * high resolution, which goes to 16,384; not verified for the others.
 */
const imageMilli = 1_400_000
const imageHighMilli = 16_384_000

function weighMessage(message: unknown, weights: Uint16Array): number {
  if (!isRecord(message)) return 0
  let milli = 0
  for (const name in message) {
    const value = message[name]
    milli +=
      name === 'content' && Array.isArray(value) ? weighParts(value, weights) : weighAny(value, weights)
  }
  return milli
}

function weighParts(parts: readonly unknown[], weights: Uint16Array): number {
  let milli = 0
  for (const part of parts) {
    if (!isRecord(part)) continue
    const image = part['image_url']
    if (image !== undefined) {
      const detail = isRecord(image) ? image['detail'] : undefined
      milli += detail === 'high' || detail === 'xhigh' ? imageHighMilli : imageMilli
    } else if (part['type'] === 'text') {
      milli += weighAny(part['text'], weights)
    } else {
      // Sound, video and files: their length is not in the text, and their data is not text.
      milli += imageHighMilli
    }
  }
  return milli
}

function weighAny(value: unknown, weights: Uint16Array): number {
  if (typeof value === 'string') return weighText(value, weights)
  if (typeof value === 'number') return 4_000
  if (Array.isArray(value)) {
    let milli = 0
    // An array of numbers is a text that the client has tokenized itself: a token each.
    for (const item of value) milli += typeof item === 'number' ? 1_000 : 1_000 + weighAny(item, weights)
    return milli
  }
  if (!isRecord(value)) return 0
  let milli = 2_000
  for (const name in value) milli += 2_000 + weighText(name, weights) + weighAny(value[name], weights)
  return milli
}

/** The one loop over every character of a request: one look-up for each, and a sum. */
function weighText(text: string, weights: Uint16Array): number {
  const { length } = text
  let milli = 0
  for (let index = 0; index < length; index += 1) {
    const code = text.charCodeAt(index)
    milli += code < 256 ? (weights[code] ?? 0) : weighWide(code)
  }
  return milli
}

/** Beyond Latin: an ideograph, kana, hangul or full-width sign is one token, anything else up to two a unit. */
function weighWide(code: number): number {
  if (code >= 0x2e80 && code < 0xd7b0) return 1_000
  if (code >= 0xff00) return 1_000
  return code < 0x250 ? 1_000 : 2_000
}

const weightsOfHunyuan = weightsWith(400)
const weightsOfOthers = weightsWith(340)

function weightsWith(letterMilli: number): Uint16Array {
  const weights = new Uint16Array(256).fill(1_000)
  for (const range of ['az', 'AZ']) {
    for (let code = range.charCodeAt(0); code <= range.charCodeAt(1); code += 1) weights[code] = letterMilli
  }
  weights[' '.charCodeAt(0)] = 300
  weights['\n'.charCodeAt(0)] = 600
  return weights
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
