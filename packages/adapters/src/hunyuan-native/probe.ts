import type { ProbeOperation } from '../contract/index.ts'
import { textOfBytes } from '../wire/bytes.ts'
import { countOf, parseJson } from '../wire/json.ts'
import { hunyuanFailure, readHunyuanError } from './errors.ts'
import { tencentCall } from './tencent-call.ts'
import { unwrapped } from './unwrapped.ts'

/**
 * GetTokenCount (provider sheet, section 2.5) runs no model. The vendor's price list has models only, so it is taken to
 * be free (not verified); it is one of the account's 20 requests a second.
 */
export const hunyuanProbe: ProbeOperation = {
  spends: false,
  request: (call) => tencentCall('GetTokenCount', { Prompt: 'hi' }, call),
  read(head, body, call) {
    const answer = unwrapped(parseJson(textOfBytes(body)))
    const failure = answer === undefined ? undefined : hunyuanFailure(answer, head, call)
    if (failure !== undefined) return failure
    // A 200 of whatever stands at a wrong base URL proves nothing.
    return countOf(answer?.['TokenCount']) === undefined ? readHunyuanError(head, body, call) : undefined
  },
}
