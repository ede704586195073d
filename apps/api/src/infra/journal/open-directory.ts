import { closeSync, fsyncSync, mkdirSync, openSync, unlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ConfigurationError } from '../config/configuration-error.ts'

/** Makes the journal's directory if need be. Throws `ConfigurationError` when no file can be made there. */
export function openDirectory(directory: string): void {
  try {
    const made = mkdirSync(directory, { recursive: true, mode: 0o700 })
    tryOut(join(directory, 'try-out'))
    // Files in it are as lost at a power cut as its own name is.
    if (made !== undefined) syncDirectory(dirname(made))
  } catch (error) {
    throw new ConfigurationError(
      `The journal directory ${directory} cannot be written (${codeOf(error)}). Give the user that runs Tollgate write ` +
        'access to it (and mount its disk for writing), or set TOLLGATE_DATA_DIR to another folder.',
    )
  }
}

/** By making a file: permissions are only half of what decides that. */
function tryOut(path: string): void {
  try {
    closeSync(openSync(path, 'w', 0o600))
    unlinkSync(path)
  } catch (error) {
    // Full is no reason not to start: carrying what is in the journal into Postgres makes room.
    if (codeOf(error) !== 'ENOSPC' && codeOf(error) !== 'EDQUOT') throw error
  }
}

function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return
  const fd = openSync(directory, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
