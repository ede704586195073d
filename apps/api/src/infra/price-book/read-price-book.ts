import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { parsePriceBook, type PriceBook } from '../../domain/prices/price-book.ts'

const shippedBook = join(import.meta.dirname, '../../../../../prisma/price-book.json')

/** The price book that came with this version. Throws when it is not one; the message names the place. */
export async function readPriceBook(path: string = shippedBook): Promise<PriceBook> {
  try {
    return parsePriceBook(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause)
    throw new Error(`${path} is not a price book: ${reason}`, { cause })
  }
}
