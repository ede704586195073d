/** `turbo run <tasks>`, which reports to nobody and asks nobody for a newer version. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const turbo = join(import.meta.dirname, '../node_modules/turbo/bin/turbo')
const run = spawnSync(process.execPath, [turbo, 'run', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', TURBO_NO_UPDATE_NOTIFIER: '1' },
})
process.exitCode = run.status ?? 1
