import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** What to tell somebody whose machine has no Chromium. */
export const chromiumAdvice =
  'The browser suite needs Chromium: install the package `chromium` (Debian, Ubuntu: apt-get install chromium; ' +
  'macOS: brew install --cask chromium), or set TOLLGATE_CHROMIUM to the program.'

/** A Chromium or Chrome: the one that `TOLLGATE_CHROMIUM` names, else the first on the PATH. */
export function findChromium(): string | undefined {
  const named = process.env['TOLLGATE_CHROMIUM']
  if (named !== undefined && named !== '') return isProgram(named) ? named : undefined
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => isProgram(path))
}

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** As `findChromium`; where it may (root on Debian and its like), it installs one first. */
export function ensureChromium(): string | undefined {
  const found = findChromium()
  if (found !== undefined || !mayInstall()) return found
  console.log('Chromium is missing: installing it with apt-get')
  const install = ['update', 'install -y --no-install-recommends chromium']
  for (const step of install) {
    const run = spawnSync('apt-get', ['-q', ...step.split(' ')], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
    if (run.status !== 0) return undefined
  }
  return findChromium()
}

function mayInstall(): boolean {
  const isNamed = (process.env['TOLLGATE_CHROMIUM'] ?? '') !== ''
  return !isNamed && process.getuid?.() === 0 && existsSync('/etc/debian_version')
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
