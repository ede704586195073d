import { accessSync, closeSync, constants, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { ConfigurationError } from '../config/configuration-error.ts'

/** Makes the journal's directory if need be. Throws `ConfigurationError` when nothing can be written there. */
export function openDirectory(directory: string): void {
  try {
    const made = mkdirSync(directory, { recursive: true, mode: 0o700 })
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK)
    // Files in it are as lost at a power cut as its own name is.
    if (made !== undefined) syncDirectory(dirname(directory))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new ConfigurationError(
      `The journal directory ${directory} cannot be written (${code}). Give the user that runs Tollgate write access to it ` +
        '(and mount its disk for writing), or set TOLLGATE_DATA_DIR to another folder.',
    )
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
