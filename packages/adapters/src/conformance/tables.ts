import { arkConformance } from '../ark/conformance.ts'
import { baichuanConformance } from '../baichuan/conformance.ts'
import { deepseekConformance } from '../deepseek/conformance.ts'
import { hunyuanNativeConformance } from '../hunyuan-native/conformance.ts'
import { hunyuanOpenaiConformance } from '../hunyuan-openai/conformance.ts'
import { modelscopeConformance } from '../modelscope/conformance.ts'
import { openaiConformance } from '../openai/conformance.ts'
import { qianfanV1Conformance } from '../qianfan-v1/conformance.ts'
import { qianfanConformance } from '../qianfan-v2/conformance.ts'
import { sparkHttpConformance } from '../spark-http/conformance.ts'
import { sparkWebSocketConformance } from '../spark-websocket/conformance.ts'
import { tokenhubConformance } from '../tokenhub/conformance.ts'
import { tongyiConformance } from '../tongyi-compatible/conformance.ts'
import { tongyiNativeConformance } from '../tongyi-native/conformance.ts'
import type { ConformanceTable } from './table.ts'

/** One line per adapter, as in the registry. */
export const tables: readonly ConformanceTable[] = [
  qianfanConformance,
  qianfanV1Conformance,
  tokenhubConformance,
  hunyuanOpenaiConformance,
  hunyuanNativeConformance,
  tongyiConformance,
  tongyiNativeConformance,
  sparkHttpConformance,
  sparkWebSocketConformance,
  arkConformance,
  baichuanConformance,
  modelscopeConformance,
  deepseekConformance,
  openaiConformance,
]
