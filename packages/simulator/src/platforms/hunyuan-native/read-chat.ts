import { checkMessages } from './check-messages.ts'
import { countPrompt } from './count-prompt.ts'
import {
  type Check,
  anything,
  checkFields,
  flag,
  missing,
  numberIn,
  text,
  texts,
  wrongType,
} from './fields.ts'
import { readTools } from './read-tools.ts'
import { hunyuanNativeWire } from './wire.ts'
import type { ChatCall } from '../../contract/chat.ts'
import type { Incoming, SimulatedModel } from '../../contract/platform.ts'
import { type Refusal, isRefusal } from '../../contract/refusal.ts'
import { type JsonObject, isObject, parseObject } from '../../json.ts'
import { hunyuanModels } from '../hunyuan-models.ts'
import { finder, thinksByName } from '../kit.ts'

const findModel = finder(hunyuanModels, 'chat')

/** Every parameter of ChatCompletions. There is none for the length of an answer. Sheet: hunyuan, section 2.2. */
const fields: Readonly<Record<string, Check>> = {
  Model: text,
  Messages: anything,
  Stream: flag,
  StreamModeration: flag,
  Temperature: numberIn(0, 2, 'float'),
  TopP: numberIn(0, 1, 'float'),
  Stop: texts,
  Seed: numberIn(1, 10_000, 'integer'),
  EnableThinking: flag,
  Tools: anything,
  ToolChoice: anything,
  CustomTool: anything,
  EnableEnhancement: flag,
  ForceSearchEnhancement: flag,
  SearchInfo: flag,
  Citation: flag,
  EnableSpeedSearch: flag,
  EnableMultimedia: flag,
  EnableRecommendedQuestions: flag,
  EnableDeepSearch: flag,
  EnableDeepRead: flag,
  WebSearchOptions: (value, at) => (isObject(value) ? undefined : wrongType(at)),
  TopicChoice: text,
}

/** Reads a ChatCompletions request strictly: anything the platform would refuse is refused. */
export function readChat(request: Incoming): ChatCall | Refusal {
  const body = parseObject(request.body)
  if (body === undefined) return { refused: 'malformed-json' }
  const unfit = checkFields(body, fields)
  if (unfit !== undefined) return unfit
  const name = body['Model']
  if (typeof name !== 'string' || name === '') return missing('Model')
  const model = findModel(name)
  if (model === undefined) return { refused: 'unknown-model', model: name }
  const refusal = checkMessages(body['Messages'], model.vision === true)
  if (refusal !== undefined) return { model: name, ...refusal }
  const offer = readTools(body)
  if (isRefusal(offer)) return { model: name, ...offer }

  const prompt = countPrompt(body)
  const stream = body['Stream'] === true
  return {
    model,
    modelShown: name,
    // There is no error for a prompt that is too long: its oldest text is cut off.
    promptTokens: Math.min(prompt.tokens, model.contextTokens ?? prompt.tokens),
    userText: prompt.userText,
    userSpokeLast: prompt.userSpokeLast,
    stream,
    usage: stream ? 'every' : 'end',
    ...(model.outputTokensMax === undefined ? {} : { completionTokensMax: model.outputTokensMax }),
    thinking: thinking(body, model),
    tools: callsTools(model) ? offer.tools : [],
    ...(offer.named === undefined ? {} : { toolNamed: offer.named }),
    parallelTools: true,
    textAfterTools: true,
    stop: Array.isArray(body['Stop']) ? body['Stop'].filter((item) => typeof item === 'string') : [],
    stopKept: true,
    wire: hunyuanNativeWire,
  }
}

/** hunyuan-a13b thinks unless told not to, the t1 line always. */
function thinking(body: JsonObject, model: SimulatedModel): ChatCall['thinking'] {
  if (model.name === 'hunyuan-a13b') return body['EnableThinking'] === false ? 'forbidden' : 'on'
  return thinksByName(model) ? 'on' : 'off'
}

/** Tools have no effect on other models. */
function callsTools(model: SimulatedModel): boolean {
  return /turbos|t1|functioncall/.test(model.name)
}
