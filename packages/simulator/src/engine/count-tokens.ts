/**
 * The published counting rule of the simulator, so that every bill can be checked by hand:
 * one token for each code point that is not ASCII, and one for every four ASCII characters of the text, rounded up
 * once per text.
 */
export function countTokens(text: string): number {
  let ascii = 0
  let other = 0
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) ascii += 1
    // The second half of a surrogate pair belongs to a code point that was counted already.
    else if (unit < 0xdc00 || unit > 0xdfff) other += 1
  }
  return other + Math.ceil(ascii / 4)
}

/** Added for every message of a conversation. */
export const messageTokens = 4

/** Counted for every picture, whatever its size. */
export const imageTokens = 85
