import type { Call, ChatRequest, Refusal } from '../contract/index.ts'
import { thinkingBudget } from '../wire/dashscope-thinking.ts'
import { dashScopeToolChoice } from '../wire/dashscope-tool-choice.ts'
import { movedIntoRange } from '../wire/ranges.ts'
import type { BodyEdits } from '../wire/splice.ts'

/** What DashScope's compatible mode wants different from OpenAI (provider sheet of Tongyi, sections 3 to 5). */
export function tongyiChatEdits(request: ChatRequest, call: Call): BodyEdits | Refusal {
  const { body } = request
  const toolChoice = dashScopeToolChoice(request, call)
  if (toolChoice !== undefined && 'ok' in toolChoice) return toolChoice
  return {
    set: {
      // [0, 2): 2 itself is refused. Old models refuse a top_p of 0 and of 1.
      temperature: movedIntoRange(body['temperature'], 0, 1.99),
      top_p: movedIntoRange(body['top_p'], 0.001, 0.999),
      thinking_budget: thinkingBudget(request, call),
      tool_choice: toolChoice,
    },
  }
}
