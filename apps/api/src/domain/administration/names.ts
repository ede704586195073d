import { invalidField } from './error.ts'

/** Accounts are part of `account/model`, so a slash or space would be ambiguous. Letters of any script are welcome. */
export const accountNamePattern = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u
/** Teams, members, keys, grants: for people to read. */
export const displayNamePattern = /^[\p{L}\p{N}](?:[\p{L}\p{N} ._@+:()*/-]{0,98}[\p{L}\p{N}._@+:()*-])?$/u
/** What clients send as `model`. */
export const modelNamePattern = /^[^\s\p{C}]{1,200}$/u

export function checkModelPatterns(path: string, patterns: readonly string[]): void {
  patterns.forEach((pattern, index) => {
    if (!modelNamePattern.test(pattern))
      throw invalidField(`${path}.${index}`, 'must be a model name or a pattern with *, without spaces')
  })
}
