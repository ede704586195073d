import type { SimulatedModel } from '../../contract/platform.ts'

/** From the model catalogue and the provider sheet, autumn 2026. Limits a source does not state are left out. */
export const tokenhubModels: readonly SimulatedModel[] = [
  { name: 'hy3', kind: 'chat', contextTokens: 256_000, outputTokensMax: 128_000 },
  { name: 'hy3-preview', kind: 'chat', contextTokens: 256_000, outputTokensMax: 128_000 },
  { name: 'hunyuan-role-latest', kind: 'chat', contextTokens: 128_000, outputTokensMax: 32_000 },
  { name: 'hy4-preview', kind: 'chat', contextTokens: 1_024_000, outputTokensMax: 64_000 },
  { name: 'kinfra-text-embedding-0.6b', kind: 'embedding', dimensions: [1024], inputTokensMax: 32_000 },
  { name: 'kinfra-text-embedding-4b', kind: 'embedding', dimensions: [2560], inputTokensMax: 32_000 },
]
