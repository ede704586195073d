import { checkFields, missing, text } from './fields.ts'
import { refuse } from './refuse.ts'
import { cutPieces } from '../../engine/cut-pieces.ts'
import type { Incoming, WireReply } from '../../contract/platform.ts'
import { parseObject } from '../../json.ts'
import { jsonReply } from '../kit.ts'

/** GetTokenCount: the tokens of a text by the published rule, one by one (fixture native-token-count.json). */
export function countTokensOf(request: Incoming): WireReply {
  const body = parseObject(request.body)
  if (body === undefined) return refuse({ refused: 'malformed-json' }, request)
  const unfit = checkFields(body, { Prompt: text })
  if (unfit !== undefined) return refuse(unfit, request)
  const prompt = body['Prompt']
  if (typeof prompt !== 'string' || prompt === '') return refuse(missing('Prompt'), request)
  const { pieces, tokens } = cutPieces(prompt, 1)
  return jsonReply(200, {
    Response: {
      TokenCount: tokens,
      CharacterCount: [...prompt].length,
      Tokens: pieces.map((piece) => piece.text),
      RequestId: request.id,
    },
  })
}
