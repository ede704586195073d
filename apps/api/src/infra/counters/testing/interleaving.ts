import { expect } from 'vitest'
import { until } from '../../../../test/support/until.ts'
import { CountersUnavailable, type CounterRef } from '../../../ports/counters.ts'
import { Model } from './model.ts'
import type { Outside, TestedCounters, World } from './modes.ts'
import { counterNames, refAt, Scene, shareOf, yesterdayAt } from './scene.ts'
import type { Step, StepOf } from './steps.ts'

/** One interleaving: steps are taken on the counters and on the model, and after each of them both say the same. */
export class Interleaving {
  atMs = 1_800_000_000_000
  readonly #world: World
  readonly #model: Model
  readonly #scene: Scene
  /** What a counter may reach: its limit, or what it had when its limit was lowered or a settlement was too large. */
  readonly #bounds = new Map<string, bigint>()
  readonly #isCut: boolean[] = []
  /** What a process did while it was cut off: it happens in the store later. */
  readonly #delayed: (() => unknown)[][]
  #epoch = 0
  #reservations = 0

  /** `scale`: all amounts are multiples of it. */
  constructor(world: World, scale: bigint) {
    this.#world = world
    this.#model = new Model(world.processes.length)
    this.#scene = new Scene(scale)
    this.#delayed = world.processes.map(() => [])
  }

  /** An empty store is filled. */
  async begin(): Promise<void> {
    if (this.#world.outside === undefined) await this.#seed(this.#counters(0))
    else await this.#rebuild(0, this.#world.outside)
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'reserve':
        await this.#reserve(step)
        break
      case 'settle':
        await this.#settle(step)
        break
      case 'release':
        await this.#release(step)
        break
      case 'drop':
        await this.#drop(step)
        break
      case 'note':
        this.#note(step)
        break
      case 'pass':
        this.atMs += step.ms
        break
      case 'sweep':
        await this.#sweep(step)
        break
      case 'late':
        await this.#late(step)
        break
      case 'limit':
        this.#scene.changeLimit(step.counter, step.percent)
        break
      case 'adjust':
        await this.#adjust(step)
        break
      case 'cut':
        await this.#cut(step.process)
        break
      case 'mend':
        await this.#mend(step.process)
        break
      case 'break':
        await this.#break(step)
        break
      case 'lose':
        await this.#lose(step)
        break
    }
  }

  /** Both say the same of every counter, and no hard limit is passed. */
  async compare(): Promise<void> {
    const process = this.#connected(0)
    if (process === undefined) return
    const refs = [...counterNames.map((name) => this.#ref(name)), yesterdayAt(this.atMs)]
    const readings = await this.#counters(process).read(refs, this.atMs)
    expect(readings).toEqual(refs.map((ref) => this.#model.read(ref, this.atMs)))
    refs.slice(0, -1).forEach((ref, index) => {
      const reading = readings[index]
      if (reading === undefined || ref.counterId === 'budget') return
      const total = reading.settled + reading.held
      const limit = this.#scene.limit(ref.counterId)
      const bound = this.#bounds.get(ref.counterId) ?? limit
      expect(total <= (bound > limit ? bound : limit)).toBe(true)
      this.#bounds.set(ref.counterId, total > limit ? total : limit)
    })
    this.#world.processes.forEach((counters, index) =>
      expect(counters.open().reservations).toBe(this.#model.local[index]?.size),
    )
  }

  /** Everything is given back, and then nothing is held. */
  async end(): Promise<void> {
    for (const process of this.#world.processes.keys()) {
      await this.#mend(process)
      for (const reservationId of this.#model.local[process]?.keys() ?? [])
        await this.#release({ kind: 'release', process, pick: 0 }, reservationId)
    }
    await this.compare()
    const held = await this.#counters(0).read(
      [...counterNames.map((name) => this.#ref(name)), yesterdayAt(this.atMs)],
      this.atMs,
    )
    expect(held.map((reading) => reading.held)).toEqual(held.map(() => 0n))
    expect(this.#model.open.size).toBe(0)
    expect(await this.#counters(0).expired(Number.MAX_SAFE_INTEGER, 100)).toEqual([])
  }

  async #reserve(step: StepOf<'reserve'>): Promise<void> {
    const { process, group } = this.#process(step)
    const again = step.again === null ? undefined : this.#pick(process, step.again)
    const reservationId = again ?? `r${(this.#reservations += 1)}`
    // What the sweeper took is over; that is an example of its own.
    const mine = this.#model.local[process]?.get(reservationId)?.get(group)
    const stored = this.#model.open.get(`${reservationId} ${group}`)
    if (this.#model.resolved.has(`${reservationId} ${group}`) || mine?.holds.length !== stored?.holds.length)
      return
    const holds = this.#scene.holds(step, group, this.atMs)
    const wanted = {
      reservationId,
      group,
      holds,
      atMs: this.atMs,
      expiresAtMs: this.atMs + step.lifetimeMs,
    }
    if (this.#isCut[process] === true) {
      await expect(this.#counters(process).reserve(wanted)).rejects.toThrow(CountersUnavailable)
      return
    }
    const outcome = await this.#counters(process).reserve(wanted)
    expect(outcome).toEqual(this.#model.reserve(process, wanted))
  }

  async #settle(step: StepOf<'settle'>): Promise<void> {
    const { process } = this.#process(step)
    const reservationId = this.#pick(process, step.pick)
    if (reservationId === undefined) return
    const amounts = shareOf(this.#model.local[process]?.get(reservationId)?.values(), step.share)
    const extra = step.extra === null ? [] : this.#scene.extra(step.extra, this.atMs)
    const settle = () => this.#counters(process).settle({ reservationId, amounts, extra, atMs: this.atMs })
    await this.#resolving(
      process,
      this.#model.settle(process, reservationId, amounts, extra, this.atMs),
      settle,
    )
    this.#loosen()
  }

  async #release(step: StepOf<'release'>, chosen?: string): Promise<void> {
    const { process } = this.#process(step)
    const reservationId = chosen ?? this.#pick(process, step.pick)
    if (reservationId === undefined) return
    await this.#resolving(process, this.#model.release(process, reservationId), () =>
      this.#counters(process).release(reservationId),
    )
  }

  /** Does it twice: the second time there is nothing to do. */
  async #resolving(
    process: number,
    apply: (() => boolean) | undefined,
    act: () => Promise<boolean>,
  ): Promise<void> {
    if (apply === undefined) throw new Error('the model does not know what it picked')
    if (this.#isCut[process] === true) {
      this.#delayed[process]?.push(apply)
      expect(await act()).toBe(true)
    } else {
      expect(await act()).toBe(apply())
    }
    expect(await act()).toBe(false)
  }

  async #drop(step: StepOf<'drop'>): Promise<void> {
    const { process } = this.#process(step)
    const reservationId = this.#pick(process, step.pick)
    if (reservationId === undefined) return
    for (const group of ['team:a', 'account:x']) {
      const apply = this.#model.drop(process, reservationId, group, step.counters)
      await this.#counters(process).dropHolds(reservationId, group, step.counters)
      if (this.#isCut[process] === true) this.#delayed[process]?.push(apply)
      else apply()
    }
  }

  #note(step: StepOf<'note'>): void {
    const { process } = this.#process(step)
    const reservationId = this.#pick(process, step.pick)
    if (reservationId === undefined) return
    const opening = `opening of ${reservationId} at ${this.atMs}`
    this.#counters(process).note(reservationId, 'team:a', () => opening)
    this.#model.note(process, reservationId, 'team:a', opening, this.#isCut[process] !== true)
  }

  async #sweep(step: StepOf<'sweep'>): Promise<void> {
    const process = this.#connected(step.process)
    if (process === undefined) return
    const counters = this.#counters(process)
    const expected = this.#model.expired(this.atMs)
    const found = await counters.expired(this.atMs, step.countMax)
    expect(found.map(({ expiresAtMs }) => expiresAtMs)).toEqual(
      expected.slice(0, step.countMax).map(({ expiresAtMs }) => expiresAtMs),
    )
    for (const { reservationId, group, ...entry } of found) {
      expect(expected).toContainEqual({ reservationId, group, ...entry })
      const amounts = shareOf([{ reservationId, group, ...entry }], step.share)
      const unheld = step.unheld ? this.#scene.extra(group, this.atMs) : []
      const input = { reservationId, group, amounts, unheld, atMs: this.atMs }
      expect(await counters.resolve(input)).toBe(
        this.#model.resolve(reservationId, group, amounts, unheld, this.atMs),
      )
      expect(await counters.resolve(input)).toBe('already')
      if (this.#world.outside === undefined) this.#forgetLocal(reservationId, group)
      if (!step.forget) continue
      await counters.forget([{ reservationId, group }])
      this.#model.forget(reservationId, group)
    }
    this.#loosen()
  }

  /** A record that comes without the store knowing of its reservation. */
  async #late(step: StepOf<'late'>): Promise<void> {
    const process = this.#connected(step.process)
    if (process === undefined) return
    const reservationId = `late${step.pick % 3}`
    const unheld = [{ ...this.#ref('day'), amount: step.amount * this.#scene.scale }]
    const input = { reservationId, group: 'team:a', amounts: new Map(), unheld, atMs: this.atMs }
    expect(await this.#counters(process).resolve(input)).toBe(
      this.#model.resolve(reservationId, 'team:a', new Map(), unheld, this.atMs),
    )
    this.#loosen()
  }

  async #adjust(step: StepOf<'adjust'>): Promise<void> {
    const process = this.#connected(step.process)
    if (process === undefined) return
    const ref = step.yesterday ? yesterdayAt(this.atMs) : this.#ref(step.counter)
    const changes = [
      { ...ref, amount: step.amount * this.#scene.scale },
      { ...ref, counterId: 'never filled', amount: 5n },
    ]
    await this.#counters(process).adjust(changes, this.atMs)
    this.#model.adjust(changes.slice(0, 1), this.atMs)
    this.#loosen()
  }

  async #cut(process: number): Promise<void> {
    const { outside } = this.#world
    if (outside === undefined || this.#isCut[process] === true) return
    await outside.cut(process)
    this.#isCut[process] = true
  }

  async #mend(process: number): Promise<void> {
    const { outside } = this.#world
    if (outside === undefined || this.#isCut[process] !== true) return
    await outside.mend(process)
    this.#isCut[process] = false
    for (const apply of this.#delayed[process]?.splice(0) ?? []) apply()
    expect(outside.stores[process]?.state()).toBe('ready')
    expect(outside.stores[process]?.epoch()).toBe(this.#epoch)
    this.#loosen()
  }

  /** The connection breaks while something is on its way: it took place as a whole, or it did not. */
  async #break(step: StepOf<'break'>): Promise<void> {
    const { outside } = this.#world
    const { process, pick } = step
    if (outside === undefined || this.#isCut[process] === true) return
    const counters = this.#counters(process)
    const breaking = async <Result>(action: Promise<Result>) => {
      const result = action.then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      )
      for (let turn = 0; turn < step.turns; turn += 1) await new Promise((resolve) => setImmediate(resolve))
      outside.cutNow(process)
      const settled = await result
      await until(() => outside.stores[process]?.state() === 'away')
      this.#isCut[process] = true
      return settled
    }
    if (step.doing === 'reserve') {
      const wanted = {
        reservationId: `r${(this.#reservations += 1)}`,
        group: 'team:a',
        holds: this.#scene.holds({ counters: ['day', 'parallel'], amount: 3n }, 'team:a', this.atMs),
        atMs: this.atMs,
        expiresAtMs: this.atMs + 1_000,
      }
      const result = await breaking(counters.reserve(wanted))
      if ('value' in result) expect(result.value).toEqual(this.#model.reserve(process, wanted))
      else expect(result.error).toBeInstanceOf(CountersUnavailable)
    } else {
      const reservationId = this.#pick(process, pick)
      if (reservationId === undefined) return
      const amounts = shareOf(this.#model.local[process]?.get(reservationId)?.values(), 50n)
      const input = { reservationId, amounts, extra: [], atMs: this.atMs }
      const [apply, action] =
        step.doing === 'settle'
          ? [this.#model.settle(process, reservationId, amounts, [], this.atMs), () => counters.settle(input)]
          : [this.#model.release(process, reservationId), () => counters.release(reservationId)]
      const result = await breaking(action())
      const changed = apply?.()
      if (changed === true) expect(result).toEqual({ value: true })
    }
    await this.#mend(process)
  }

  /** The store is emptied; the next who needs it notices, and it is filled again from what the model has. */
  async #lose(step: StepOf<'lose'>): Promise<void> {
    const { outside } = this.#world
    const process = this.#connected(step.process)
    if (outside === undefined || process === undefined) return
    // What was settled meanwhile is in the ledger.
    for (const delayed of this.#delayed) for (const apply of delayed.splice(0)) apply()
    await outside.empty()
    const reservationId = this.#pick(process, step.pick)
    if (step.noticedBy === 'settle' && reservationId !== undefined) {
      const groups = [...(this.#model.local[process]?.get(reservationId)?.values() ?? [])]
      const amounts = shareOf(groups, 70n)
      this.#model.settle(process, reservationId, amounts, [], this.atMs)?.()
      const input = { reservationId, amounts, extra: [], atMs: this.atMs }
      expect(await this.#counters(process).settle(input)).toBe(true)
    } else {
      const wanted = {
        reservationId: 'nobody',
        group: step.pick % 2 === 0 ? 'team:a' : 'account:x',
        holds: [],
        atMs: this.atMs,
        expiresAtMs: this.atMs + 1_000,
      }
      await expect(this.#counters(process).reserve(wanted)).rejects.toThrow(CountersUnavailable)
    }
    expect(outside.stores[process]?.state()).toBe('cold')
    await this.#rebuild(process, outside)
    this.#loosen()
  }

  async #rebuild(process: number, outside: Outside): Promise<void> {
    const store = outside.stores[process]
    if (store === undefined) throw new Error(`no process ${process}`)
    this.#epoch += 1
    this.#model.rebuild(counterNames.map((name) => this.#ref(name)))
    await store.begin(this.#epoch)
    await this.#seed(store)
    for (const other of outside.stores) await store.restore(other.openReservations())
    await store.publish(this.#epoch)
    for (const [index, other] of outside.stores.entries())
      if (this.#isCut[index] !== true) expect(await other.adopt()).toBe('ready')
  }

  async #seed(counters: TestedCounters): Promise<void> {
    const refs = counterNames.map((name) => this.#ref(name))
    for (const ref of await counters.unknown(refs))
      await counters.seed({ ref, parts: this.#model.parts(ref) })
    expect(await counters.unknown(refs)).toEqual([])
  }

  #ref(name: string): CounterRef {
    return refAt(name, this.atMs)
  }

  /** What was settled without a hold, or beyond it, is counted in full. */
  #loosen(): void {
    for (const name of counterNames) {
      const { settled, held } = this.#model.read(this.#ref(name), this.atMs)
      const bound = this.#bounds.get(name) ?? this.#scene.limit(name)
      if (settled + held > bound) this.#bounds.set(name, settled + held)
    }
  }

  #forgetLocal(reservationId: string, group: string): void {
    for (const reservations of this.#model.local) {
      const groups = reservations.get(reservationId)
      groups?.delete(group)
      if (groups?.size === 0) reservations.delete(reservationId)
    }
  }

  #process<Kind extends { readonly process: number }>(step: Kind): Kind {
    return { ...step, process: step.process % this.#world.processes.length }
  }

  /** The process, or another one that is not cut off. */
  #connected(process: number): number | undefined {
    const candidates = [process, ...this.#world.processes.keys()]
    return candidates.find((index) => index < this.#world.processes.length && this.#isCut[index] !== true)
  }

  #pick(process: number, pick: number): string | undefined {
    const reservations = [...(this.#model.local[process]?.keys() ?? [])]
    return reservations[pick % Math.max(reservations.length, 1)]
  }

  #counters(process: number): TestedCounters {
    const counters = this.#world.processes[process]
    if (counters === undefined) throw new Error(`no process ${process}`)
    return counters
  }
}
