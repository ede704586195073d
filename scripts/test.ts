/**
 * `npm test`: prepares what the suites need, runs all of them, and says last of all `N passed, N failed`.
 *
 * Arguments are passed on to vitest: `npm test -- quotas` runs the files whose names contain it.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildDashboard } from '../apps/api/src/infra/dashboard-files/build-dashboard.ts'
import { chromiumAdvice, ensureChromium } from './find-chromium.ts'
import { summarise } from './summarise-tests.ts'

const root = join(import.meta.dirname, '..')
const log = { info: say, warn: say, error: say }

const chromium = ensureChromium()
if (chromium === undefined) console.log(chromiumAdvice)
await buildDashboard(log)

const folder = await mkdtemp(join(tmpdir(), 'tollgate-tests-'))
try {
  const report = join(folder, 'report.json')
  const vitest = spawn(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...process.argv.slice(2),
    ],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...(chromium === undefined ? {} : { TOLLGATE_CHROMIUM: chromium }) },
    },
  )
  const exitCode = await new Promise<number | null>((resolve) => vitest.once('exit', resolve))
  const summary = summarise(await readReport(report), { exitCode, mustRunAll: process.env['CI'] === 'true' })
  for (const note of summary.notes) console.log(note.replaceAll(`${root}/`, ''))
  console.log(`${summary.passed} passed, ${summary.failed} failed`)
  process.exitCode = summary.failed === 0 ? 0 : 1
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function readReport(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch {
    // It ended before it could write one; its exit code says so too.
    return undefined
  }
}

function say(_fields: object, message: string): void {
  console.log(message)
}
