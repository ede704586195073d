import { AdministrationError } from './error.ts'

/** What the configuration file says is changed in the file: the next start would take any other change back. */
export function refuseYaml(origin: string, what: string): void {
  if (origin === 'yaml')
    throw new AdministrationError(
      'conflict',
      `The ${what} is written in the configuration file (tollgate.yaml). Change it there and start again.`,
    )
}
