import { isNode, isPair, isScalar, isSeq, visit, type Document } from 'yaml'
import type { FieldPath, Finding } from '../../domain/configuration/findings.ts'
import type { Environment } from './read-variables.ts'

/**
 * Puts values of the environment into the texts of a document: `${NAME}`, and `${NAME:-default}` for a variable that
 * is unset or empty. `$${` stands for the characters themselves. It works on parsed texts, so that no value can
 * become structure. Answers what could not be filled in; values are never part of a message.
 */
export function fillInVariables(document: Document, env: Environment): Finding[] {
  const findings: Finding[] = []
  visit(document, {
    Scalar(key, node, ancestors) {
      if (key === 'key' || typeof node.value !== 'string' || !node.value.includes('${')) return
      node.value = node.value.replace(
        /\$\$\{|\$\{([^}]*)\}|\$\{/g,
        (whole: string, reference: string | undefined) => {
          if (whole === '$${') return '${'
          const filled = readReference(reference, env)
          if (filled.ok) return filled.value
          findings.push({ path: pathOf([...ancestors, node]), message: filled.message })
          return whole
        },
      )
    },
  })
  return findings
}

type Filled = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly message: string }

function readReference(reference: string | undefined, env: Environment): Filled {
  if (reference === undefined) return { ok: false, message: `"\${" is not closed by "}"; ${escapeHint}` }
  const match = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s.exec(reference)
  if (match === null)
    return { ok: false, message: `"\${${reference}}" is not \${NAME} or \${NAME:-default}; ${escapeHint}` }
  const [, name = '', fallback] = match
  const value = env[name]
  if (value !== undefined && value !== '') return { ok: true, value }
  if (fallback !== undefined) return { ok: true, value: fallback }
  return { ok: false, message: `the environment variable ${name} is not set` }
}

const escapeHint = 'write "$${" for the characters themselves'

/** From the document down to a text: names of fields and places in lists. */
function pathOf(chain: readonly unknown[]): FieldPath {
  return chain.flatMap((node, depth): (string | number)[] => {
    const below = chain[depth + 1]
    if (isPair(node)) return isScalar(node.key) ? [String(node.key.value)] : []
    return isSeq(node) && isNode(below) ? [node.items.indexOf(below)] : []
  })
}
