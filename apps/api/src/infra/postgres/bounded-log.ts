import { copyFile, open, rename, stat } from 'node:fs/promises'

export interface BoundedLog {
  /** Open for appending, to be handed to the server. */
  readonly descriptor: number
  /** What was written since `mark` was last called, at most its last few kilobytes. */
  tail(): Promise<string>
  mark(): Promise<void>
  close(): Promise<void>
}

/**
 * A log file that another process writes and that never grows far beyond `bytesMax`: it is looked at once a minute, and
 * a full one becomes `<path>.1` in place of the one before. The server keeps its descriptor all the while, which is
 * why the file is copied and emptied, not moved.
 */
export async function openBoundedLog(
  path: string,
  options: { readonly bytesMax?: number; readonly checkMs?: number } = {},
): Promise<BoundedLog> {
  const bytesMax = options.bytesMax ?? 5_000_000
  const size = async () => (await stat(path)).size
  if ((await size().catch(() => 0)) > bytesMax) await rename(path, `${path}.1`)
  const file = await open(path, 'a+', 0o600)
  let markedAt = await size()

  const turn = async () => {
    if ((await size()) <= bytesMax) return
    await copyFile(path, `${path}.1`)
    await file.truncate(0)
    markedAt = 0
  }
  const timer = setInterval(() => {
    // A full disk is the reason to try again in a minute; the server itself goes on without its log.
    turn().catch(() => {})
  }, options.checkMs ?? 60_000)
  timer.unref()

  return {
    descriptor: file.fd,
    tail: async () => {
      const end = await size()
      const start = Math.max(markedAt, end - 8_192)
      const { bytesRead, buffer } = await file.read({ position: start, buffer: Buffer.alloc(end - start) })
      return buffer.toString('utf8', 0, bytesRead)
    },
    mark: async () => {
      markedAt = await size()
    },
    close: async () => {
      clearInterval(timer)
      await file.close()
    },
  }
}
