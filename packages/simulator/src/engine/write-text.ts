import { countTokens } from './count-tokens.ts'
import { type Random, pick } from './random.ts'
import { stripDirectives } from './read-directives.ts'

const answers: readonly string[] = [
  '我们先看问题本身，',
  'then we look at the details. ',
  '这里有三个要点：',
  'keep it simple and measure first. ',
  '春天的风吹过石桥，',
  'a small example makes it clear. ',
  '数据说明一切，',
  'the numbers add up in the end. ',
  '换一个角度来想，',
  'every step can be checked by hand. ',
  '结论其实并不复杂。',
]

const thoughts: readonly string[] = [
  '用户想知道什么？',
  'Let me restate the question. ',
  '先列出已知条件，',
  'check the units, ',
  '再排除不可能的情况，',
  'then compare the options. ',
  '看来答案已经清楚了。',
]

/** At least `tokens` tokens of Chinese and English that begin with an echo of the prompt; the caller cuts. */
export function writeText(userText: string, tokens: number, random: Random): string {
  const echo = stripDirectives(userText.slice(0, 400))
    .slice(0, 48)
    .replaceAll(/[\s"\\\p{C}]+/gu, ' ')
    .trim()
  const begin = echo === '' ? '收到。' : `收到：${[...echo].slice(0, 20).join('')}。`
  return fill(begin, answers, tokens, random)
}

/** At least `tokens` tokens of thinking aloud. */
export function writeThoughts(tokens: number, random: Random): string {
  return fill('', thoughts, tokens, random)
}

function fill(begin: string, sentences: readonly string[], tokens: number, random: Random): string {
  const parts = [begin]
  // Parts are counted one by one and rounded up, so the sum is too high by less than one a part.
  let counted = begin === '' ? 0 : countTokens(begin) - 1
  while (counted < tokens) {
    const sentence = pick(sentences, random) ?? ''
    parts.push(sentence)
    counted += countTokens(sentence) - 1
  }
  return parts.join('')
}
