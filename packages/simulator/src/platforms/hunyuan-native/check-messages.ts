import { type Check, anything, checkFields, missing, text, texts, wrongType } from './fields.ts'
import type { Refusal } from '../../contract/refusal.ts'
import { type JsonObject, isObject } from '../../json.ts'

const messagesMax = 40
const roles = ['system', 'user', 'assistant', 'tool']

/** The rules of a conversation. Sheet: hunyuan, section 2.2. */
export function checkMessages(value: unknown, vision: boolean): Refusal | undefined {
  if (value === undefined || value === null) return missing('Messages')
  if (!Array.isArray(value)) return wrongType('Messages')
  if (value.length === 0) return broken('Messages', 'Messages must not be empty')
  if (value.length > messagesMax) {
    return broken('Messages', `Messages must contain at most ${messagesMax} items`)
  }
  const calls = new Set<string>()
  const spoken: string[] = []
  const messages: unknown[] = value
  for (const [index, message] of messages.entries()) {
    const at = `Messages.${index}`
    if (!isObject(message)) return wrongType(at)
    const found =
      checkFields(message, messageFields, at) ??
      checkRole(message['Role'], at, spoken) ??
      checkContent(message, at, vision) ??
      checkCalls(message, at, calls)
    if (found !== undefined) return found
    spoken.push(String(message['Role']))
  }
  const last = spoken.at(-1)
  return last === 'user' || last === 'tool'
    ? undefined
    : broken('Messages', 'the last message must be from user or tool')
}

/** System at most once and first; then user (or results of tools) and assistant in turn, beginning with the user. */
function checkRole(role: unknown, at: string, spoken: readonly string[]): Refusal | undefined {
  if (role === undefined || role === null) return missing(`${at}.Role`)
  if (typeof role !== 'string' || !roles.includes(role)) {
    return broken(`${at}.Role`, `Role must be one of ${roles.join(', ')}`)
  }
  const before = spoken.at(-1)
  if (role === 'system') {
    return before === undefined ? undefined : broken(`${at}.Role`, 'only the first message may be system')
  }
  const inTurn =
    role === 'user'
      ? before === undefined || before === 'system' || before === 'assistant'
      : role === 'assistant'
        ? before === 'user' || before === 'tool'
        : before === 'assistant' || before === 'tool'
  return inTurn ? undefined : broken(`${at}.Role`, 'Messages roles must alternate')
}

function checkContent(message: JsonObject, at: string, vision: boolean): Refusal | undefined {
  const { Content: content, Contents: parts } = message
  const written = typeof content === 'string' && content !== ''
  if (Array.isArray(parts)) {
    // That both together are refused is a guess.
    if (written) return broken(at, 'Content must be empty where Contents is used')
    return checkParts(parts, `${at}.Contents`, vision)
  }
  const calling =
    message['Role'] === 'assistant' && Array.isArray(message['ToolCalls']) && message['ToolCalls'].length > 0
  return written || calling ? undefined : broken(`${at}.Content`, 'Content must not be empty')
}

function checkParts(parts: readonly unknown[], at: string, vision: boolean): Refusal | undefined {
  if (!vision) return broken(at, 'the model does not support Contents')
  for (const [index, part] of parts.entries()) {
    const here = `${at}.${index}`
    if (!isObject(part)) return wrongType(here)
    const found = checkFields(part, partFields, here)
    if (found !== undefined) return found
    const type = String(part['Type'])
    const needed = partContents[type]
    if (needed === undefined) return broken(`${here}.Type`, `unsupported Type: ${type}`)
    if (part[needed] === undefined || part[needed] === null) return missing(`${here}.${needed}`)
  }
  return parts.some((part) => isObject(part) && part['Type'] === 'text')
    ? undefined
    : broken(at, 'Contents must have at least one text')
}

/** A tool message answers a call made before it. */
function checkCalls(message: JsonObject, at: string, calls: Set<string>): Refusal | undefined {
  const made: unknown = message['ToolCalls']
  if (Array.isArray(made)) {
    if (message['Role'] !== 'assistant') return broken(`${at}.ToolCalls`, 'only the assistant calls tools')
    for (const call of made.filter(isObject)) calls.add(String(call['Id']))
  }
  if (message['Role'] !== 'tool') return undefined
  const id = message['ToolCallId']
  if (typeof id !== 'string') return missing(`${at}.ToolCallId`)
  return calls.has(id)
    ? undefined
    : broken(`${at}.ToolCallId`, 'a tool message must answer a call made before')
}

const address: Check = (value, at) => {
  if (!isObject(value)) return wrongType(at)
  const url: unknown = value['Url']
  return typeof url === 'string' && /^(https?:\/\/|data:[^,]+;base64,)/.test(url)
    ? undefined
    : broken(`${at}.Url`, 'Url must be an http or https address, or base64 data')
}

const list: Check = (value, at) => (Array.isArray(value) ? undefined : wrongType(at))

/** The field that each kind of part brings its content in. */
const partContents: Readonly<Record<string, string>> = {
  text: 'Text',
  image_url: 'ImageUrl',
  video_url: 'VideoUrl',
  video_frames: 'VideoFrames',
}

const partFields: Readonly<Record<string, Check>> = {
  Type: text,
  Text: text,
  ImageUrl: address,
  VideoUrl: address,
  VideoFrames: (value, at) => (isObject(value) ? undefined : wrongType(at)),
}

const call: Check = (value, at) => {
  if (!isObject(value)) return wrongType(at)
  const inner = value['Function']
  if (!isObject(inner)) return missing(`${at}.Function`)
  const found =
    checkFields(value, { Id: text, Type: text, Function: anything, Index: anything }, at) ??
    checkFields(inner, { Name: text, Arguments: text }, `${at}.Function`)
  if (found !== undefined) return found
  const absent = [
    ['Id', value['Id']],
    ['Type', value['Type']],
    ['Function.Name', inner['Name']],
    ['Function.Arguments', inner['Arguments']],
  ].find(([, given]) => given === undefined || given === null)
  if (absent !== undefined) return missing(`${at}.${String(absent[0])}`)
  return value['Type'] === 'function' ? undefined : broken(`${at}.Type`, 'Type must be function')
}

const messageFields: Readonly<Record<string, Check>> = {
  Role: text,
  Content: text,
  Contents: list,
  ToolCallId: text,
  ToolCalls(value, at) {
    if (!Array.isArray(value)) return wrongType(at)
    const calls: unknown[] = value
    for (const [index, one] of calls.entries()) {
      const found = call(one, `${at}.${index}`)
      if (found !== undefined) return found
    }
    return undefined
  },
  FileIDs: texts,
  // Thinking must never be sent back.
  ReasoningContent: (_value, at) => broken(at, 'ReasoningContent must not be sent back'),
}

function broken(param: string, message: string): Refusal {
  return { refused: 'invalid-messages', param, message }
}
