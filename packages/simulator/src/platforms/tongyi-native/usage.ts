import { imageTokens } from '../../engine/count-tokens.ts'
import type { Answer, Usage } from '../../contract/chat.ts'
import type { AnswerForm } from './wire.ts'

/**
 * How the counts are written. What a kind of answer leaves out is recorded: streams that think tell no cached tokens
 * (unless there are any: not verified), and only streams of vision models tell the details.
 */
export function usageWriter(answer: Answer, form: AnswerForm, whole: boolean): (used: Usage) => string {
  const thinks = answer.reasoning !== ''
  const pictures = form.pictures * imageTokens
  return (used) => {
    const counts = `"total_tokens":${used.total},"output_tokens":${used.completion},"input_tokens":${used.prompt}`
    const cached = `"prompt_tokens_details":{"cached_tokens":${used.cached}}`
    const reasoning = `"reasoning_tokens":${used.reasoning}`
    if (!form.multimodal) {
      return object(
        counts,
        thinks && `"output_tokens_details":{${reasoning}}`,
        (whole || !thinks || used.cached > 0) && cached,
      )
    }
    const text = `"text_tokens":${used.prompt - pictures}`
    return object(
      !whole && `"input_tokens_details":${object(pictures > 0 && `"image_tokens":${pictures}`, text)}`,
      counts,
      (thinks || !whole) &&
        `"output_tokens_details":${object(thinks && reasoning, `"text_tokens":${used.answer}`)}`,
      // A prompt without a picture has no such count (not verified).
      pictures > 0 && `"image_tokens":${pictures}`,
      used.cached > 0 && cached,
    )
  }
}

function object(...fields: (string | false)[]): string {
  return `{${fields.filter((field) => field !== false).join(',')}}`
}
