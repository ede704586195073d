import { ProviderError, type Call, type ProbeOperation } from '../contract/index.ts'
import { textOfBytes } from '../wire/bytes.ts'
import { objectOf, parseJson } from '../wire/json.ts'
import { getProbe } from '../wire/probe.ts'
import { deepseekErrorRules } from './errors.ts'

const balance = getProbe((call) => `${rootOf(call)}/user/balance`, { errors: deepseekErrorRules })

/** The balance is free to ask for, and tells beside a good key whether there is anything to spend. */
export const deepseekProbe: ProbeOperation = {
  ...balance,
  read(head, body, call) {
    const error = balance.read(head, body, call)
    if (error !== undefined) return error
    if (objectOf(parseJson(textOfBytes(body)))?.['is_available'] !== false) return undefined
    return new ProviderError('balance_exhausted', {
      message: 'The key is good, but the account has no balance',
      status: head.status,
    })
  },
}

/** The account's pages are at the root, wherever the chat is: `/v1`, or `/beta` for what is not released yet. */
function rootOf(call: Call): string {
  return call.baseUrl.replace(/\/(v1|beta)$/, '')
}
