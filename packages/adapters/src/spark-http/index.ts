import type { Call, HeaderMap, ProbeOperation, ProtocolAdapter } from '../contract/index.ts'
import { textOfBytes } from '../wire/bytes.ts'
import { openAiChatRequest } from '../wire/chat-request.ts'
import { cutStops } from '../wire/cut-stops.ts'
import { jsonHeaders } from '../wire/headers.ts'
import { objectOf, parseJson } from '../wire/json.ts'
import { readSparkError, sparkErrorRules, sparkFailure } from '../wire/spark-errors.ts'
import { sparkModel } from '../wire/spark-models.ts'
import { sparkAnswer } from './answer.ts'
import { sparkChatEdits, sparkMaxTokensName } from './chat-edits.ts'
import { sparkStream } from './stream.ts'
import { sparkTools } from './tools.ts'

/**
 * iFlytek Spark's HTTP interface (provider sheet; vendor page HTTP调用文档.html, X1http.html). The path of the base URL
 * chooses the model too: `spark-x` is X1.5 below `/v2` and X2 below `/x2`, so accounts of different paths are
 * different accounts. Embeddings are a signed service of another host, not of this protocol.
 */
export const sparkHttp: ProtocolAdapter = {
  protocol: 'spark-http',
  provider: 'spark',
  defaultBaseUrl: 'https://spark-api-open.xf-yun.com/v1',
  credentials: [
    {
      name: 'apiPassword',
      required: true,
      // One page of the console per model version, each with its own.
      label: 'APIPassword, or APIKey:APISecret',
      example: 'APIKey:APISecret',
    },
  ],
  options: [],
  serves: (model, { baseUrl }) => newerPaths.test(baseUrl) === model.startsWith('spark-x'),
  chat: cutStops({
    request: (request, call) =>
      openAiChatRequest(request, call, {
        errors: sparkErrorRules,
        headers: sparkHeaders,
        maxTokens: () => sparkMaxTokensName(sparkModel(call.upstreamModel)),
        // Not documented; usage comes anyway.
        asksForUsage: () => false,
        edit: sparkChatEdits,
      }),
    answer: sparkAnswer,
    stream: sparkStream,
    refusal: readSparkError,
  }),
  probe: sparkProbe(),
  hangUp: 'abort',
}

/** Below these `spark-x` means X1.5, X2 and X2-Flash, and nothing else is served (provider sheet, section 0). */
const newerPaths = /\/(v2|x2|agent\/v1)$/

/**
 * APIPassword, or `APIKey:APISecret`, which newer versions take in its place. `APPID|APISecret|APIKey`, the way users
 * of other gateways have stored the three, is read as the latter.
 */
function sparkHeaders(call: Call, streams: boolean): HeaderMap {
  const given = call.credentials['apiPassword'] ?? ''
  const [, apiSecret, key] = /^[^|]+\|([^|]+)\|([^|]+)$/.exec(given) ?? []
  const apiKey = key === undefined || apiSecret === undefined ? given : `${key}:${apiSecret}`
  return jsonHeaders({ ...call, credentials: { apiKey } }, streams)
}

/** No list of models exists; a chat of one token, and none of the web search that some models begin with. */
function sparkProbe(): ProbeOperation {
  return {
    spends: true,
    request(call) {
      const name = call.upstreamModel === '' ? modelBelow(call.baseUrl) : call.upstreamModel
      const model = sparkModel(name)
      const tools = sparkTools({}, model.searchesByDefault)
      return {
        transport: 'http',
        method: 'POST',
        url: `${call.baseUrl}/chat/completions`,
        headers: sparkHeaders(call, false),
        body: JSON.stringify({
          model: name,
          messages: [{ role: 'user', content: 'hi' }],
          [sparkMaxTokensName(model)]: 1,
          ...(tools === undefined ? {} : { tools }),
        }),
      }
    },
    read(head, body, call) {
      if (head.status >= 300) return readSparkError(head, body, call)
      const answer = objectOf(parseJson(textOfBytes(body)))
      return answer === undefined ? readSparkError(head, body, call) : sparkFailure(answer, head, call)
    },
  }
}

/** What to ask when the account has no model of its own yet: the free one, or the only one of the newer paths. */
function modelBelow(baseUrl: string): string {
  return baseUrl.endsWith('/v1') ? 'lite' : 'spark-x'
}
