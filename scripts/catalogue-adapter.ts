import { PrismaPg } from '@prisma/adapter-pg'
import {
  ColumnTypeEnum,
  type ColumnType,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQuery,
} from '@prisma/driver-adapter-utils'
import type pg from 'pg'

/**
 * `@prisma/adapter-pg` for the schema engine. The engine reads PostgreSQL's own catalogue, whose one-byte type `"char"`
 * and arrays of it the adapter refuses ("Unsupported column type char"); here they are read.
 */
export function catalogueAdapter(databaseUrl: string): SqlMigrationAwareDriverAdapterFactory {
  const factory = new PrismaPg(databaseUrl)
  const connect = async (): Promise<SqlDriverAdapter> => {
    const adapter = await factory.connect()
    const pool = adapter.underlyingDriver()
    return {
      provider: adapter.provider,
      adapterName: adapter.adapterName,
      queryRaw: (query) => queryCatalogue(pool, query),
      executeRaw: (query) => adapter.executeRaw(query),
      executeScript: (script) => adapter.executeScript(script),
      startTransaction: (isolationLevel) => adapter.startTransaction(isolationLevel),
      getConnectionInfo: () => adapter.getConnectionInfo(),
      dispose: () => adapter.dispose(),
    }
  }
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect,
    // Our migrations are applied by our own hand to a scratch database, which is what gets compared.
    connectToShadowDb: () => Promise.reject(new Error('a shadow database is not used here')),
  }
}

async function queryCatalogue(pool: pg.Pool, query: SqlQuery) {
  const { fields, rows } = await pool.query<unknown[]>({
    text: query.sql,
    values: query.args,
    rowMode: 'array',
  })
  return {
    columnNames: fields.map((field) => field.name),
    columnTypes: fields.map((field) => columnTypes[field.dataTypeID] ?? ColumnTypeEnum.Text),
    rows: rows.map((row) => row.map((value, i) => forEngine(value, fields[i]?.dataTypeID))),
  }
}

/** The engine takes 64-bit integers as text, which is how `pg` gives them but for object ids, and times in ISO form. */
function forEngine(value: unknown, type: number | undefined): unknown {
  if (value instanceof Date) return value.toISOString()
  return type === oid && typeof value === 'number' ? String(value) : value
}

const oid = 26

/** By type number of PostgreSQL. What is not here (text, name, enums) is text. */
const columnTypes: Readonly<Record<number, ColumnType>> = {
  16: ColumnTypeEnum.Boolean,
  18: ColumnTypeEnum.Character,
  20: ColumnTypeEnum.Int64,
  21: ColumnTypeEnum.Int32,
  23: ColumnTypeEnum.Int32,
  [oid]: ColumnTypeEnum.Int64,
  1184: ColumnTypeEnum.DateTime,
  1002: ColumnTypeEnum.TextArray,
  1003: ColumnTypeEnum.TextArray,
  1009: ColumnTypeEnum.TextArray,
}
