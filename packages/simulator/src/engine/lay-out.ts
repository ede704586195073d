import type { ByteString } from '../byte-string.ts'
import { cutPieces } from './cut-pieces.ts'
import { type Generated, usageAfter } from './generate.ts'
import type { StreamWriter, ToolCall } from '../contract/chat.ts'
import type { Metering } from '../contract/platform.ts'
import { countTokens } from './count-tokens.ts'

/** One event of a stream, and what had been produced when it was written. */
export interface Frame {
  readonly bytes: ByteString
  readonly answerTokens: number
  readonly reasoningTokens: number
}

/** All frames of an answer in order, in the platform's own writing. */
export function layOut(generated: Generated, writer: StreamWriter, metering: Metering): Frame[] {
  const { answer } = generated
  const frames: Frame[] = []
  let textTokens = 0
  let toolTokens = 0
  let reasoningTokens = 0
  const answerTokens = () => textTokens + (metering.toolCalls ? toolTokens : 0)
  const used = () => usageAfter(answer.used, answerTokens(), reasoningTokens)
  const push = (bytes: ByteString) => frames.push({ bytes, answerTokens: answerTokens(), reasoningTokens })

  if (writer.opening !== undefined) push(writer.opening(used()))
  for (const piece of generated.reasoning) {
    reasoningTokens = piece.tokensSoFar
    push(writer.reasoning(piece.text, used()))
  }

  const callTool = (call: ToolCall, isLast: boolean) => {
    const before = toolTokens
    const count = (text: string) => {
      toolTokens = before + countTokens(text)
    }
    if (writer.toolStart !== undefined) {
      count(call.name)
      push(writer.toolStart(call, used()))
    }
    const texts =
      writer.toolGrain === 'whole'
        ? [call.arguments]
        : cutPieces(call.arguments, Math.max(3, generated.chunkTokens)).pieces.map((piece) => piece.text)
    let sent = call.name
    texts.forEach((text, index) => {
      sent += text
      count(sent)
      push(
        writer.toolPiece(call, text, used(), {
          first: index === 0,
          final: isLast && index === texts.length - 1 && generated.text.length === 0,
        }),
      )
    })
  }
  answer.toolCalls.forEach((call, index) => callTool(call, index === answer.toolCalls.length - 1))

  const last = answer.toolCalls.length === 0 ? generated.text.length - 1 : -1
  generated.text.forEach((piece, index) => {
    textTokens = piece.tokensSoFar
    push(writer.text(piece.text, used(), index === last))
  })

  for (const bytes of writer.closing(used())) push(bytes)
  return frames
}
