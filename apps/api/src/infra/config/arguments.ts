import { nearestNames } from '../../domain/routing/nearest-names.ts'
import { ConfigurationError } from './configuration-error.ts'

export interface Arguments {
  /** Simulated providers, a seeded month, traffic of its own: nothing leaves the machine. */
  readonly demo: boolean
}

/** `argv` without the program and its file. Throws `ConfigurationError` for what it does not know. */
export function readArguments(argv: readonly string[]): Arguments {
  const wrong = argv.filter((argument) => !known.includes(argument))
  if (wrong.length > 0)
    throw new ConfigurationError(
      wrong
        .map((argument) => {
          const [near] = nearestNames(argument, known)
          return `Unknown argument "${argument}"${near === undefined ? '' : `; did you mean ${near}?`} (known: ${known.join(', ')})`
        })
        .join('\n'),
    )
  return { demo: argv.includes('--demo') }
}

const known = ['--demo']
