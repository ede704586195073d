import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import { catalogueAdapter } from './catalogue-adapter.ts'
import {
  SchemaEngine,
  type DiagnoseMigrationHistoryOutput,
  type MigrationList,
} from '@prisma/schema-engine-wasm'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'

const schemaDirectory = join(import.meta.dirname, '../prisma')

/**
 * The SQL that takes a database to what `prisma/**.prisma` says, or `undefined` when it is there. Prisma's own schema
 * engine works it out, in its WebAssembly build: no native program is needed.
 *
 * What Prisma's engine does not look at in a database is left alone and is ours to write by hand in migrations:
 * that a table is partitioned and all of its partitions (the parent counts, as an ordinary table), check constraints,
 * functions, triggers, partial and expression indexes. `drift.test.ts` proves that none of them shows up here.
 */
export async function diffDatabaseToSchema(databaseUrl: string): Promise<string | undefined> {
  const files = await readSchema()
  const diff = await withEngine(databaseUrl, files, (engine) =>
    engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: schemaDirectory },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: true,
      filters: noFilters,
    }),
  )
  // As `prisma migrate diff --exit-code`: 0 for no difference, 2 for some.
  return diff.exitCode === 0 ? undefined : (diff.stdout ?? '')
}

/** What `prisma migrate status` would find wrong with a database's `_prisma_migrations`. */
export async function diagnoseHistory(
  databaseUrl: string,
  migrationsList: MigrationList,
): Promise<DiagnoseMigrationHistoryOutput> {
  return withEngine(databaseUrl, await readSchema(), (engine) =>
    engine.diagnoseMigrationHistory({ migrationsList, optInToShadowDatabase: false, filters: noFilters }),
  )
}

const noFilters = { externalTables: [], externalEnums: [] }

async function withEngine<Result>(
  databaseUrl: string,
  files: readonly { path: string; content: string }[],
  work: (engine: SchemaEngine) => Promise<Result>,
): Promise<Result> {
  const engine = await SchemaEngine.new(
    { datamodels: files.map(({ path, content }) => [path, content]) },
    () => {},
    bindMigrationAwareSqlAdapterFactory(catalogueAdapter(databaseUrl)),
  )
  try {
    return await work(engine)
  } finally {
    engine.free()
  }
}

/** Where the engine leaves the message of a failure of its own before it stops; without this its reason is lost. */
Object.assign(globalThis, {
  PRISMA_WASM_PANIC_REGISTRY: { set_message: (message: string) => console.error(message) },
})

async function readSchema(): Promise<{ path: string; content: string }[]> {
  const names = await readdir(schemaDirectory, { recursive: true })
  const paths = names.filter((name) => name.endsWith('.prisma')).sort()
  return Promise.all(
    paths.map(async (name) => {
      const path = join(schemaDirectory, name)
      return { path: relative(schemaDirectory, path), content: await readFile(path, 'utf8') }
    }),
  )
}
