import type { Provider } from '@tollgate/adapters/contract'

/**
 * Whether a request switches thinking on or off, by the switch its platform knows; `undefined`: it says nothing, or
 * leaves it to the model (`auto`). A platform's default is not guessed: where nothing was said, reasoning tokens in the
 * usage tell. That is enough for the models that cost more while thinking (`qwen-plus` and `qwen-turbo`, provider sheet
 * of Tongyi, sections 5 and 9), which do not think unless told to.
 */
export function asksThinking(
  provider: Provider,
  body: Readonly<Record<string, unknown>>,
): boolean | undefined {
  for (const readSwitch of switches[provider]) {
    const asked = readSwitch(body)
    if (asked !== undefined) return asked
  }
  return undefined
}

type Switch = (body: Readonly<Record<string, unknown>>) => boolean | undefined

/** `enable_thinking: true` (Qwen's own). */
const enableThinking: Switch = (body) => readBoolean(body['enable_thinking'])

/** `thinking: { type: 'enabled' | 'disabled' | 'auto' }` (Ark, Spark, DeepSeek, Zhipu). */
const thinkingType: Switch = (body) => {
  const type = fieldOf(body['thinking'], 'type')
  return type === 'enabled' ? true : type === 'disabled' ? false : undefined
}

/** `chat_template_kwargs: { enable_thinking: true }` (vLLM, SGLang). */
const templateArgument: Switch = (body) =>
  readBoolean(fieldOf(body['chat_template_kwargs'], 'enable_thinking'))

/** A switch that a platform does not know is ignored there, so it says nothing here. */
const switches: Readonly<Record<Provider, readonly Switch[]>> = {
  tongyi: [enableThinking],
  modelscope: [enableThinking],
  qianfan: [enableThinking],
  hunyuan: [enableThinking],
  ark: [thinkingType],
  spark: [thinkingType],
  deepseek: [thinkingType],
  baichuan: [],
  'openai-compatible': [thinkingType, enableThinking, templateArgument],
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function readBoolean(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}
