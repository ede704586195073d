import type { Call, HeaderMap } from '../contract/index.ts'
import { jsonHeaders } from '../wire/headers.ts'

/**
 * Where a model answers, after the base URL. The session's token proves the caller and stands in the query (provider
 * sheet, section 2.1).
 */
export function modelPath(operation: 'chat' | 'embeddings', suffix: string, call: Call): string {
  const token = encodeURIComponent(call.session?.['accessToken'] ?? '')
  return `/rpc/2.0/ai_custom/v1/wenxinworkshop/${operation}/${encodeURIComponent(suffix)}?access_token=${token}`
}

/** Without `authorization`: the API key opens the session and is shown nowhere else. */
export function qianfanV1Headers(call: Call, streams: boolean): HeaderMap {
  return jsonHeaders({ ...call, credentials: {} }, streams)
}
