import type { Call } from '../contract/index.ts'
import { arrayOf, isObject } from '../wire/json.ts'

/** DashScope generates at two paths, with two forms of messages; a model is served at one of them. */
export type Generation = 'text' | 'multimodal'

/**
 * Where a request must go: as the account says for all its models, else as the model's name tells, else by what is in
 * the messages. A model at the wrong path is answered with 400 "url error, please check url".
 */
export function generationOf(messages: unknown, call: Pick<Call, 'upstreamModel' | 'options'>): Generation {
  const chosen = call.options['generation']
  if (chosen === 'text' || chosen === 'multimodal') return chosen
  return isMultimodal(call.upstreamModel) || holdMedia(messages) ? 'multimodal' : 'text'
}

/**
 * Models that see or hear (provider sheet, section 2), and those since Qwen3.5 that read pictures without saying so in
 * their names: help.aliyun.com/en/model-studio/qwen-api-via-dashscope names qwen3.5-plus to qwen3.7-plus,
 * …/visual-reasoning the flash and open ones and Kimi K2.5 and K2.6. Those of Qwen3.8 read pictures too; that this decides
 * about them as well is not verified, nor that the `-max` of Qwen3.5 to 3.7 reads text only. The account may say otherwise.
 */
function isMultimodal(model: string): boolean {
  return /^qwen3\.[5-7]-(?!max|coder)|^qwen3\.8-|^kimi-k2\.[56]\b|-vl\b|^qvq\b|-ocr\b|-audio\b|\bomni\b/.test(
    model,
  )
}

function holdMedia(messages: unknown): boolean {
  return (arrayOf(messages) ?? []).some(
    (message) => isObject(message) && (arrayOf(message['content']) ?? []).some(isMedia),
  )
}

function isMedia(part: unknown): boolean {
  return isObject(part) && MEDIA.some((name) => name in part)
}

/** OpenAI's names for parts, and DashScope's own. */
const MEDIA = ['image_url', 'input_audio', 'video_url', 'image', 'audio', 'video']
