import { isList } from './is-list.ts'
import type { StoreLink } from './store-link.ts'

/**
 * Removes the keys of generations before `epoch`, a few at a time. Keys of newer ones stay: somebody may already be
 * filling the next.
 */
export async function removeOlderGenerations(
  link: StoreLink,
  prefix: string,
  epoch: number,
  isOver: () => boolean,
): Promise<void> {
  const pattern = `${prefix.replaceAll(/[\\*?[\]]/g, String.raw`\$&`)}:[0-9]*`
  let cursor = '0'
  do {
    const reply = await link.call('SCAN', cursor, 'MATCH', pattern, 'COUNT', '1000')
    if (!isList(reply)) throw new Error('SCAN answered with something else than a list')
    const [next, keys] = reply
    cursor = String(next)
    const old = (isList(keys) ? keys.map(String) : []).filter((key) => epochOf(key, prefix) < epoch)
    // One by one, sent together: in a cluster the keys of one command must be of one slot.
    await Promise.all(old.map((key) => link.call('UNLINK', key)))
  } while (cursor !== '0' && !isOver())
}

/** Infinity: not a key of a generation. */
function epochOf(key: string, prefix: string): number {
  const digits = /^\d+(?=:)/.exec(key.slice(prefix.length + 1))?.[0]
  return digits === undefined ? Number.POSITIVE_INFINITY : Number(digits)
}
