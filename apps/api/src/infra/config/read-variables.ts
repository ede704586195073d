import { ConfigurationError } from './configuration-error.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads variables one by one and collects what is wrong with them, so that a person mends all of it at once. An empty
 * variable counts as unset: container files pass on what nobody has set.
 */
export class VariableReader {
  readonly #env: Environment
  readonly #problems: string[] = []

  constructor(env: Environment) {
    this.#env = env
  }

  text(name: string): string | undefined {
    const value = this.#env[name]?.trim()
    return value === undefined || value === '' ? undefined : value
  }

  whole(name: string, fallback: number, bounds: { readonly min: number; readonly max: number }): number {
    return this.optionalWhole(name, bounds) ?? fallback
  }

  optionalWhole(name: string, bounds: { readonly min: number; readonly max: number }): number | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const read = /^\d{1,15}$/.test(value) ? Number(value) : undefined
    if (read !== undefined && read >= bounds.min && read <= bounds.max) return read
    this.refuse(name, value, `must be a whole number from ${bounds.min} to ${bounds.max}`)
    return undefined
  }

  choice<Word extends string>(name: string, words: readonly Word[]): Word | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const word = words.find((candidate) => candidate === value)
    if (word === undefined) this.refuse(name, value, `must be one of ${words.join(', ')}`)
    return word
  }

  /** An absolute address of one of these schemes (`https:`). */
  url(name: string, schemes: readonly string[]): URL | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const url = URL.canParse(value) ? new URL(value) : undefined
    if (url !== undefined && schemes.includes(url.protocol)) return url
    this.refuse(name, withoutPassword(value), `must be an address such as ${schemes[0] ?? ''}//host`)
    return undefined
  }

  /** `shown` is what the message repeats: never a secret. */
  refuse(name: string, shown: string | undefined, problem: string): void {
    this.#problems.push(shown === undefined ? `${name} ${problem}` : `${name}="${shown}" ${problem}`)
  }

  finish(): void {
    if (this.#problems.length === 0) return
    throw new ConfigurationError(
      `Tollgate cannot start with this environment:\n${this.#problems.map((line) => `  ${line}`).join('\n')}`,
    )
  }
}

/** Addresses of databases carry a password, which may hold any sign, and this text goes to a log. */
function withoutPassword(value: string): string {
  return value.replace(/\/\/.*@/s, '//…@').replace(/\?.*/s, '')
}
