import { tongyiModels } from '../../bailian/models.ts'
import { thinking } from '../../bailian/thinking.ts'
import { invalid } from '../../openai-shape/check-parameters.ts'
import { type ChatReading, limitAt, readChatBody } from '../../openai-shape/read-chat.ts'
import { readModel } from '../../openai-shape/read-model.ts'
import type { ChatCall } from '../../contract/chat.ts'
import type { Incoming } from '../../contract/platform.ts'
import { type Refusal, isRefusal } from '../../contract/refusal.ts'
import { type JsonObject, isObject, parseObject } from '../../json.ts'
import { finder, perModel } from '../kit.ts'
import { asksForStream } from './asks-for-stream.ts'
import { check } from './check.ts'
import { isIncremental, resultFormat } from './defaults.ts'
import { rules } from './rules.ts'
import { unwrap } from './unwrap.ts'
import { nativeWire } from './wire.ts'

const findModel = finder(tongyiModels, 'chat')

/** Reads a request to one of the two services of generation, strictly. */
export function readNativeChat(request: Incoming, service: 'text' | 'multimodal'): ChatCall | Refusal {
  const body = parseObject(request.body)
  if (body === undefined) return { refused: 'malformed-json' }
  if (request.headers['x-dashscope-async'] === 'enable') {
    return { ...invalid('x-dashscope-async', 'asynchronous'), variant: 'async' }
  }
  const model = readModel(body, findModel)
  if (isRefusal(model)) return model
  // Whatever can see is served there and only there, whether a message has a picture or not (agentscope issue 1316).
  if ((model.vision === true) !== (service === 'multimodal')) {
    return { ...invalid('model', 'url error, please check url！'), model: model.name }
  }
  const inside = unwrap(body, service === 'multimodal' ? 'parts' : 'string')
  if (isRefusal(inside)) return { model: model.name, ...inside }
  const { messages, parameters } = inside
  return readChatBody({ ...parameters, messages, stream: asksForStream(request) }, model, request, reading)
}

const reading: Omit<ChatReading, 'findModel'> = {
  rules: perModel(tongyiModels, rules),
  check,
  meaning(body, model) {
    const limit = limitAt(body, 'max_tokens')
    const budget = limitAt(body, 'thinking_budget')
    return {
      usage: body['stream'] === true ? 'every' : 'end',
      // max_tokens bounds the answer alone; thinking comes on top of it, bounded by its own budget.
      ...(limit === undefined ? {} : { answerTokensMax: limit }),
      ...(budget === undefined ? {} : { reasoningTokensMax: budget }),
      thinking: thinking(body, model),
    }
  },
  // One call at a time unless asked for more.
  parallelTools: (body) => body['parallel_tool_calls'] === true,
  wire: (body, model) =>
    nativeWire({
      multimodal: model.vision === true,
      format: resultFormat(body, model),
      incremental: isIncremental(body, model),
      pictures: countPictures(body),
    }),
}

function countPictures(body: JsonObject): number {
  const messages: unknown[] = Array.isArray(body['messages']) ? body['messages'] : []
  return messages
    .filter(isObject)
    .flatMap((message): unknown => message['content'])
    .filter((part) => isObject(part) && part['type'] === 'image_url').length
}
