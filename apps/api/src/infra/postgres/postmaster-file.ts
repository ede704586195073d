import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What a running server says of itself in `postmaster.pid` of its database directory. */
export interface PostmasterFile {
  readonly pid: number
  readonly port: number | undefined
  readonly status: string
}

/** `undefined`: no server runs on this directory, nor did one die there without tidying up. */
export async function readPostmasterFile(databaseDirectory: string): Promise<PostmasterFile | undefined> {
  let text: string
  try {
    text = await readFile(join(databaseDirectory, 'postmaster.pid'), 'utf8')
  } catch {
    return undefined
  }
  // One fact a line: pid, directory, start, port, socket directory, listen address, shared memory, status.
  const lines = text.split('\n')
  const port = Number(lines[3])
  return {
    pid: Number(lines[0]),
    port: Number.isInteger(port) && port > 0 ? port : undefined,
    status: lines[7]?.trim() ?? '',
  }
}
