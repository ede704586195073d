import type { Pool } from 'pg'
import type { AccountReport } from '../../domain/routing/account-health.ts'
import type { Logger } from '../../ports/logger.ts'

/** For the account's page. A hint, not a fact of the books: when it cannot be written it is only logged. */
export async function recordAccountState(pool: Pool, log: Logger, report: AccountReport): Promise<void> {
  const { accountId, state, message, atMs } = report
  if (state !== 'ok') log.warn({ accountId, state, message }, 'an account needs an administrator')
  try {
    await pool.query('update account set state = $2, state_message = $3, state_at = $4 where id = $1', [
      accountId,
      state,
      message ?? null,
      new Date(atMs),
    ])
  } catch (error) {
    log.warn({ err: error, accountId }, 'the state of an account could not be recorded')
  }
}
