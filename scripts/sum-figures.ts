/**
 * What the suites counted (`countFigure` of the tests), as one line: lines of a name and an amount, written by several
 * processes. `undefined`: nothing was counted.
 */
export function sumFigures(lines: string): string | undefined {
  const sums = new Map<string, number>()
  for (const line of lines.split('\n')) {
    const [, name, amount] = /^([a-z]+) (\d+)$/.exec(line) ?? []
    if (name !== undefined) sums.set(name, (sums.get(name) ?? 0) + Number(amount))
  }
  if (sums.size === 0) return undefined
  const known = order.filter((name) => sums.has(name))
  const others = [...sums.keys()].filter((name) => !order.includes(name)).sort()
  return [...known, ...others]
    .map((name) => `${(sums.get(name) ?? 0).toLocaleString('en-US')} ${name}`)
    .join(', ')
}

const order = ['crashes', 'interleavings', 'requests']

/** `7 min 05 s`, or `4.2 s` for what takes less than a minute. */
export function formatDuration(ms: number): string {
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`
  const seconds = Math.round(ms / 1_000)
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`
}
