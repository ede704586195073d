import type { CounterRef } from '../../../ports/counters.ts'

/**
 * One filling of the store. All its keys have its number in their names, so that what is left of an older one is never
 * read, and those of one group carry the same hash tag: a cluster keeps them in one slot, where a script may use them.
 */
export class Generation {
  readonly epoch: number
  readonly #prefix: string
  readonly #groups = new Map<string, Group>()

  constructor(prefix: string, epoch: number) {
    this.epoch = epoch
    this.#prefix = `${prefix}:${epoch}`
  }

  /** The set of all groups that anybody has worked with: where the sweeper looks. In a slot of its own. */
  get groupsKey(): string {
    return `${this.#prefix}:groups`
  }

  group(name: string): Group {
    let group = this.#groups.get(name)
    if (group === undefined) {
      group = new Group(name, `${this.#prefix}:{${name}}:`)
      this.#groups.set(name, group)
    }
    return group
  }
}

export class Group {
  readonly name: string
  /** Hash: reservation -> its entry, see entry.ts. */
  readonly open: string
  /** Sorted set: reservation by the moment from which the sweeper may resolve it, or forget that it was resolved. */
  readonly deadlines: string
  /** Hash: reservation -> the text from which the sweeper books it. */
  readonly notes: string
  /** Hash: the counters that were filled, and under `@` the token of the group. */
  readonly known: string
  /** The token that the group had when this process first worked with it; another one means that the group was lost. */
  token: string | undefined
  /** This process has written the group into the set of groups. */
  isListed = false
  readonly #prefix: string

  constructor(name: string, prefix: string) {
    this.name = name
    this.#prefix = prefix
    this.open = `${prefix}open`
    this.deadlines = `${prefix}deadlines`
    this.notes = `${prefix}notes`
    this.known = `${prefix}known`
  }

  /** A fixed window has a hash for each turn. */
  counter(ref: CounterRef): string {
    const name = `${this.#prefix}counter:${ref.counterId}`
    switch (ref.window.kind) {
      case 'fixed':
        return `${name}@${ref.window.startMs}`
      case 'sliding':
        return `${name}@sliding`
      case 'held':
        return `${name}@held`
    }
  }
}

/** Says which generation the store holds, and in which run of the server it was filled. */
export function epochKey(prefix: string): string {
  return `${prefix}:epoch`
}

/** Shows that the store was not lost between `begin` and `publish`; in the slot of the epoch's key. */
export function buildingKey(prefix: string): string {
  return `{${prefix}:epoch}:building`
}
