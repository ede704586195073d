import type { SimulatedModel } from '../../contract/platform.ts'

/** From the model catalogue and the provider sheet, autumn 2026. Limits a source does not state are left out. */
export const baichuanModels: readonly SimulatedModel[] = [
  { name: 'Baichuan-M3-Plus', kind: 'chat', contextTokens: 32_768, outputTokensMax: 16_000 },
  { name: 'Baichuan-M3', kind: 'chat', contextTokens: 32_768, outputTokensMax: 30_000 },
  { name: 'Baichuan-M2-Plus', kind: 'chat', contextTokens: 32_768, outputTokensMax: 32_768 },
  { name: 'Baichuan-M2', kind: 'chat', contextTokens: 32_768, outputTokensMax: 32_768 },
  { name: 'Baichuan4', kind: 'chat', contextTokens: 32_768, outputTokensMax: 4_096 },
  { name: 'Baichuan4-Turbo', kind: 'chat', contextTokens: 32_768, outputTokensMax: 4_096 },
  { name: 'Baichuan4-Air', kind: 'chat', contextTokens: 32_768, outputTokensMax: 4_096 },
  { name: 'Baichuan3-Turbo', kind: 'chat', contextTokens: 32_768, outputTokensMax: 8_192 },
  { name: 'Baichuan3-Turbo-128k', kind: 'chat', contextTokens: 128_000, outputTokensMax: 4_096 },
  { name: 'Baichuan2-Turbo', kind: 'chat', contextTokens: 32_768, outputTokensMax: 8_192 },
  { name: 'Baichuan2-Turbo-192k', kind: 'chat', contextTokens: 192_000 },
  {
    name: 'Baichuan-Text-Embedding',
    kind: 'embedding',
    dimensions: [1024],
    inputsMax: 16,
    inputTokensMax: 512,
  },
]
