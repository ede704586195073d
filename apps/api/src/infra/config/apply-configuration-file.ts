import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { AdministrationError } from '../../domain/administration/error.ts'
import { applyConfiguration, type ApplyServices } from '../../domain/configuration/apply-configuration.ts'
import type { Configuration } from '../../domain/configuration/configuration.ts'
import { readPath, showPath, type FieldPath } from '../../domain/configuration/findings.ts'
import { ConfigurationError } from './configuration-error.ts'
import type { ConfigFile } from './environment.ts'
import { formatProblems } from './format-problems.ts'
import { parseConfiguration, type ParsingContext } from './parse-configuration.ts'

/**
 * At start, after migrations and the price book, before the books are opened: the first snapshot is of what the file
 * says. Without a file (and nobody named one) nothing is applied and nothing is switched off. Throws
 * `ConfigurationError` with every mistake and its line; the database is then as it was.
 */
export async function applyConfigurationFile(
  services: ApplyServices & ParsingContext,
  file: ConfigFile,
): Promise<{ readonly applied: boolean; readonly changes: number }> {
  const text = await readText(file)
  if (text === undefined) return { applied: false, changes: 0 }
  const name = basename(file.path)
  const parsed = parseConfiguration(text, services)
  if (!parsed.ok)
    throw new ConfigurationError(`${file.path} has mistakes:\n${formatProblems(name, parsed.problems)}`)
  for (const warning of parsed.warnings) services.log.warn({}, formatProblems(name, [warning]))
  const { changes } = await applyOrExplain(services, parsed.config, (path, message) =>
    formatProblems(name, [{ ...parsed.locate(path), path: showPath(path), message }]),
  )
  services.log.info(
    { file: file.path, changes },
    changes === 0 ? 'the configuration file is in force already' : 'the configuration file is in force',
  )
  return { applied: true, changes }
}

async function readText(file: ConfigFile): Promise<string | undefined> {
  try {
    return await readFile(file.path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'ENOENT' && !file.required) return undefined
    throw new ConfigurationError(
      code === 'ENOENT'
        ? `TOLLGATE_CONFIG names ${file.path}, which does not exist.`
        : `${file.path} cannot be read (${code}).`,
    )
  }
}

/** Some mistakes show only when the file meets what is in the database. */
async function applyOrExplain(
  services: ApplyServices,
  config: Configuration,
  show: (path: FieldPath, message: string) => string,
): Promise<{ readonly changes: number }> {
  try {
    return await applyConfiguration(services, config)
  } catch (error) {
    if (!(error instanceof AdministrationError)) throw error
    const details = error.details ?? [{ path: '', message: error.message }]
    throw new ConfigurationError(
      details.map((detail) => show(readPath(detail.path), detail.message)).join('\n'),
    )
  }
}
