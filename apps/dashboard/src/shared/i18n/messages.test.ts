import { describe, expect, it } from 'vitest'
import { messages as english } from './en/messages.ts'
import { messages as chinese } from './zh-CN/messages.ts'

/** Every text by its dotted key. */
function texts(tree: object, prefix = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') found.set(prefix + key, value)
    else if (typeof value === 'object' && value !== null) {
      for (const [inner, text] of texts(value, `${prefix}${key}.`)) found.set(inner, text)
    }
  }
  return found
}

const variables = (text: string) =>
  [...text.matchAll(/\{\{(\w+)(?:, \w+)?\}\}/g)]
    .map(([, name]) => name ?? '')
    .toSorted((a, b) => a.localeCompare(b))

const en = texts(english)
const zh = texts(chinese)

describe('the two languages', () => {
  it('say the same things', () => {
    const singularLess = [...en.keys()].filter((key) => !key.endsWith('_one'))
    expect([...zh.keys()].sort()).toEqual(singularLess.sort())
  })

  it('fill in the same values', () => {
    for (const [key, text] of zh)
      expect({ key, of: variables(text) }).toEqual({ key, of: variables(en.get(key) ?? '') })
  })

  it('leave no text empty', () => {
    for (const [key, text] of [...en, ...zh])
      expect({ key, empty: text.trim() === '' }).toEqual({ key, empty: false })
  })

  it('have a plural beside every singular', () => {
    const singular = [...en.keys()].filter((key) => key.endsWith('_one'))
    expect(singular.filter((key) => !en.has(key.replace(/_one$/, '_other')))).toEqual([])
  })

  it('have no Chinese in English, and Chinese where a sentence stands', () => {
    for (const [key, text] of en)
      expect({ key, chinese: /\p{Script=Han}/u.test(text) }).toEqual({ key, chinese: false })
    const untranslated = [...zh].filter(([, text]) => /^[A-Za-z ]{24,}/.test(text)).map(([key]) => key)
    expect(untranslated).toEqual([])
  })
})
