/**
 * `npm test`: prepares what the suites need, runs all of them, says how long that took and what was counted, and last of
 * all `N passed, N failed`. Databases are started by vitest's global set-ups, when a suite asks for one.
 *
 * Arguments are passed on to vitest: `npm test -- quotas` runs the files whose names contain it.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildDashboard } from '../apps/api/src/infra/dashboard-files/build-dashboard.ts'
import { dockerAnswers } from '../apps/api/test/support/docker.ts'
import { findRedisProgram, installRedis, redisAdvice } from '../apps/api/test/support/redis-program.ts'
import { chromiumAdvice, ensureChromium } from './find-chromium.ts'
import { formatDuration, sumFigures } from './sum-figures.ts'
import { summarise } from './summarise-tests.ts'

const startedAt = performance.now()
const root = join(import.meta.dirname, '..')
const log = { info: say, warn: say, error: say }

const chromium = ensureChromium()
if (chromium === undefined) console.log(chromiumAdvice)
if (!(await ensureRedis())) console.log(redisAdvice)
await buildDashboard(log)

const folder = await mkdtemp(join(tmpdir(), 'tollgate-tests-'))
try {
  const report = join(folder, 'report.json')
  const figures = join(folder, 'figures')
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
      env: {
        ...process.env,
        TOLLGATE_TEST_FIGURES: figures,
        ...(chromium === undefined ? {} : { TOLLGATE_CHROMIUM: chromium }),
      },
    },
  )
  const exitCode = await new Promise<number | null>((resolve) => vitest.once('exit', resolve))
  const summary = summarise(await readReport(report), { exitCode, mustRunAll: process.env['CI'] === 'true' })
  for (const note of summary.notes) console.log(note.replaceAll(`${root}/`, ''))
  const counted = sumFigures(await readFile(figures, 'utf8').catch(() => ''))
  console.log(
    `the whole run took ${formatDuration(performance.now() - startedAt)}` +
      (counted === undefined ? '' : `: ${counted}`),
  )
  console.log(`${summary.passed} passed, ${summary.failed} failed`)
  process.exitCode = summary.failed === 0 ? 0 : 1
} finally {
  await rm(folder, { recursive: true, force: true })
}

/** Installing takes longer than a suite may wait for its server, so it is done here. */
async function ensureRedis(): Promise<boolean> {
  if ((process.env['TEST_REDIS_URL'] ?? '') !== '' || findRedisProgram() !== undefined) return true
  return (await dockerAnswers()) || installRedis() !== undefined
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
