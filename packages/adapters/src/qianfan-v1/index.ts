import type { ProtocolAdapter } from '../contract/index.ts'
import { cutStops } from '../wire/cut-stops.ts'
import { legacyFunctions } from '../wire/legacy-functions.ts'
import { qianfanV1Answer } from './answer.ts'
import { qianfanV1BeyondBound, qianfanV1ChatRequest } from './chat-request.ts'
import { qianfanV1Embeddings } from './embeddings.ts'
import { isServed } from './models.ts'
import { readQianfanV1Error } from './errors.ts'
import { qianfanV1Session } from './session.ts'
import { qianfanV1Stream } from './stream.ts'

/**
 * Baidu Qianfan's first API (provider sheet, sections 1, 2, 4.1 and 5.1), for applications of the old console: their keys
 * do not work on V2, and V2's not here. Whether new applications may still use it is not verified.
 */
export const qianfanV1: ProtocolAdapter = {
  protocol: 'qianfan-v1',
  provider: 'qianfan',
  defaultBaseUrl: 'https://aip.baidubce.com',
  credentials: [
    { name: 'apiKey', required: true, label: 'API Key (应用接入)' },
    { name: 'secretKey', required: true, label: 'Secret Key' },
  ],
  options: [],
  serves: isServed,
  chat: legacyFunctions(
    cutStops({
      request: qianfanV1ChatRequest,
      answer: qianfanV1Answer,
      stream: qianfanV1Stream,
      refusal: readQianfanV1Error,
      beyondBound: qianfanV1BeyondBound,
    }),
  ),
  embeddings: qianfanV1Embeddings(),
  session: qianfanV1Session,
  // The session is the proof, and costs nothing.
  probe: {
    spends: false,
    request: () => undefined,
    read(head, body, call) {
      const opened = qianfanV1Session.read(head, body, call)
      return opened.ok ? undefined : opened.error
    },
  },
  hangUp: 'abort',
}
