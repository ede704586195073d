import { ark } from './ark/index.ts'
import { baichuan } from './baichuan/index.ts'
import { deepseek } from './deepseek/index.ts'
import { hunyuanNative } from './hunyuan-native/index.ts'
import { hunyuanOpenai } from './hunyuan-openai/index.ts'
import { modelscope } from './modelscope/index.ts'
import { openai } from './openai/index.ts'
import { qianfanV1 } from './qianfan-v1/index.ts'
import { qianfanV2 } from './qianfan-v2/index.ts'
import { sparkHttp } from './spark-http/index.ts'
import { sparkWebsocket } from './spark-websocket/index.ts'
import { tokenhub } from './tokenhub/index.ts'
import { tongyiCompatible } from './tongyi-compatible/index.ts'
import { tongyiNative } from './tongyi-native/index.ts'
import type { Platform } from '../contract/platform.ts'

/** Every simulated protocol. Adding one is a line here. */
export const platforms: readonly Platform[] = [
  openai,
  deepseek,
  tongyiCompatible,
  tongyiNative,
  ark,
  baichuan,
  modelscope,
  qianfanV1,
  qianfanV2,
  hunyuanOpenai,
  hunyuanNative,
  tokenhub,
  sparkHttp,
  sparkWebsocket,
]
