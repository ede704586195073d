import type { Incoming } from '../../contract/platform.ts'
import { type Refusal, isRefusal } from '../../contract/refusal.ts'
import { isObject, parseObject } from '../../json.ts'
import { verifySignature } from './verify-signature.ts'

/** Any 32 small letters and digits that say `sim` are the API key of an application of their own. */
const looks = /^[a-z0-9]*sim[a-z0-9]*$/
const keyLength = 32

/** The published rule: the other credentials of an application follow from its API key. */
export function credentialsOf(apiKey: string): { appId: string; apiKey: string; apiSecret: string } {
  return { appId: `sim${apiKey.slice(-5)}`, apiKey, apiSecret: `${apiKey}-secret` }
}

/** The signer of the URL; with a body, the application it names must be his. */
export function admit(request: Incoming): { account: string } | Refusal {
  const signer = verifySignature(request, (apiKey) =>
    looks.test(apiKey) && apiKey.length === keyLength ? credentialsOf(apiKey).apiSecret : undefined,
  )
  if (isRefusal(signer)) return signer
  const appId = appIdIn(request.body)
  if (appId !== undefined && appId !== credentialsOf(signer.apiKey).appId) {
    return { refused: 'bad-key', variant: 'app-id' }
  }
  return { account: signer.apiKey }
}

/** The `app_id` of a body that has one; what else may be wrong with it is for its reader to say. */
function appIdIn(body: string): string | undefined {
  const header = body === '' ? undefined : parseObject(body)?.['header']
  return isObject(header) && typeof header['app_id'] === 'string' ? header['app_id'] : undefined
}
