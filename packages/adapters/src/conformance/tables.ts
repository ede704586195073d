import { arkConformance } from '../ark/conformance.ts'
import { modelscopeConformance } from '../modelscope/conformance.ts'
import { openaiConformance } from '../openai/conformance.ts'
import { tongyiConformance } from '../tongyi-compatible/conformance.ts'
import type { ConformanceTable } from './table.ts'

/** One line per adapter, as in the registry. */
export const tables: readonly ConformanceTable[] = [
  tongyiConformance,
  arkConformance,
  modelscopeConformance,
  openaiConformance,
]
