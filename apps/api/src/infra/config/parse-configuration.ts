import { LineCounter, parseDocument, visit, type Document } from 'yaml'
import type { Adapters } from '../../domain/administration/services.ts'
import type { Catalogue } from '../../domain/administration/catalogue.ts'
import type { Configuration } from '../../domain/configuration/configuration.ts'
import { showPath, type FieldPath, type Finding } from '../../domain/configuration/findings.ts'
import { readConfiguration } from '../../domain/configuration/read-configuration.ts'
import { configurationShape } from './shape.ts'
import { describeIssue } from './describe-issue.ts'
import { fillInVariables } from './fill-in-variables.ts'
import { locate, type Place } from './locate.ts'
import type { Environment } from './read-variables.ts'

export interface ConfigurationProblem extends Place {
  /** `accounts[0].protocol`; empty: the file as a whole. */
  readonly path: string
  /** What is wrong and what to do, without values of the environment. */
  readonly message: string
}

export type ParsedConfiguration =
  | {
      readonly ok: true
      readonly config: Configuration
      /** Allowed, and perhaps not meant. */
      readonly warnings: readonly ConfigurationProblem[]
      /** Where a path is written, for what shows only when the configuration meets the database. */
      readonly locate: (path: FieldPath) => Place
    }
  | { readonly ok: false; readonly problems: readonly ConfigurationProblem[] }

export interface ParsingContext {
  readonly env: Environment
  readonly adapters: Adapters
  readonly catalogue: Catalogue
}

/** Reads `tollgate.yaml`: syntax, then variables, then shape, then sense. Each step names all it finds, in the order of the file. */
export function parseConfiguration(text: string, context: ParsingContext): ParsedConfiguration {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false })
  const place = (path: FieldPath) => locate(document, lines, path)
  const show = ({ path, message }: Finding) => ({ ...place(path), path: showPath(path), message })
  const broken = syntaxProblems(document, lines, text)
  if (broken.length > 0) return refuse(broken)
  const unset = fillInVariables(document, context.env).map(show)
  const built = toValue(document)
  if (built === undefined)
    return refuse([
      { line: 1, column: 1, path: '', message: 'aliases stand for aliases too often: write it out' },
    ])
  const shape = configurationShape.safeParse(built.value)
  if (!shape.success)
    return refuse([
      ...unset,
      ...shape.error.issues.flatMap((issue) => describeIssue(document, issue).map(show)),
    ])
  // What a missing value would have meant cannot be judged.
  if (unset.length > 0) return refuse(unset)
  const read = readConfiguration(context, shape.data)
  if (!read.ok) return refuse(read.problems.map(show))
  return { ok: true, config: read.config, warnings: read.warnings.map(show), locate: place }
}

function refuse(problems: readonly ConfigurationProblem[]): ParsedConfiguration {
  return {
    ok: false,
    problems: problems.toSorted((left, right) => left.line - right.line || left.column - right.column),
  }
}

function syntaxProblems(document: Document.Parsed, lines: LineCounter, text: string): ConfigurationProblem[] {
  const [first] = document.errors
  if (first === undefined) return aliasProblems(document, lines)
  // One slip of the pen makes many errors: the first one says where.
  const place = placeAt(lines, first.pos[0])
  const line = text.split('\n')[place.line - 1] ?? ''
  const hint = /[[{,].*\$\{[^}'"]*\}/.test(line) ? ' (within { } and [ ], write "${NAME}" in quotes)' : ''
  return [{ ...place, path: '', message: `is not YAML: ${first.message.split('\n')[0] ?? ''}${hint}` }]
}

/** The library finds these only when it builds values, and then without a place. */
function aliasProblems(document: Document.Parsed, lines: LineCounter): ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = []
  visit(document, {
    Alias(_key, node) {
      if (node.resolve(document) !== undefined) return
      problems.push({
        ...placeAt(lines, node.range?.[0] ?? 0),
        path: '',
        message: `*${node.source} stands for nothing: there is no &${node.source} above it`,
      })
    },
  })
  return problems
}

/** Aliases of aliases multiply without end; the library counts, and throws. */
function toValue(document: Document.Parsed): { readonly value: unknown } | undefined {
  try {
    return { value: document.toJS() ?? {} }
  } catch (error) {
    if (error instanceof ReferenceError) return undefined
    throw error
  }
}

function placeAt(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(line, 1), column: Math.max(col, 1) }
}
