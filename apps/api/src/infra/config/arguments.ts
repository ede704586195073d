import { nearestNames } from '../../domain/routing/nearest-names.ts'
import { ConfigurationError } from './configuration-error.ts'

const roles = ['all', 'api', 'worker'] as const

/** `api`: serves, and leaves jobs to others. `worker`: does the jobs, and serves nobody but its operator. */
export type Role = (typeof roles)[number]

export interface Arguments {
  /** Simulated providers, a seeded month, traffic of its own: nothing leaves the machine. */
  readonly demo: boolean
  readonly role: Role
}

/** `argv` without the program and its file. Throws `ConfigurationError` for what it does not know. */
export function readArguments(argv: readonly string[]): Arguments {
  const problems: string[] = []
  let demo = false
  let role: Role = 'all'
  // `--role worker` and `--role=worker` are the same.
  const words = argv.flatMap((argument) =>
    argument.startsWith('--role=') ? ['--role', argument.slice('--role='.length)] : [argument],
  )
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? ''
    if (word === '--demo') {
      demo = true
    } else if (word === '--role') {
      index += 1
      const named = roles.find((candidate) => candidate === words[index])
      if (named === undefined) problems.push(describeRole(words[index]))
      else role = named
    } else {
      problems.push(describeUnknown(word))
    }
  }
  if (demo && role !== 'all') problems.push('The demo is one process: leave --role out')
  if (problems.length > 0) throw new ConfigurationError(problems.join('\n'))
  return { demo, role }
}

function describeRole(given: string | undefined): string {
  const said = given === undefined ? 'is followed by nothing' : `"${given}" is not known`
  return `--role ${said}; it takes one of ${roles.join(', ')}`
}

function describeUnknown(argument: string): string {
  const known = ['--demo', '--role']
  const [near] = nearestNames(argument, known)
  return `Unknown argument "${argument}"${near === undefined ? '' : `; did you mean ${near}?`} (known: ${known.join(', ')})`
}
