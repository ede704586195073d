import { ark } from './ark/index.ts'
import { baichuan } from './baichuan/index.ts'
import type { Protocol, ProtocolAdapter, Provider } from './contract/index.ts'
import { deepseek } from './deepseek/index.ts'
import { hunyuanNative } from './hunyuan-native/index.ts'
import { hunyuanOpenai } from './hunyuan-openai/index.ts'
import { modelscope } from './modelscope/index.ts'
import { openai } from './openai/index.ts'
import { qianfanV1 } from './qianfan-v1/index.ts'
import { qianfanV2 } from './qianfan-v2/index.ts'
import { sparkHttp } from './spark-http/index.ts'
import { sparkWebSocket } from './spark-websocket/index.ts'
import { tokenhub } from './tokenhub/index.ts'
import { tongyiCompatible } from './tongyi-compatible/index.ts'
import { tongyiNative } from './tongyi-native/index.ts'

/** Every protocol Tollgate speaks. The first one of a provider is the one recommended for it. */
export const adapters: Readonly<Record<Protocol, ProtocolAdapter>> = {
  'qianfan-v2': qianfanV2,
  'qianfan-v1': qianfanV1,
  tokenhub,
  'hunyuan-openai': hunyuanOpenai,
  'hunyuan-native': hunyuanNative,
  'tongyi-compatible': tongyiCompatible,
  'tongyi-native': tongyiNative,
  'spark-http': sparkHttp,
  'spark-websocket': sparkWebSocket,
  ark,
  baichuan,
  modelscope,
  deepseek,
  openai,
}

export function adapterFor(protocol: Protocol): ProtocolAdapter {
  return adapters[protocol]
}

export function recommendedProtocol(provider: Provider): Protocol {
  const [first] = protocolsOf(provider)
  if (first === undefined) throw new Error(`No adapter is registered for the provider ${provider}`)
  return first
}

export function protocolsOf(provider: Provider): readonly Protocol[] {
  return Object.values(adapters)
    .filter((adapter) => adapter.provider === provider)
    .map((adapter) => adapter.protocol)
}
