import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface Migration {
  /** Name of its folder, `<timestamp>_<what>`: names sort in the order of their making. */
  readonly name: string
  readonly sql: string
  /** SHA-256 of the file in hexadecimal digits, as Prisma computes it. */
  readonly checksum: string
  /** The file says `-- tollgate: no-transaction` (`CREATE INDEX CONCURRENTLY` and the like refuse to run in one). */
  readonly transactional: boolean
}

/** The migrations of a folder in Prisma's layout, oldest first. */
export async function readMigrations(directory: string): Promise<Migration[]> {
  const entries = await readdir(directory, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(directory, name, 'migration.sql'), 'utf8')
      return {
        name,
        sql,
        checksum: createHash('sha256').update(sql).digest('hex'),
        transactional: !/^-- tollgate: no-transaction$/m.test(sql),
      }
    }),
  )
}
