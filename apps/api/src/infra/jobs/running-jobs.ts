import type { RecurringJob } from '../../ports/jobs.ts'

/** After the signal: for what a run does when it is told to end. */
const abortedMs = 2_000

/** The runs of this process: a name once at a time, and an end to all of them that is bounded. */
export class RunningJobs {
  readonly #running = new Map<string, Promise<void>>()
  readonly #abort = new AbortController()

  /**
   * Rejects as the job does. A name that runs already is left to that run: a queue that lost its memory may hand it out
   * a second time.
   */
  async run(job: RecurringJob): Promise<void> {
    if (this.#running.has(job.name) || this.#abort.signal.aborted) return
    const ended = (async () => void (await job.run(this.#abort.signal)))()
    this.#running.set(
      job.name,
      ended.catch(() => {}),
    )
    try {
      await ended
    } finally {
      this.#running.delete(job.name)
    }
  }

  /** Waits for what runs; after the time the runs are told to end. Answers whether all of them did. */
  async end(timeoutMs: number): Promise<boolean> {
    if (await this.#idle(timeoutMs)) return true
    this.#abort.abort(new Error('the process stops'))
    return this.#idle(abortedMs)
  }

  async #idle(timeoutMs: number): Promise<boolean> {
    return within(timeoutMs, Promise.all(this.#running.values()))
  }
}

/** Whether it settled in time. */
export async function within(timeoutMs: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs)
  })
  const done = work.then(
    () => true,
    () => true,
  )
  try {
    return await Promise.race([done, late])
  } finally {
    clearTimeout(timer)
  }
}
