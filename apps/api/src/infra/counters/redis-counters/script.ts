import { createHash } from 'node:crypto'

/** A Lua script, called by its digest. */
export interface Script {
  readonly source: string
  readonly sha: string
}

/**
 * Puts a script together: `#!` line, common functions, body.
 *
 * With a `#!` line the server refuses a script as a whole where it would refuse a write in it (out of memory, no disk),
 * so that nothing is ever half done. `allow-oom` is for scripts that give memory back, or that must be able to end what
 * was begun: a store that is full takes no reservation, and still settles.
 */
export function script(flags: '' | 'allow-oom', ...parts: readonly string[]): Script {
  const source = [`#!lua${flags === '' ? '' : ` flags=${flags}`}`, ...parts].join('\n')
  return { source, sha: createHash('sha1').update(source).digest('hex') }
}
