/**
 * `npm run generate`, and after every install: writes the Prisma client to apps/api/src/generated/prisma.
 *
 * Prisma's CLI looks for its native schema engine even where it has no use for it, and would download it. Generating
 * does not start it, so the variable that names the engine points at a program that is surely there: this Node.
 */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..')
const cli = findPrismaCli()
if (cli === undefined) {
  // `npm ci --omit=dev`: the image generates before it drops the development dependencies.
  console.log('tollgate: prisma is not installed, the database client is not generated')
} else {
  const run = spawnSync(process.execPath, [cli, 'generate', '--no-hints'], {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...process.env,
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
  })
  if (run.status !== 0) {
    console.error(`${run.stdout ?? ''}${run.stderr ?? ''}${run.error?.message ?? ''}`)
    process.exitCode = 1
  }
}

function findPrismaCli(): string | undefined {
  try {
    const manifest = createRequire(join(root, 'apps/api/package.json')).resolve('prisma/package.json')
    return join(dirname(manifest), 'build/index.js')
  } catch {
    return undefined
  }
}
