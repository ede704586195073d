/**
 * How many times longer `work` takes for 16 times as much: about 16 where it looks at everything once, 256 where it looks
 * at everything again for each piece. A comparison within one run, so that a slow machine does not matter.
 */
export function growthOf(work: (count: number) => void, count: number): number {
  const few = Math.ceil(count / times)
  const [less, more] = [bestMs(() => work(few)), bestMs(() => work(count))]
  return more / less
}

/** Well above what noise does to a sixteenfold, well below the square of it. */
export const growthMax = 100

const times = 16

function bestMs(work: () => void): number {
  const took = Array.from({ length: 3 }, () => {
    const startedMs = performance.now()
    work()
    return performance.now() - startedMs
  })
  return Math.min(...took)
}
