import type { HoldInput, Replica, Replicas, Standstill } from '../../ports/replicas.ts'

/** One process has the books to itself: a standstill is its own. */
export class SingleReplica implements Replicas {
  readonly #self: Omit<Replica, 'leaseUntil'>
  #standstill: Standstill | undefined
  #turn: Promise<unknown> = Promise.resolve()
  #epoch = 0

  constructor(self: Omit<Replica, 'leaseUntil'>) {
    this.#self = self
  }

  async join(standstill: Standstill): Promise<void> {
    this.#standstill = standstill
  }

  async leave(): Promise<void> {
    this.#standstill = undefined
  }

  hold<Result>(input: HoldInput<Result>): Promise<Result | undefined> {
    const turn = this.#turn.then(() => {
      this.#epoch += 1
      return holdOnce(this.#standstill, input, this.#epoch)
    })
    this.#turn = turn.catch(() => {})
    return turn
  }

  async list(): Promise<readonly Replica[]> {
    return [{ ...this.#self, leaseUntil: new Date(farMs) }]
  }

  current(): boolean {
    return true
  }
}

async function holdOnce<Result>(
  standstill: Standstill | undefined,
  input: HoldInput<Result>,
  epoch: number,
): Promise<Result | undefined> {
  if (!(await input.needed())) return undefined
  if (standstill === undefined) return input.work({ epoch, reservations: [] })
  try {
    const reservations = await standstill.stop()
    return await input.work({ epoch, reservations })
  } finally {
    await standstill.resume()
  }
}

const farMs = Date.UTC(9999, 0)
