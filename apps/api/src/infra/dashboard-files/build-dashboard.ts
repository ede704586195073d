import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '../../ports/logger.ts'

const dashboard = join(import.meta.dirname, '../../../../dashboard')
const inputs = ['src', 'public', 'index.html', 'package.json', 'vite.config.ts', 'tsconfig.json']

/**
 * The built dashboard, built now if its sources have changed since: once after an installation, a few seconds.
 * An image that ships `dist` without sources is served as it is.
 */
export async function buildDashboard(log: Logger): Promise<{ readonly directory: string }> {
  const directory = join(dashboard, 'dist')
  const stamp = join(directory, '.built-from')
  if (!existsSync(join(dashboard, 'src'))) return { directory }
  const wanted = await hashInputs()
  const built = await readFile(stamp, 'utf8').catch(() => undefined)
  if (built === wanted) return { directory }
  log.info({}, 'building the dashboard, once')
  await run('vite', ['build', '--logLevel', 'warn'])
  await writeFile(stamp, wanted)
  return { directory }
}

async function hashInputs(): Promise<string> {
  const hash = createHash('sha256')
  for (const input of inputs) {
    for (const path of await filesBelow(join(dashboard, input)))
      hash.update(path).update(await readFile(path))
  }
  return hash.digest('hex')
}

async function filesBelow(path: string): Promise<string[]> {
  if (!existsSync(path)) return []
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(() => undefined)
  if (entries === undefined) return [path]
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
}

function run(command: string, parameters: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const bin = [join(dashboard, 'node_modules/.bin'), join(dashboard, '../../node_modules/.bin')]
    const child = spawn(command, parameters, {
      cwd: dashboard,
      env: { ...process.env, PATH: [...bin, process.env['PATH']].join(':') },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    child.once('error', reject)
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ${parameters.join(' ')} failed:\n${said}`)),
    )
  })
}
