import type { Platform, SimulatedModel } from './contract/platform.ts'

/** Where and how a protocol is reached. */
export interface SimulatedEndpoint {
  readonly provider: string
  readonly baseUrl: string
  /** The well-known credentials of the default account, by the names of the platform's console. */
  readonly credentials: Readonly<Record<string, string>>
  /** The pair that signs requests, where the platform takes one in place of `credentials`. */
  readonly signedCredentials?: Readonly<Record<string, string>>
  /** Chat models at `baseUrl`. */
  readonly models: readonly string[]
  readonly embeddingModels: readonly string[]
  /** Where embeddings are, if not at a path under `baseUrl`. */
  readonly embeddingUrl?: string
  /** Other base URLs of the protocol, with the chat models there. */
  readonly alternatives: readonly { readonly baseUrl: string; readonly models: readonly string[] }[]
}

/** The endpoints of all platforms by protocol, on a server at `url`. */
export function endpointsAt(url: string, platforms: readonly Platform[]): Record<string, SimulatedEndpoint> {
  return Object.fromEntries(
    platforms.map((platform) => [
      platform.protocol,
      {
        provider: platform.provider,
        baseUrl: url + platform.basePath,
        credentials: platform.credentials,
        ...(platform.signedCredentials === undefined
          ? {}
          : { signedCredentials: platform.signedCredentials }),
        models: names(platform.models, 'chat'),
        embeddingModels: names(platform.models, 'embedding'),
        ...(platform.embeddingPath === undefined ? {} : { embeddingUrl: url + platform.embeddingPath }),
        alternatives: (platform.alternatives ?? []).map(({ basePath, models }) => ({
          baseUrl: url + basePath,
          models: names(models, 'chat'),
        })),
      },
    ]),
  )
}

function names(models: readonly SimulatedModel[], kind: SimulatedModel['kind']): string[] {
  return models.filter((model) => model.kind === kind).map((model) => model.name)
}
