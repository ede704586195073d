import type {
  GrantCoverage,
  GrantEntry,
  GrantUnit,
  QuotaEntry,
  QuotaMetric,
  QuotaWindow,
  RoutePolicy,
} from '../../domain/snapshot/snapshot.ts'

/** Text columns hold words of closed lists; a word from a newer version is an error, not a default. */
export const readUnit = reader<GrantUnit>('unit', [
  'tokens',
  'input-tokens',
  'output-tokens',
  'requests',
  'money',
])
export const readGrantWindow = reader<GrantEntry['window']>('window', ['once', 'day', 'month'])
export const readCoverage = reader<GrantCoverage>('coverage', ['chat', 'embeddings'])
export const readWhenEmpty = reader<GrantEntry['whenEmpty']>('what happens at zero', [
  'provider-stops',
  'provider-bills',
])
export const readQuotaMetric = reader<QuotaMetric>('metric', ['requests', 'tokens', 'cost', 'concurrency'])
export const readGuarantee = reader<QuotaEntry['guarantee']>('guarantee', ['exact', 'bounded'])
export const readQuotaWindow = reader<QuotaWindow>('window', [
  'minute',
  'hour',
  'day',
  'week',
  'month',
  'total',
])
export const readPolicy = reader<RoutePolicy>('policy', ['free-first', 'free-only', 'priority'])

function reader<Word extends string>(what: string, words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const word = words.find((candidate) => candidate === text)
    if (word === undefined) throw new Error(`the ${what} "${text}" is not one of ${words.join(', ')}`)
    return word
  }
}
