import fc from 'fast-check'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { countFigure } from '../../../../test/support/figures.ts'
import { Interleaving } from './interleaving.ts'
import { modes, type RunningMode } from './modes.ts'
import { step } from './steps.ts'

/** So many that a mistake in one of the steps is found in nearly every run, and the suite stays one of seconds. */
const runs = { 'in memory': 400, 'on Redis': 60 }

describe.each(modes)('counters $name', ({ name, start }) => {
  let mode: RunningMode
  beforeAll(async () => {
    mode = await start()
  })
  afterAll(() => mode.stop())

  it('agree with a plain model after every step of random interleavings', async () => {
    const numRuns = runs[name]
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60, size: 'max' }),
        // Multiples of the last one fill 63 bits, and soft counters pass them.
        fc.constantFrom(1n, 10n ** 9n, 5n * 10n ** 16n),
        async (steps, scale) => {
          let interleaving: Interleaving | undefined
          const world = await mode.world(() => interleaving?.atMs ?? 0)
          try {
            interleaving = new Interleaving(world, scale)
            await interleaving.begin()
            for (const current of steps) {
              await interleaving.take(current)
              await interleaving.compare()
            }
            await interleaving.end()
          } finally {
            await world.close()
          }
        },
      ),
      { numRuns, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: true },
    )
    countFigure('interleavings', numRuns)
    // Longer than the limit above: what was found by then is said, with its seed.
  }, 120_000)
})
