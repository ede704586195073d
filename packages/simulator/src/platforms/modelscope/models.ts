import type { SimulatedModel } from '../../contract/platform.ts'

/** From the model catalogue and the provider sheet, autumn 2026. Limits a source does not state are left out. */
export const modelscopeModels: readonly SimulatedModel[] = [
  { name: 'Qwen/Qwen3.8-27B', kind: 'chat' },
  { name: 'Qwen/Qwen3.8-Flash-Next', kind: 'chat' },
  { name: 'Qwen/Qwen3.5-397B-A17B', kind: 'chat' },
  { name: 'Qwen/Qwen3.5-122B-A10B', kind: 'chat' },
  { name: 'deepseek-ai/DeepSeek-V4-Pro', kind: 'chat' },
  { name: 'ZhipuAI/GLM-5.2', kind: 'chat' },
  { name: 'ZhipuAI/GLM-4.7-Flash', kind: 'chat' },
  { name: 'MiniMax/MiniMax-M3', kind: 'chat' },
  { name: 'stepfun-ai/Step-3.7-Flash', kind: 'chat' },
  { name: 'Qwen/Qwen3-235B-A22B', kind: 'chat', contextTokens: 131_072 },
  { name: 'Qwen/Qwen3-Next-80B-A3B-Instruct', kind: 'chat', contextTokens: 131_072 },
  { name: 'Qwen/Qwen3-Next-80B-A3B-Thinking', kind: 'chat', contextTokens: 131_072 },
  { name: 'Qwen/Qwen3-Embedding-8B', kind: 'embedding', dimensions: [4096] },
]
