import type { AdministrationServices } from './services.ts'
import { AdministrationError } from './error.ts'

/** Before a report: what is settled in this process goes to Postgres first. A sum that misses requests is worse than none. */
export async function drainBooks(services: Pick<AdministrationServices, 'books'>): Promise<void> {
  try {
    await services.books.drain()
  } catch (cause) {
    const error = new AdministrationError(
      'unavailable',
      'The database does not take the newest usage right now; it waits safely in the journal. Try again in a moment.',
    )
    error.cause = cause
    throw error
  }
}
