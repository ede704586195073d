export interface TestSummary {
  readonly passed: number
  /** Also what went wrong outside of a test: a file that could not be loaded, an error nobody caught. */
  readonly failed: number
  /** What the two figures do not say. */
  readonly notes: readonly string[]
}

/**
 * The whole of a run from vitest's JSON report. `mustRunAll`: a file of which nothing ran counts as failed, because
 * on a build machine a suite that could not run must not look like one that passed.
 */
export function summarise(
  report: unknown,
  run: { readonly exitCode: number | null; readonly mustRunAll: boolean },
): TestSummary {
  const files = listOf(report, 'testResults').map(readFileResult)
  const notes: string[] = []
  let passed = 0
  let failed = 0
  for (const file of files) {
    passed += file.passed
    failed += file.failed
    if (file.broken) {
      failed += 1
      notes.push(`could not run: ${file.name}`)
    } else if (file.skipped > 0) {
      const all = file.passed + file.failed === 0
      notes.push(`${all ? 'skipped' : `${file.skipped} skipped in`}: ${file.name}`)
      if (all && run.mustRunAll) failed += 1
    }
  }
  if (files.length === 0) notes.push('no test ran')
  const endedBadly = run.exitCode !== 0 && failed === 0
  if (endedBadly) notes.push(`vitest ended with ${run.exitCode ?? 'a signal'} although no test failed`)
  return { passed, failed: failed + (endedBadly || (files.length === 0 && failed === 0) ? 1 : 0), notes }
}

interface FileResult {
  readonly name: string
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** Failed as a whole: it could not be loaded, or a hook of the file failed. */
  readonly broken: boolean
}

function readFileResult(value: unknown): FileResult {
  const states = listOf(value, 'assertionResults').map((test) => field(test, 'status'))
  const count = (...wanted: string[]) => states.filter((state) => wanted.includes(String(state))).length
  const failed = count('failed')
  return {
    name: String(field(value, 'name')),
    passed: count('passed'),
    failed,
    skipped: states.length - count('passed', 'failed'),
    broken: field(value, 'status') === 'failed' && failed === 0,
  }
}

function listOf(value: unknown, key: string): readonly unknown[] {
  const list = field(value, key)
  return Array.isArray(list) ? list : []
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? (Object.entries(value).find(([name]) => name === key) ?? [])[1]
    : undefined
}
