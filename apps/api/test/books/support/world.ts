import type { Simulator } from '@tollgate/simulator'
import type { Deployment } from './deployment.ts'

/** Prices of every model here, in nanos a million tokens: the cost of a record can be worked out by hand. */
export const prices = {
  input: 2_000_000_000n,
  cached: 500_000_000n,
  output: 8_000_000_000n,
  /** As an account's models are given them. */
  form: { inputPerMillion: '2', cachedInputPerMillion: '0.5', outputPerMillion: '8' },
} as const

/** A quota as `POST /api/teams` takes it. */
export interface QuotaInput {
  readonly metric: 'requests' | 'tokens' | 'cost' | 'concurrency'
  readonly window?: 'hour' | 'day' | 'total'
  readonly limit: number | string
  readonly model?: string
}

export interface TeamInput {
  readonly name: string
  readonly quotas: readonly QuotaInput[]
  /** Each has a key of its own. */
  readonly members?: readonly { readonly name: string; readonly quotas?: readonly QuotaInput[] }[]
  readonly keys: readonly { readonly name: string; readonly quotas?: readonly QuotaInput[] }[]
}

/** Somebody who sends requests. */
export interface Sender {
  readonly team: string
  readonly secret: string
}

/** Public models, each served by two accounts of one platform, the first one first. */
export const chatModels = ['compatible', 'ark', 'qianfan', 'tongyi'] as const
export const embeddingModel = 'vectors'

const platforms = [
  {
    name: 'compatible',
    protocol: 'openai',
    provider: 'openai-compatible',
    upstream: 'gpt-like',
    cap: 16_384,
  },
  { name: 'ark', protocol: 'ark', provider: 'ark', upstream: 'doubao-1-5-pro-32k-250115', cap: 16_384 },
  // It tells running totals of the usage in every chunk.
  {
    name: 'qianfan',
    protocol: 'qianfan-v2',
    provider: 'qianfan',
    upstream: 'ernie-4.5-turbo-128k',
    cap: 12_288,
  },
  { name: 'tongyi', protocol: 'tongyi-compatible', provider: 'tongyi', upstream: 'qwen-turbo', cap: 16_384 },
] as const

/** Accounts at the simulator, two for each platform, and the routes over them. */
export async function makeAccounts(deployment: Deployment, simulator: Simulator): Promise<void> {
  for (const { name, protocol, provider, upstream, cap } of platforms) {
    const endpoint = simulator.endpoints[protocol]
    for (const which of ['one', 'two'] as const) {
      await deployment.api('POST', '/api/accounts', {
        name: `${name}-${which}`,
        provider,
        protocol,
        baseUrl: endpoint?.baseUrl,
        // The simulator takes every key of the platform's look that says `sim` for an account of its own.
        credentials: { apiKey: numbered(endpoint?.credentials['apiKey'] ?? '', which) },
        models: [
          { name: 'chat', upstream, kind: 'chat', maxOutputTokens: cap, ...prices.form },
          ...(name === 'compatible'
            ? [{ name: 'embed', upstream: 'embed-like', kind: 'embedding', ...prices.form }]
            : []),
        ],
      })
    }
    await route(deployment, name, [`${name}-one/chat`, `${name}-two/chat`])
  }
  await route(deployment, embeddingModel, ['compatible-one/embed', 'compatible-two/embed'])
}

/** The last digit of the well-known key tells the accounts apart. */
function numbered(key: string, which: 'one' | 'two'): string {
  return which === 'one' ? key : key.replace(/\d$/, '2')
}

function route(deployment: Deployment, name: string, offerings: readonly string[]): Promise<unknown> {
  return deployment.api('POST', '/api/models', { name, policy: 'priority', offerings })
}

/** Makes a team with its members and keys; resolves with those who can send. */
export async function makeTeam(deployment: Deployment, team: TeamInput): Promise<Sender[]> {
  const path = `/api/teams/${team.name}`
  await deployment.api('POST', '/api/teams', { name: team.name, models: ['*'], quotas: team.quotas })
  const senders: Sender[] = []
  const addKey = async (name: string, member: string | undefined, quotas: readonly QuotaInput[] = []) => {
    const made = await deployment.api<{ key: { id: string }; secret: string }>('POST', `${path}/keys`, {
      name,
      ...(member === undefined ? {} : { member }),
    })
    for (const quota of quotas) await deployment.api('POST', `${path}/quotas`, { ...quota, key: made.key.id })
    senders.push({ team: team.name, secret: made.secret })
  }
  for (const { name, quotas } of team.keys) await addKey(name, undefined, quotas)
  for (const { name, quotas = [] } of team.members ?? []) {
    await deployment.api('POST', `${path}/members`, { name })
    for (const quota of quotas) await deployment.api('POST', `${path}/quotas`, { ...quota, member: name })
    await addKey(`of ${name}`, name)
  }
  return senders
}

/** Nobody comes near these limits: what they are for is that counters and records can be compared. */
export const wideTeam: TeamInput = {
  name: 'wide',
  quotas: [
    { metric: 'tokens', window: 'total', limit: 1_000_000_000 },
    { metric: 'cost', window: 'total', limit: '100000' },
    { metric: 'requests', window: 'hour', limit: 1_000_000 },
    { metric: 'concurrency', limit: 10_000 },
    { metric: 'tokens', window: 'total', limit: 1_000_000_000, model: 'qianfan' },
  ],
  members: [{ name: 'Lin', quotas: [{ metric: 'tokens', window: 'hour', limit: 1_000_000_000 }] }],
  keys: [
    { name: 'one', quotas: [{ metric: 'requests', window: 'total', limit: 1_000_000 }] },
    { name: 'two' },
  ],
}

/** A request that hangs does not hold up the test. */
const requestMsMax = 4_000
/** What a dead process held is swept soon after. */
const sweepAfterMs = 500
/** So long after its crash, nothing of it is in time any more. */
export const lateMs = requestMsMax + sweepAfterMs + 100
export const crashEnvironment = {
  TOLLGATE_REQUEST_TIMEOUT_MS: String(requestMsMax),
  TOLLGATE_SWEEP_AFTER_MS: String(sweepAfterMs),
  TOLLGATE_ADMISSION_WAIT_MS: '1000',
} as const
