import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits; shown once and never stored. */
export function newKeySecret(): string {
  return `sk-tg-${randomBytes(32).toString('base64url')}`
}

/** What is stored and looked up by. A plain hash is enough: nobody guesses 256 random bits. */
export function hashKeySecret(secret: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(secret, 'utf8').digest())
}

/** Enough to tell keys apart: `sk-tg-AbC…`. */
export function previewKeySecret(secret: string): string {
  return `${secret.slice(0, secret.startsWith('sk-tg-') ? 9 : 4)}…`
}

/** A secret that the operator chose: long enough not to be guessed, and fit for a header. */
export function isFitSecret(secret: string): boolean {
  return /^[\x21-\x7e]{8,512}$/.test(secret)
}
