import { InvalidControl, closedObject, countAt, textAt } from './fields.ts'
import type { GrantSetting } from '../engine/grants.ts'

/** Reads the body of `POST /_sim/grants`, closed. */
export function readGrantSetting(value: unknown, providers: readonly string[]): GrantSetting {
  const grant = closedObject(value, 'the body', [
    'provider',
    'account',
    'model',
    'tokens',
    'whenEmpty',
    'magicubes',
  ])
  const provider = textAt(grant, 'provider', providers)
  if (provider === undefined) throw new InvalidControl('provider is required')
  const scope = { provider, account: textAt(grant, 'account'), model: textAt(grant, 'model') }
  const tokens = countAt(grant, 'tokens')
  const magicubes = countAt(grant, 'magicubes')
  const whenEmpty = textAt(grant, 'whenEmpty', ['provider-stops', 'provider-bills'])
  if (magicubes !== undefined) {
    if (provider !== 'modelscope' || tokens !== undefined || whenEmpty !== undefined) {
      throw new InvalidControl('magicubes go with provider modelscope and without tokens and whenEmpty')
    }
    return { ...scope, magicubes }
  }
  if (tokens === undefined) throw new InvalidControl('tokens is required')
  if (whenEmpty === undefined) throw new InvalidControl('whenEmpty is required')
  return { ...scope, tokens, whenEmpty: whenEmpty === 'provider-stops' ? 'provider-stops' : 'provider-bills' }
}
