import type { Logger } from '../../ports/logger.ts'
import { randomUUID } from 'node:crypto'
import { access, chmod, cp, lstat, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { binariesIn, type Binaries } from './locate-binaries.ts'

/** Copies the programs to where every user may run them, once per build. About 50 MB. */
export async function copyBinaries(packaged: Binaries, sharedHome: string, log: Logger): Promise<Binaries> {
  const parent = join(sharedHome, 'programs')
  const target = join(parent, packaged.build)
  const copied = binariesIn(target, packaged.build)
  if (
    await access(target).then(
      () => true,
      () => false,
    )
  )
    return copied
  for (const directory of [sharedHome, parent]) {
    await mkdir(directory, { recursive: true })
    await chmod(directory, 0o711)
  }
  // Under another name until it is whole: a copy that was killed half way must not be taken for one.
  const draft = `${target}.${randomUUID()}`
  await cp(packaged.directory, draft, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => !source.endsWith('.a') && basename(source) !== 'include',
  })
  await makeReadable(draft)
  await rename(draft, target).catch(async (error: unknown) => {
    await rm(draft, { recursive: true, force: true })
    // Another Tollgate may have been quicker; what it made serves as well.
    await access(target).catch(() => {
      throw error
    })
  })
  log.info({ target }, 'copied the programs of PostgreSQL to where its user can run them')
  return copied
}

/** Modes as npm wrote them follow the umask of whoever ran it, and may be closed to others. */
async function makeReadable(directory: string): Promise<void> {
  await chmod(directory, 0o755)
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) await makeReadable(path)
    else if (entry.isFile()) await chmod(path, (await lstat(path)).mode & 0o100 ? 0o755 : 0o644)
  }
}
