import type { Protocol, ProtocolAdapter, Provider } from '@tollgate/adapters/contract'
import type { Credentials } from '../../ports/secrets.ts'
import { nearestNames } from '../routing/nearest-names.ts'
import { AdministrationError, invalidField } from './error.ts'
import type { AdministrationServices } from './services.ts'

/** Where and how to reach an account, as people write it. */
export interface ConnectionForm {
  readonly provider: string
  readonly protocol?: string | undefined
  readonly baseUrl?: string | null | undefined
  readonly credentials: Credentials
  readonly options?: Readonly<Record<string, string>> | undefined
}

export interface Connection {
  readonly provider: Provider
  readonly protocol: Protocol
  readonly adapter: ProtocolAdapter
  /** As given, else the protocol's default. Without a slash at its end. */
  readonly baseUrl: string
  readonly credentials: Credentials
  readonly options: Readonly<Record<string, string>>
}

/** Throws `invalid_request` with every field that is wrong. Formats of credentials change, so their looks are not checked. */
export function readConnection(
  services: Pick<AdministrationServices, 'adapters'>,
  form: ConnectionForm,
): Connection {
  const adapter = chooseAdapter(services, form.provider, form.protocol)
  const baseUrl = form.baseUrl == null ? adapter.defaultBaseUrl : readBaseUrl(form.baseUrl)
  if (baseUrl === undefined)
    throw invalidField('baseUrl', `needed: "${adapter.protocol}" has no default address`)
  return {
    provider: adapter.provider,
    protocol: adapter.protocol,
    adapter,
    baseUrl,
    credentials: readCredentials(adapter, form.credentials),
    options: readOptions(adapter, form.options ?? {}),
  }
}

export function chooseAdapter(
  services: Pick<AdministrationServices, 'adapters'>,
  provider: string,
  protocol: string | undefined,
): ProtocolAdapter {
  const known = services.adapters.providers.find((candidate) => candidate === provider)
  if (known === undefined)
    throw invalidField('provider', `"${provider}" is not one of ${services.adapters.providers.join(', ')}`)
  const adapters = services.adapters.protocolsOf(known)
  const adapter =
    protocol === undefined ? adapters[0] : adapters.find((candidate) => candidate.protocol === protocol)
  if (adapter === undefined)
    throw invalidField(
      'protocol',
      `"${protocol ?? ''}" is not one of ${adapters.map((candidate) => candidate.protocol).join(', ')}`,
    )
  return adapter
}

/** Absolute http(s) URL without credentials, query or fragment; a slash at the end is cut off. */
export function readBaseUrl(text: string): string {
  if (!isWebAddress(text)) throw invalidField('baseUrl', 'must be an absolute http or https address')
  const url = new URL(text)
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw invalidField(
      'baseUrl',
      'must have no user name, password, query or fragment; credentials have their own fields',
    )
  return url.href.replace(/\/+$/, '')
}

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol } = new URL(text)
  return protocol === 'http:' || protocol === 'https:'
}

/**
 * The credentials of one of the ways to prove oneself that the protocol has. Half a way is refused, and so are two: which
 * of them would be used is not for us to guess.
 */
export function readCredentials(adapter: ProtocolAdapter, given: Credentials): Credentials {
  const names = adapter.credentials.map((field) => field.name)
  const problems = Object.keys(given)
    .filter((name) => !names.includes(name))
    .map((name) => ({ path: `credentials.${name}`, message: unknownField(name, names) }))
  const read: Record<string, string> = {}
  for (const field of adapter.credentials) {
    // Pasted from a console: blanks and line ends around it belong to nobody.
    const value = given[field.name]?.trim() ?? ''
    if (value !== '') read[field.name] = value
    else if (field.required)
      problems.push({ path: `credentials.${field.name}`, message: `needed: ${field.label}` })
    // A line break in it would end the header it is sent in.
    if (controlCharacter.test(value))
      problems.push({ path: `credentials.${field.name}`, message: 'holds a control character' })
  }
  problems.push(...problemsOfSets(adapter, Object.keys(read)))
  refuse(problems)
  return read
}

function problemsOfSets(
  { credentialSets, credentials }: ProtocolAdapter,
  given: readonly string[],
): { path: string; message: string }[] {
  if (credentialSets === undefined) return []
  const touched = credentialSets.filter((set) => set.some((name) => given.includes(name)))
  const ways = credentialSets.map((set) => set.join(' and ')).join(', or ')
  const [chosen, second] = touched
  if (chosen === undefined) return [{ path: 'credentials', message: `needed: ${ways}` }]
  if (second !== undefined) return [{ path: 'credentials', message: `give one of them only: ${ways}` }]
  return chosen
    .filter((name) => !given.includes(name))
    .map((name) => {
      const label = credentials.find((field) => field.name === name)?.label ?? name
      return { path: `credentials.${name}`, message: `needed: ${label}` }
    })
}

export function readOptions(
  adapter: ProtocolAdapter,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const names = adapter.options.map((field) => field.name)
  const problems = Object.entries(given).flatMap(([name, value]) => {
    const field = adapter.options.find((candidate) => candidate.name === name)
    if (field === undefined) return [{ path: `options.${name}`, message: unknownField(name, names) }]
    if (field.values !== undefined && !field.values.includes(value))
      return [{ path: `options.${name}`, message: `must be one of ${field.values.join(', ')}` }]
    if (controlCharacter.test(value))
      return [{ path: `options.${name}`, message: 'holds a control character' }]
    if (field.format === 'url' && !isWebAddress(value))
      return [{ path: `options.${name}`, message: 'must be an absolute http or https address' }]
    return []
  })
  refuse(problems)
  return given
}

const controlCharacter = /\p{Cc}/u

function unknownField(name: string, names: readonly string[]): string {
  const near = nearestNames(name, names)[0]
  return `unknown field${near === undefined ? '' : `; did you mean "${near}"?`}${names.length > 0 ? ` (known: ${names.join(', ')})` : ''}`
}

function refuse(problems: readonly { readonly path: string; readonly message: string }[]): void {
  const [first] = problems
  if (first !== undefined)
    throw new AdministrationError('invalid_request', `${first.path}: ${first.message}`, problems)
}
