import { isObject, objectOf, textOf, type MutableJson } from '../wire/json.ts'

/**
 * One part of a message in DashScope's form, `{"text"}`, `{"image"}`, `{"audio"}` or `{"video"}` (provider sheet,
 * sections 3 and 5), with whatever vendor extras stood beside it (`min_pixels`, `fps`, `cache_control`). `undefined`: it
 * has no such thing, OpenAI's files for one. Parts in DashScope's own form go as they are.
 */
export function tongyiPart(part: unknown): unknown {
  if (!isObject(part)) return part
  const { type, image_url: image, video_url: video, input_audio: audio, ...rest } = part
  switch (type) {
    case undefined:
      return part
    case 'text':
    // The frames of a video, whose name is the same in compatible mode.
    case 'video':
      return rest
    case 'refusal':
      return { text: part['refusal'] }
    case 'image_url':
      return { image: urlOf(image), ...rest }
    case 'video_url':
      return { video: urlOf(video), ...rest }
    case 'input_audio':
      return { audio: audioOf(objectOf(audio)), ...rest }
    default:
      return undefined
  }
}

/** OpenAI's object, or the bare address that some clients send. */
function urlOf(value: unknown): unknown {
  return isObject(value) ? value['url'] : value
}

/** OpenAI's audio is bare base64; DashScope wants an address, of data too (compatible mode takes both as `data`). */
function audioOf(audio: MutableJson | undefined): unknown {
  const data = textOf(audio?.['data'])
  if (data === undefined || /^[a-z]+:/i.test(data)) return data
  return `data:audio/${textOf(audio?.['format']) ?? 'wav'};base64,${data}`
}
