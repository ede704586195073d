import type { CatalogueProtocol } from '../../shared/api/types.ts'

export type CredentialField = CatalogueProtocol['credentials'][number]

/** One way to prove oneself: the credentials that are entered and sent together. */
export interface CredentialWay {
  /** Name of its first field. */
  readonly id: string
  readonly fields: readonly CredentialField[]
}

/** What a protocol lets people choose from; most have one way. The first one is offered first. */
export function waysOf({ credentials, credentialSets }: CatalogueProtocol): readonly CredentialWay[] {
  if (credentialSets === null) return [{ id: credentials[0]?.name ?? '', fields: credentials }]
  const inSets = new Set(credentialSets.flat())
  return credentialSets.map((names) => ({
    id: names[0] ?? '',
    fields: credentials
      .filter(({ name }) => names.includes(name) || !inSets.has(name))
      .map((field) => (names.includes(field.name) ? { ...field, required: true } : field)),
  }))
}

/** The way that credentials of these names belong to. */
export function wayOf(ways: readonly CredentialWay[], names: readonly string[]): CredentialWay | undefined {
  return ways.find(({ id }) => names.includes(id))
}

/** What of a way was entered. What was typed for another one stays where it is, and is not sent. */
export function enteredOf(
  way: CredentialWay | undefined,
  values: Readonly<Record<string, string>>,
): Record<string, string> {
  const names = way?.fields.map(({ name }) => name) ?? []
  return filled(Object.fromEntries(names.map((name) => [name, values[name] ?? ''])))
}

/** `SecretId + SecretKey`: a way in the words of the platform's console, without what a label says beyond the name. */
export function nameWay({ fields }: CredentialWay): string {
  const required = fields.filter((field) => field.required)
  return (required.length === 0 ? fields : required)
    .map(({ label }) => label.replace(/\s*[(（].*$/u, ''))
    .join(' + ')
}

/** Keys are pasted with spaces and line ends around them; no platform's key has any. */
export function filled(fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields)
      .map(([name, value]) => [name, value.trim()] as const)
      .filter(([, value]) => value !== ''),
  )
}
