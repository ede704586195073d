import { countTokens } from '../../engine/count-tokens.ts'
import { invalid } from '../../openai-shape/check-parameters.ts'
import type { EmbeddingCall } from '../../contract/embedding.ts'
import type { Incoming, SimulatedModel } from '../../contract/platform.ts'
import { type Refusal, isRefusal } from '../../contract/refusal.ts'
import { type JsonObject, isObject, parseObject } from '../../json.ts'
import { sidOf } from '../spark-kit.ts'
import { misshapen, objectAt, readHeader } from './read-header.ts'

/** No name is on the wire; this one is for the bill. The size comes from clients (sheet, section 12). */
export const embeddingModel: SimulatedModel = {
  name: 'spark-embedding',
  kind: 'embedding',
  dimensions: [2560],
  inputsMax: 1,
}

/** Reads a request for the vector of one text (sheet, section 4; fixture embedding-request). */
export function readText(request: Incoming): EmbeddingCall | Refusal {
  const body = parseObject(request.body)
  if (body === undefined) return { refused: 'malformed-json' }
  const header = readHeader(body)
  if (isRefusal(header)) return header
  const domain = objectAt(body, 'parameter', 'emb')?.['domain']
  if (typeof domain !== 'string') return misshapen('parameter.emb.domain')
  if (domain !== 'query' && domain !== 'para')
    return invalid('parameter.emb.domain', 'domain is query or para')
  const text = textIn(body)
  if (text === undefined) return misshapen('payload.messages.text')
  const tokens = countTokens(text)
  return {
    model: embeddingModel,
    // The same text has one vector as a question and another one as a document.
    inputs: [{ key: `${domain} ${text}`, tokens }],
    promptTokens: tokens,
    dimensions: 2560,
    base64: true,
    usageUntold: true,
    reply: ([vector = '""'], { id }) =>
      `{"header":{"code":0,"message":"success","sid":"${sidOf('emb', { id })}"},"payload":{"feature":{"encoding":"utf8","compress":"raw","format":"plain","text":${vector}}}}`,
  }
}

/** The one text, inside JSON inside base64. */
function textIn(body: JsonObject): string | undefined {
  const packed = objectAt(body, 'payload', 'messages')?.['text']
  if (typeof packed !== 'string') return undefined
  const messages = parseObject(Buffer.from(packed, 'base64').toString('utf8'))?.['messages']
  const only: unknown = Array.isArray(messages) && messages.length === 1 ? messages[0] : undefined
  const content = isObject(only) ? only['content'] : undefined
  return typeof content === 'string' && content !== '' ? content : undefined
}
