/** The database and this version of the code do not fit together. Stops the boot; the message says what to do. */
export class MigrationError extends Error {
  readonly code: 'checksum_changed' | 'failed_before' | 'database_newer' | 'migration_failed'

  constructor(code: MigrationError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'MigrationError'
    this.code = code
  }
}
