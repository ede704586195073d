import { isAlias, isMap, isScalar, isSeq, type Document, type Node } from 'yaml'
import type { z } from 'zod'
import type { FieldPath, Finding } from '../../domain/configuration/findings.ts'
import { nearestNames } from '../../domain/routing/nearest-names.ts'
import { findNode } from './locate.ts'

/** What is wrong with a shape, in words for people who write YAML. One finding for each unknown field. */
export function describeIssue(document: Document, issue: z.core.$ZodIssue, base: FieldPath = []): Finding[] {
  const path = [...base, ...issue.path.filter((step) => typeof step !== 'symbol')]
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: unknownField(key, issue.message.split(',')),
    }))
  if (issue.code === 'invalid_union') {
    // Of the forms a value may have, the one it looks like: the others fail at its very root.
    const meant = issue.errors.find(
      (issues) => !issues.some((inner) => inner.path.length === 0 && isWrongType(inner)),
    )
    if (meant !== undefined) return meant.flatMap((inner) => describeIssue(document, inner, path))
    const kinds = issue.errors.flatMap((issues) =>
      issues.flatMap((inner) => (inner.code === 'invalid_type' ? [inner.expected] : [])),
    )
    return [{ path, message: wrongType(document, path, kinds) }]
  }
  if (issue.code === 'invalid_type') return [{ path, message: wrongType(document, path, [issue.expected]) }]
  if (issue.code === 'invalid_value') {
    const words = issue.values.map(String)
    const node = findNode(document, path)
    if (node === undefined) return [{ path, message: `is needed: one of ${words.join(', ')}` }]
    const source = sourceOf(node)
    const [near] = nearestNames(source, words)
    return [
      {
        path,
        message: `"${source}" is not one of ${words.join(', ')}${near === undefined ? '' : `; did you mean "${near}"?`}`,
      },
    ]
  }
  if (issue.code === 'too_small' && issue.origin === 'array') return [{ path, message: 'is an empty list' }]
  return [{ path, message: lowerFirst(issue.message) }]
}

function isWrongType(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'invalid_type'
}

function unknownField(key: string, known: readonly string[]): string {
  const [near] = nearestNames(key, known)
  return near === undefined
    ? `unknown field (known here: ${known.join(', ')})`
    : `unknown field; did you mean "${near}"?`
}

function wrongType(document: Document, path: FieldPath, expected: readonly string[]): string {
  const node = findNode(document, path)
  if (node === undefined) return 'is needed'
  if (isScalar(node) && node.value === null) return 'is empty: give it a value, or take the line out'
  const kinds = expected.map((kind) => kindNames[kind] ?? kind)
  // The text of the file, never the value: that may have come from a variable.
  if (isScalar(node) && typeof node.value !== 'string' && expected.includes('string'))
    return `must be ${kinds.join(' or ')}: put it in quotes, "${sourceOf(node)}"`
  return `must be ${kinds.join(' or ')}`
}

const kindNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list ("- ..." lines or [...])',
  object: 'a mapping ("name: value" lines)',
  record: 'a mapping ("name: value" lines)',
}

function sourceOf(node: Node): string {
  if (isScalar(node)) return node.source ?? String(node.value)
  if (isAlias(node)) return `*${node.source}`
  return isMap(node) ? '{...}' : isSeq(node) ? '[...]' : ''
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
