import type { Prisma, PrismaClient, UsageAdjustment, UsageRecord } from '../generated/prisma/client.ts'

/** The database as verbs see it: types only, so that the domain never loads a driver. */
export type Db = PrismaClient

/** Inside a transaction. A verb that writes takes this first, so that it cannot write outside of one by accident. */
export type Tx = Prisma.TransactionClient

/** A row of `usage_record` as Postgres has it: unknown is null, times are dates. */
export type UsageRow = UsageRecord

/** A row of `usage_adjustment`. */
export type AdjustmentRow = UsageAdjustment

export type JsonObject = Prisma.InputJsonObject

/** SQL with its values apart from its text (`` sql`where id = ${id}` ``); pieces can be nested. */
export { empty, join, raw, sqltag as sql } from '@prisma/client/runtime/client'
export type { Sql } from '@prisma/client/runtime/client'
