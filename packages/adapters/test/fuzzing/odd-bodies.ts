import fc from 'fast-check'
import { parseJson } from '../../src/wire/json.ts'
import type { Corpus } from './corpus.ts'
import { byteDamage, damaged } from './odd-bytes.ts'
import { editedJson, jsonEdit, oddObject, oddValue, textOfJson } from './odd-json.ts'

/** A known body in which one text goes on and on. */
export function longWindedBody({ bodies, words }: Corpus): fc.Arbitrary<Buffer> {
  const parts = fc.constantFrom(
    ',',
    ' ',
    '(',
    'a',
    'A.',
    '0',
    '<',
    '\\',
    'request id ',
    'Bearer ',
    ...words.filter((word) => word !== ''),
  )
  return fc.tuple(fc.constantFrom(...bodies), fc.nat(60), parts).map(([text, at, part]) => {
    const value = part.repeat(Math.ceil(300_000 / part.length))
    const json = parseJson(text)
    if (json === undefined) return Buffer.from(text + value)
    return Buffer.from(textOfJson(editedJson(json, { at, how: 'replace', value, name: '' })))
  })
}

/** The bytes of a body: a known one with odd places, damage on the line, the platform's words in new order, or noise. */
export function oddBody({ bodies, streams, words }: Corpus): fc.Arbitrary<Buffer> {
  const texts = [...bodies, ...streams.map(({ parts }) => parts.map(String).join('\n'))]
  const known = fc
    .tuple(fc.constantFrom(...texts), fc.array(jsonEdit(words), { maxLength: 4 }))
    .map(([text, edits]) => {
      const value = parseJson(text)
      return Buffer.from(value === undefined ? text : textOfJson(edits.reduce(editedJson, value)))
    })
  const broken = fc
    .tuple(known, fc.array(byteDamage, { maxLength: 3 }))
    .map(([bytes, damages]) => damaged(bytes, damages))
  const value = oddValue(words)
  return fc.oneof(
    { weight: 6, arbitrary: known },
    { weight: 3, arbitrary: broken },
    { weight: 2, arbitrary: oddObject(words, value).map((made) => Buffer.from(textOfJson(made))) },
    { weight: 1, arbitrary: value.map((made) => Buffer.from(textOfJson(made))) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)) },
  )
}
