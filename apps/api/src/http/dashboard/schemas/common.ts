import { z } from 'zod'
import {
  accountNamePattern,
  displayNamePattern,
  modelNamePattern,
} from '../../../domain/administration/names.ts'

/** Shapes that several resources share. Descriptions end up in the public reference. */

const errorBody = z
  .object({
    error: z.object({
      code: z
        .string()
        .describe(
          'invalid_request, unauthorized, forbidden, not_found, conflict, unprocessable, rate_limited, unavailable or internal_error',
        ),
      message: z.string().describe('For people: what is wrong and what to do next.'),
      details: z
        .array(
          z.object({ path: z.string().describe('Dotted path in the body or query.'), message: z.string() }),
        )
        .optional(),
    }),
  })
  .meta({ id: 'Error', description: 'What is wrong and what to do next.' })

/** Every route can refuse and fail in the same shape. */
export const failures = { '4xx': errorBody, '5xx': errorBody }

export const noContent = z.null().describe('No content.')

/** Any id that Postgres takes. */
export const uuid = z.guid()
export const isoTime = z.string().describe('ISO 8601 time in UTC.')
export const isoTimeInput = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()])
  .describe("ISO 8601 time with offset, or a date: the start of that day in the installation's time zone.")
export const decimal = z.string().describe("Money as a decimal string in the installation's currency, exact.")
export const decimalInput = z
  .string()
  .regex(/^\d{1,12}(\.\d{1,9})?$/, 'must be a decimal string such as "12.34", with at most 9 decimal places')
  .describe('Money as a decimal string, e.g. "12.34".')

export const accountName = z
  .string()
  .regex(
    accountNamePattern,
    'must be 1 to 64 letters, digits, ".", "_" or "-", beginning with a letter or digit',
  )
export const displayName = z
  .string()
  .regex(displayNamePattern, 'must be 1 to 100 letters, digits, spaces or . _ @ + : ( ) * / -')
export const modelName = z.string().regex(modelNamePattern, 'must be 1 to 200 characters without spaces')
export const modelPatterns = z
  .array(modelName)
  .max(200)
  .describe('Model names or patterns with "*", e.g. ["qwen-*"].')

export const pageQuery = z.strictObject({
  cursor: z.string().max(500).optional().describe('`nextCursor` of the page before.'),
  limit: z.coerce.number().int().min(1).max(200).default(100).describe('Rows of one page, at most 200.'),
})

export function page<Row extends z.ZodType>(row: Row) {
  return z.object({
    data: z.array(row),
    nextCursor: z.string().nullable().describe('Cursor of the next page; null on the last one.'),
  })
}

export function list<Row extends z.ZodType>(row: Row) {
  return z.object({ data: z.array(row) })
}

export const origin = z
  .enum(['api', 'yaml'])
  .describe('`yaml`: written in the configuration file and changed there only; `api`: made here.')

/** An amount in the unit of a grant or quota. */
export const amount = z
  .union([z.int(), z.string()])
  .describe('A number for tokens and requests; a decimal string for money.')
export const amountInput = z
  .union([z.int().nonnegative(), decimalInput])
  .describe('A whole number for tokens and requests; a decimal string for money.')
export const percent = z.number().describe('0 to 100; above when a settlement was larger than what was left.')
