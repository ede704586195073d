import { arkModels } from './models.ts'

/** Endpoints with the look of real ids. */
const fixedIds: Readonly<Record<string, string>> = {
  'ep-20260101000000-simch': 'doubao-seed-2-0-lite-260428',
  'ep-20260101000000-simem': 'doubao-embedding-large-text-240915',
}

const names = new Set(arkModels.map((model) => model.name))

/**
 * The model behind an inference endpoint of the simulated user: `ep-sim-<model>` stands for every model,
 * `ep-m-sim-<model>` for its preset endpoint. Any other name stands for itself.
 */
export function modelBehind(name: string): string {
  return fixedIds[name] ?? /^ep-(?:m-)?sim-(.+)$/.exec(name)?.[1] ?? name
}

/** What keys can be asked for. Bots are not simulated; any `bot-…` that says `sim` counts as one. */
export const resourceTypes = ['endpoint', 'bot', 'presetendpoint'] as const

export type ResourceType = (typeof resourceTypes)[number]

/** A model's own name stands for its preset endpoint, as the vendor's SDKs for AK/SK have it. */
export function isResource(type: ResourceType, id: string): boolean {
  if (type === 'bot') return /^bot-.*sim/.test(id)
  const preset = id.startsWith('ep-m-') || !id.startsWith('ep-')
  return preset === (type === 'presetendpoint') && names.has(modelBehind(id))
}
