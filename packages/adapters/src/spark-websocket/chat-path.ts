import type { Call } from '../contract/index.ts'
import { textOf } from '../wire/json.ts'

/**
 * Where a model is served: every version has a path of its own, and its `domain` must fit it (else 10404). The name of
 * an upstream model is its domain. An account's option `chatPath` stands for all its models, for fine tunes and for
 * versions younger than this table. `undefined`: not known.
 */
export function chatPath(call: Pick<Call, 'upstreamModel' | 'options'>): string | undefined {
  const own = textOf(call.options['chatPath'])
  if (own !== undefined) return own.startsWith('/') ? own : `/${own}`
  return paths.get(call.upstreamModel)
}

/** What to ask where there is no model to ask for: it costs nothing, once it is claimed in the console. */
export const freeModel = { upstreamModel: 'lite', path: '/v1.1/chat' } as const

/** Provider sheet, section 3.1; vendor page Web.html and iFLYTEK-OP/websdk-java `SparkModel.java`. */
const paths: ReadonlyMap<string, string> = new Map([
  [freeModel.upstreamModel, freeModel.path],
  ['generalv3', '/v3.1/chat'],
  ['pro-128k', '/chat/pro-128k'],
  ['generalv3.5', '/v3.5/chat'],
  ['max-32k', '/chat/max-32k'],
  ['4.0Ultra', '/v4.0/chat'],
  ['x1', '/v1/x1'],
  ['spark-x', '/v1/x1'],
  // On hosts of their own, which the account's base URL must name: https://spark-openapi-n.cn-huabei-1.xf-yun.com
  // and https://spark-api-n.xf-yun.com.
  ['kjwx', '/v1.1/chat_kjwx'],
  ['multilang', '/v1.1/chat_multilang'],
])
