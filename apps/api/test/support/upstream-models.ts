import type { Protocol } from '@tollgate/adapters/contract'
import type { Simulator } from '@tollgate/simulator'

/** Absent: the platform has no such model. */
export interface Upstreams {
  readonly plain: string
  readonly tools?: string
  readonly reasoning?: string
}

/** Models of the simulator that do what a suite over all protocols needs: a protocol cannot be registered without them. */
export const upstreamModels: Readonly<Record<Protocol, Upstreams>> = {
  openai: { plain: 'deepseek-flash', tools: 'gpt-like', reasoning: 'deepseek-r1' },
  'tongyi-compatible': {
    plain: 'qwen-turbo',
    tools: 'qwen-plus',
    reasoning: 'qwen3-235b-a22b-thinking-2507',
  },
  ark: {
    plain: 'doubao-1-5-pro-32k-250115',
    tools: 'doubao-seed-1-6-251015',
    reasoning: 'doubao-seed-1-8-251228',
  },
  baichuan: { plain: 'Baichuan4-Air', tools: 'Baichuan4-Turbo', reasoning: 'Baichuan-M2' },
  // It thinks unless told not to: its plain answers have the thinking in them too.
  deepseek: { plain: 'deepseek-flash', tools: 'deepseek-flash', reasoning: 'deepseek-v4-pro' },
  modelscope: {
    plain: 'Qwen/Qwen3-Next-80B-A3B-Instruct',
    tools: 'Qwen/Qwen3.8-27B',
    reasoning: 'Qwen/Qwen3-Next-80B-A3B-Thinking',
  },
  'qianfan-v2': { plain: 'ernie-speed-8k', tools: 'ernie-4.5-turbo-128k', reasoning: 'ernie-x1.1' },
  'hunyuan-openai': { plain: 'hunyuan-lite', tools: 'hunyuan-turbos-latest', reasoning: 'hunyuan-t1-latest' },
  tokenhub: { plain: 'hy3', tools: 'hy3', reasoning: 'hy3-preview' },
  'tongyi-native': { plain: 'qwen-turbo', tools: 'qwen-plus', reasoning: 'qwen3-235b-a22b-thinking-2507' },
  'hunyuan-native': { plain: 'hunyuan-lite', tools: 'hunyuan-turbos-latest', reasoning: 'hunyuan-t1-latest' },
  'qianfan-v1': { plain: 'ernie-speed-8k', tools: 'ernie-3.5-8k' },
  'spark-websocket': { plain: 'generalv3.5', tools: '4.0Ultra', reasoning: 'spark-x' },
  'spark-http': { plain: 'generalv3.5', tools: '4.0Ultra', reasoning: 'spark-x' },
}

/** Some platforms have a base URL for each family of models (Spark). */
export function baseUrlOf(simulator: Simulator, protocol: Protocol, upstream: string): string {
  const endpoint = simulator.endpoints[protocol]
  const found = [endpoint, ...(endpoint?.alternatives ?? [])].find((place) =>
    place?.models.includes(upstream),
  )
  if (found === undefined) throw new Error(`the simulator has no ${upstream} on ${protocol}`)
  return found.baseUrl
}
