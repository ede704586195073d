import type { SimulatedModel } from '../../contract/platform.ts'

/** From the model catalogue and the provider sheet, autumn 2026. Limits a source does not state are left out. */
export const sparkModels: readonly SimulatedModel[] = [
  { name: 'lite', kind: 'chat', contextTokens: 12_288, outputTokensMax: 4_096 },
  { name: 'generalv3', kind: 'chat', contextTokens: 16_384, outputTokensMax: 8_192 },
  { name: 'pro-128k', kind: 'chat', contextTokens: 131_072, outputTokensMax: 4_096 },
  { name: 'generalv3.5', kind: 'chat', contextTokens: 16_384, outputTokensMax: 8_192 },
  { name: 'max-32k', kind: 'chat', contextTokens: 65_536, outputTokensMax: 32_768 },
  { name: '4.0Ultra', kind: 'chat', contextTokens: 65_536, outputTokensMax: 32_768 },
  { name: 'spark-x', kind: 'chat', contextTokens: 131_072, outputTokensMax: 131_072 },
]
