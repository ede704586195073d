import type { SimulatedModel } from '../../contract/platform.ts'

export const deepseekModels: readonly SimulatedModel[] = [
  { name: 'deepseek-flash', kind: 'chat', contextTokens: 1_000_000, outputTokensMax: 384_000 },
  { name: 'deepseek-v4-pro', kind: 'chat', contextTokens: 1_000_000, outputTokensMax: 384_000 },
]

/** Older names of the same model; the answer has the newer one. */
const aliases: Readonly<Record<string, string>> = {
  'deepseek-v4-flash': 'deepseek-flash',
  'deepseek-v4-flash-vision-exp': 'deepseek-flash',
}

const byName = new Map(deepseekModels.map((model) => [model.name, model]))

export function findModel(name: string): SimulatedModel | undefined {
  return byName.get(aliases[name] ?? name)
}
