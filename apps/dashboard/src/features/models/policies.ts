/** Ways to choose among the offerings of a model that this release knows. */
export const policies = ['free-first', 'free-only', 'priority'] as const
export type Policy = (typeof policies)[number]

export function isPolicy(text: string): text is Policy {
  return policies.some((policy) => policy === text)
}

/** Moves one entry of a list by one place; at the ends nothing happens. */
export function moved<T>(list: readonly T[], index: number, by: 1 | -1): readonly T[] {
  const target = index + by
  const entry = list[index]
  if (entry === undefined || target < 0 || target >= list.length) return list
  const rest = list.filter((_, at) => at !== index)
  return [...rest.slice(0, target), entry, ...rest.slice(target)]
}
