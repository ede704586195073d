export type EmbeddedPostgresFailure =
  | 'data_directory_not_writable'
  | 'data_directory_in_use'
  | 'wrong_major_version'
  | 'no_server_user'
  | 'binaries_missing'
  | 'server_failed'

/** Stops the boot. The message names the folder or program in question and what a person can do about it. */
export class EmbeddedPostgresError extends Error {
  readonly code: EmbeddedPostgresFailure

  constructor(code: EmbeddedPostgresFailure, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'EmbeddedPostgresError'
    this.code = code
  }
}

/** Every message ends with a way out. */
export const useYourOwn = 'set DATABASE_URL to a PostgreSQL server of your own'
