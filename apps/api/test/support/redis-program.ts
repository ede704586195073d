import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export const redisAdvice =
  'The suites need Redis 7 or Valkey 8: put `redis-server` or `valkey-server` on the PATH (Debian, Ubuntu: ' +
  'apt-get install redis-server; macOS: brew install redis), or start Docker, or set TEST_REDIS_URL.'

/** The server's program, if this machine has one. */
export function findRedisProgram(): string | undefined {
  // `/usr/sbin` and its like are not on everybody's PATH.
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  return ['redis-server', 'valkey-server']
    .flatMap((name) => folders.filter((folder) => folder !== '').map((folder) => join(folder, name)))
    .find(isProgram)
}

/** As root on Debian and its like: installs one. Several processes may try at once, apt lets one wait for the other. */
export function installRedis(): string | undefined {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return undefined
  console.log('Redis is missing: installing it with apt-get')
  withoutStartingServices(() => {
    const install = 'install -y --no-install-recommends redis-server'
    // The lists of packages are fetched when those that are there do not do.
    if (!apt(install) && apt('update')) apt(install)
  })
  return findRedisProgram()
}

function apt(step: string): boolean {
  const run = spawnSync('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=120', ...step.split(' ')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  return run.status === 0
}

/**
 * The package would start a service on port 6379, now and at every boot. `policy-rc.d` is Debian's way to say no to the
 * first, for as long as the file is there.
 */
function withoutStartingServices(install: () => void): void {
  const policy = '/usr/sbin/policy-rc.d'
  const isOurs = !existsSync(policy)
  const hadService = existsSync(service)
  if (isOurs) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    install()
  } finally {
    if (isOurs) rmSync(policy, { force: true })
  }
  if (!hadService && existsSync(service) && existsSync('/run/systemd/system'))
    spawnSync('systemctl', ['disable', 'redis-server'], { stdio: 'ignore' })
}

const service = '/lib/systemd/system/redis-server.service'

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
