/** Up to three names that come near a mistyped one, nearest first: by edit distance, or because one holds the other. */
export function nearestNames(wanted: string, names: Iterable<string>): string[] {
  const wantedLower = wanted.slice(0, wantedCharactersMax).toLowerCase()
  const scored: { readonly name: string; readonly distance: number }[] = []
  for (const name of names) {
    const nameLower = name.toLowerCase()
    const contains =
      wantedLower.length > 2 && (nameLower.includes(wantedLower) || wantedLower.includes(nameLower))
    const distance = contains ? 1 : editDistance(wantedLower, nameLower)
    if (distance <= Math.max(2, Math.floor(wantedLower.length / 3))) scored.push({ name, distance })
  }
  scored.sort((left, right) => left.distance - right.distance || left.name.localeCompare(right.name))
  return scored.slice(0, 3).map((entry) => entry.name)
}

/** A name is text of a stranger: bounded before it is compared with every model. */
const wantedCharactersMax = 100

function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= right.length; column += 1) {
      const substitution = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1)
      current.push(Math.min(substitution, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous[right.length] ?? 0
}
