import { isAlias, isMap, isNode, isScalar, isSeq, type Document, type LineCounter, type Node } from 'yaml'
import type { FieldPath } from '../../domain/configuration/findings.ts'

export interface Place {
  /** Both count from 1. */
  readonly line: number
  readonly column: number
}

/** Where a path is written: at its field's name, or as near to it as the file goes (a missing field: at its mapping). */
export function locate(document: Document, lines: LineCounter, path: FieldPath): Place {
  let offset = startOf(document.contents) ?? 0
  let node: unknown = document.contents
  for (const step of path) {
    const next = enter(document, node, step)
    if (next === undefined) break
    offset = startOf(next.key) ?? startOf(next.value) ?? offset
    node = next.value
  }
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(line, 1), column: Math.max(col, 1) }
}

/** `undefined`: nothing is written there. */
export function findNode(document: Document, path: FieldPath): Node | undefined {
  let node: unknown = document.contents
  for (const step of path) node = enter(document, node, step)?.value
  return isNode(node) ? node : undefined
}

/** One step down; an alias is followed to what it stands for. */
function enter(
  document: Document,
  node: unknown,
  step: string | number,
): { readonly key: unknown; readonly value: unknown } | undefined {
  const target = isAlias(node) ? node.resolve(document) : node
  if (isSeq(target) && typeof step === 'number') {
    const value = target.items[step]
    return value === undefined ? undefined : { key: undefined, value }
  }
  if (!isMap(target)) return undefined
  const pair = target.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
  return pair && { key: pair.key, value: pair.value }
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined
}
