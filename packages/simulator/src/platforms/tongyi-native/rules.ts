import { isOpen } from '../../bailian/thinking.ts'
import { type ChatRules, openaiRules } from '../../openai-shape/rules.ts'
import type { SimulatedModel } from '../../contract/platform.ts'

const anyNumber = Number.MAX_SAFE_INTEGER
const flag = [true, false]

/** The ranges and choices of the native interface. Sheet: tongyi, section 3; vendor's page qwen-api-via-dashscope. */
export function rules(model: SimulatedModel): ChatRules {
  const parts = model.vision === true
  return {
    ...openaiRules,
    refused: [
      // Open models only, and Qwen3-VL.
      ...(isOpen(model) || model.name.startsWith('qwen3-vl') ? [] : ['logprobs', 'top_logprobs']),
      // Levels are the dialect of these; others have a switch and a budget.
      ...(/^(qwen3\.8|glm|deepseek)/.test(model.name) ? [] : ['reasoning_effort']),
    ],
    ranges: {
      temperature: { min: 0, max: 2, below: true },
      top_p: { min: 0, max: 1, above: true },
      top_k: { min: 0, max: anyNumber, integer: true },
      max_tokens: { min: 1, max: model.outputTokensMax ?? anyNumber, integer: true },
      presence_penalty: { min: -2, max: 2 },
      repetition_penalty: { min: 0, max: anyNumber, above: true },
      seed: { min: 0, max: anyNumber, integer: true },
      top_logprobs: { min: 0, max: 5, integer: true },
      thinking_budget: { min: 1, max: anyNumber, integer: true },
      // Up to 4 on a few models; here every model gives one answer.
      n: { min: 1, max: 1, integer: true },
    },
    choices: {
      result_format: ['text', 'message'],
      incremental_output: flag,
      parallel_tool_calls: flag,
      enable_thinking: flag,
      preserve_thinking: flag,
      enable_search: flag,
      logprobs: flag,
    },
    messages: {
      ...openaiRules.messages,
      roles: ['system', 'user', 'assistant', 'tool'],
      system: 'first',
      emptyContent: false,
      parts,
      images: parts,
    },
    tools: {
      ...openaiRules.tools,
      // Neither qwen-long nor the vision models before Qwen3.
      functions: !/^qwen-(long|vl)/.test(model.name),
      choices: ['none', 'auto'],
    },
    stop: { most: anyNumber, bare: true },
  }
}
