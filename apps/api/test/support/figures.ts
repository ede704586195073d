import { appendFileSync } from 'node:fs'

/** What a run of the whole suite counts up, and `npm test` prints at its end. */
export type Figure = 'crashes' | 'interleavings' | 'requests'

/**
 * Adds to a figure of this run. Several processes write to one file, each line in one small append; without the
 * variable, as in a plain run of vitest, nothing is counted.
 */
export function countFigure(name: Figure, amount: number): void {
  const path = process.env['TOLLGATE_TEST_FIGURES']
  if (path !== undefined && path !== '' && amount > 0) appendFileSync(path, `${name} ${amount}\n`)
}
