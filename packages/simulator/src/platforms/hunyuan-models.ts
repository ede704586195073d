import type { SimulatedModel } from '../contract/platform.ts'

/** The native interface has no parameter for it: there is no other. */
export const hunyuanEmbedding: SimulatedModel = {
  name: 'hunyuan-embedding',
  kind: 'embedding',
  dimensions: [1024],
}

/** From the model catalogue and the provider sheet, autumn 2026. Limits a source does not state are left out. */
export const hunyuanModels: readonly SimulatedModel[] = [
  { name: 'hunyuan-lite', kind: 'chat', contextTokens: 256_000, outputTokensMax: 6_144 },
  { name: 'hunyuan-turbos-latest', kind: 'chat', contextTokens: 32_000, outputTokensMax: 16_000 },
  { name: 'hunyuan-t1-latest', kind: 'chat', contextTokens: 64_000, outputTokensMax: 64_000 },
  {
    name: 'hunyuan-turbos-longtext-128k-20250325',
    kind: 'chat',
    contextTokens: 128_000,
    outputTokensMax: 6_144,
  },
  { name: 'hunyuan-large', kind: 'chat', contextTokens: 32_000, outputTokensMax: 4_096 },
  { name: 'hunyuan-large-longcontext', kind: 'chat', contextTokens: 134_000, outputTokensMax: 6_144 },
  { name: 'hunyuan-standard', kind: 'chat', contextTokens: 32_000, outputTokensMax: 2_048 },
  { name: 'hunyuan-functioncall', kind: 'chat', contextTokens: 32_000, outputTokensMax: 4_096 },
  { name: 'hunyuan-2.0-thinking-20251109', kind: 'chat', contextTokens: 192_000, outputTokensMax: 64_000 },
  { name: 'hunyuan-2.0-instruct-20251111', kind: 'chat', contextTokens: 128_000, outputTokensMax: 32_000 },
  { name: 'hunyuan-role-latest', kind: 'chat', contextTokens: 128_000, outputTokensMax: 32_000 },
  { name: 'hunyuan-a13b', kind: 'chat', contextTokens: 256_000, outputTokensMax: 32_000 },
  {
    name: 'hunyuan-turbos-vision',
    kind: 'chat',
    contextTokens: 40_000,
    outputTokensMax: 16_000,
    vision: true,
  },
  hunyuanEmbedding,
]
