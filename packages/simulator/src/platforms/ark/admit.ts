import type { Books, Incoming } from '../../contract/platform.ts'
import type { Refusal } from '../../contract/refusal.ts'
import { parseObject } from '../../json.ts'
import { admitKey, bearer } from '../kit.ts'

/**
 * The account of a bearer key. A temporary key of GetApiKey is good for exactly the resources it was asked for, named
 * as they were; every other key is of the console. Those have three looks and are not to be told by a pattern.
 */
export function admit(request: Incoming, books: Books): { account: string } | Refusal {
  const session = books.sessions.find('ark', bearer(request) ?? '', request.createdAt)
  if (session === 'expired') return { refused: 'bad-key' }
  if (session === 'unknown') return admitKey(request, /./)
  const model = parseObject(request.body)?.['model']
  if (typeof model === 'string' && session.resources?.includes(model) === true) {
    return { account: session.account }
  }
  return { refused: 'bad-key', variant: 'resource', model: typeof model === 'string' ? model : '' }
}
