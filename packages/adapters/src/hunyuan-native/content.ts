import type { ProviderError } from '../contract/index.ts'
import { arrayOf, isObject, objectOf, textOf, type JsonObject, type MutableJson } from '../wire/json.ts'
import { invalidRequest } from './invalid-request.ts'

/**
 * Text as `Content`, anything more as `Contents`; both in one message is what no document describes. An empty message
 * is refused ("Content and Contents not allowed empty at the same time"), beside tool calls too, and a blank is taken
 * (third party: langgenius/dify, `hunyuan/llm/llm.py`).
 */
export function hunyuanContent(content: unknown): JsonObject | ProviderError {
  const parts = arrayOf(content)
  if (parts === undefined) return { Content: textOf(content) ?? given(content) ?? BLANK }
  const contents: JsonObject[] = []
  for (const part of parts) {
    const native = isObject(part) ? nativePart(part) : undefined
    if (native === undefined) {
      return invalidRequest(
        'messages',
        'Hunyuan takes text, pictures (image_url) and videos (video_url, video_frames)',
      )
    }
    contents.push(native)
  }
  if (contents.length === 0) return { Content: BLANK }
  return { Contents: contents }
}

const BLANK = ' '

/** What is neither text nor nothing is the caller's mistake: the platform shall say so. */
function given(content: unknown): unknown {
  return content === '' || content === null ? undefined : content
}

function nativePart(part: MutableJson): JsonObject | undefined {
  // In the native form already.
  if (textOf(part['Type']) !== undefined) return part
  switch (part['type']) {
    case 'text':
      return { Type: 'text', Text: part['text'] }
    case 'refusal':
      return { Type: 'text', Text: part['refusal'] }
    case 'image_url':
      return { Type: 'image_url', ImageUrl: { Url: urlOf(part['image_url']) } }
    case 'video_url': {
      const fps = objectOf(part['video_url'])?.['fps']
      const rate = fps === undefined ? {} : { Fps: fps }
      return { Type: 'video_url', VideoUrl: { Url: urlOf(part['video_url']), ...rate } }
    }
    case 'video_frames': {
      const frames = part['video_frames']
      return { Type: 'video_frames', VideoFrames: { Frames: objectOf(frames)?.['frames'] ?? frames } }
    }
    default:
      return undefined
  }
}

/** OpenAI puts the address in an object; some clients send it bare. */
function urlOf(value: unknown): unknown {
  return objectOf(value)?.['url'] ?? value
}
