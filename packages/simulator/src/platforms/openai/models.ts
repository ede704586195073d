import type { SimulatedModel } from '../../contract/platform.ts'

/** A mixture as a compatible upstream might serve it: DeepSeek's own, an open model, and small ones for tests. */
export const openaiModels: readonly SimulatedModel[] = [
  { name: 'deepseek-flash', kind: 'chat', contextTokens: 1_000_000, outputTokensMax: 384_000 },
  { name: 'deepseek-v4-pro', kind: 'chat', contextTokens: 1_000_000, outputTokensMax: 384_000 },
  { name: 'deepseek-r1', kind: 'chat', contextTokens: 131_072, outputTokensMax: 65_536 },
  { name: 'Qwen/Qwen3-32B', kind: 'chat', contextTokens: 131_072, outputTokensMax: 32_768 },
  { name: 'gpt-like', kind: 'chat', contextTokens: 131_072, outputTokensMax: 16_384, vision: true },
  { name: 'gpt-like-small', kind: 'chat', contextTokens: 8_192, outputTokensMax: 4_096 },
  { name: 'gpt-like-thinking', kind: 'chat', contextTokens: 131_072, outputTokensMax: 32_768 },
  {
    name: 'embed-like',
    kind: 'embedding',
    dimensions: [1536, 1024, 512, 256],
    inputsMax: 2048,
    inputTokensMax: 8_192,
  },
  { name: 'bge-m3', kind: 'embedding', dimensions: [1024], inputsMax: 64, inputTokensMax: 8_192 },
]
