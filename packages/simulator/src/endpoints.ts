import type { Platform } from './contract/platform.ts'

/** Where and how a protocol is reached. */
export interface SimulatedEndpoint {
  readonly provider: string
  readonly baseUrl: string
  /** The well-known credentials of the default account, by the names of the platform's console. */
  readonly credentials: Readonly<Record<string, string>>
  /** Chat models at `baseUrl`. */
  readonly models: readonly string[]
  readonly embeddingModels: readonly string[]
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
        models: platform.models.filter((model) => model.kind === 'chat').map((model) => model.name),
        embeddingModels: platform.models
          .filter((model) => model.kind === 'embedding')
          .map((model) => model.name),
      },
    ]),
  )
}
