/** Enough of a secret to tell two apart, too little to use: `sk-…4f2a`. Short ones show nothing of themselves. */
export function maskSecret(secret: string): string {
  return secret.length < 12 ? '…' : `${secret.slice(0, 3)}…${secret.slice(-4)}`
}
