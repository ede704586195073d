/** Secret fields of an account by name, e.g. `{ apiKey: 'sk-…' }`. */
export type Credentials = Readonly<Record<string, string>>

/** Encrypts what providers' accounts are opened with. */
export interface Secrets {
  /** What is stored. It opens for this account only: bytes copied to another row are refused. */
  seal(accountId: string, credentials: Credentials): Uint8Array<ArrayBuffer>
  /** Throws `SecretsUnreadable` when the bytes were sealed with another master key or for another account. */
  open(accountId: string, sealed: Uint8Array): Credentials
}

export class SecretsUnreadable extends Error {
  constructor(accountId: string) {
    super(
      `The credentials of account ${accountId} cannot be decrypted: TOLLGATE_MASTER_KEY (or master.key in the data directory) is not the one they were stored with. Restore that key, or enter the credentials again.`,
    )
    this.name = 'SecretsUnreadable'
  }
}
