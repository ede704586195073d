import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { spliceBody, type BodyEdits } from './splice.ts'

const names = ['model', 'messages', 'stream', 'n', '模型', 'a"b', 'a\\', '', '😀', '__proto__x']

/** What `spliceBody` promises, done the slow way. */
function applied(body: Record<string, unknown>, { set = {}, drop = [], rename = {} }: BodyEdits): unknown {
  const result = { ...body }
  for (const name of drop) delete result[name]
  const moved: Record<string, unknown> = {}
  for (const [from, to] of Object.entries(rename)) {
    if (!(from in result)) continue
    moved[to] = result[from]
    delete result[from]
  }
  return { ...result, ...moved, ...JSON.parse(JSON.stringify(set)) }
}

/** JSON text with blanks in all the places where they may stand, and with repeated names. */
const looseObject = fc
  .tuple(
    fc.array(fc.tuple(fc.constantFrom(...names), fc.jsonValue({ maxDepth: 3, noUnicodeString: false })), {
      maxLength: 7,
    }),
    fc.array(fc.constantFrom('', ' ', '\n', '\t', '\r\n', '  '), { minLength: 1, maxLength: 9 }),
    fc.boolean(),
  )
  .map(([members, blanks, isEscaped]) => {
    let turn = 0
    const blank = () => blanks[turn++ % blanks.length] ?? ''
    const key = (name: string) => {
      const text = JSON.stringify(name)
      return isEscaped ? text.replace('m', '\\u006d') : text
    }
    const inner = members.map(
      ([name, value]) =>
        `${blank()}${key(name)}${blank()}:${blank()}${JSON.stringify(value, null, blank() === '' ? 0 : 1)}${blank()}`,
    )
    return `${blank()}{${inner.join(',') || blank()}}${blank()}`
  })

const edits: fc.Arbitrary<BodyEdits> = fc.record({
  set: fc.dictionary(fc.constantFrom(...names), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }),
  drop: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 3 }),
  rename: fc.constantFrom<Record<string, string>>(
    {},
    { model: 'n' },
    { n: 'fresh' },
    { stream: 'model', 模型: '😀' },
  ),
})

describe('spliceBody', () => {
  it('comes to the same as parsing, assigning and serialising, for any JSON', () => {
    fc.assert(
      fc.property(looseObject, edits, (text, change) => {
        const spliced = Buffer.from(spliceBody(Buffer.from(text), change)).toString()
        expect(JSON.parse(spliced)).toEqual(applied(JSON.parse(text), change))
      }),
      { numRuns: 1000 },
    )
  }, 60_000)

  it('leaves the bytes of every other member as they are', () => {
    const raw =
      '{"big":12345678901234567890,"esc":"\\u00e9\\/","float":1.0e+2 , "model":"a","nested":{"model":[1 ,2]}}'
    const spliced = spliceBody(Buffer.from(raw), { set: { model: 'b' } })
    expect(Buffer.from(spliced).toString()).toBe(
      '{"big":12345678901234567890,"esc":"\\u00e9\\/","float":1.0e+2,"model":"b","nested":{"model":[1 ,2]}}',
    )
  })

  it('gives back the very same bytes when there is nothing to do', () => {
    const raw = Buffer.from('{ "a" : 1 }')
    expect(spliceBody(raw, {})).toBe(raw)
    expect(spliceBody(raw, { drop: ['b'], set: { c: undefined }, rename: { d: 'e' } })).toBe(raw)
  })

  it('edits every occurrence of a repeated name, because servers differ in which one they believe', () => {
    const raw = Buffer.from('{"model":"a","x":1,"model":"b"}')
    expect(Buffer.from(spliceBody(raw, { set: { model: 'c' } })).toString()).toBe('{"model":"c","x":1}')
    expect(Buffer.from(spliceBody(raw, { drop: ['model'] })).toString()).toBe('{"x":1}')
  })

  it('finds the end of strings full of quotes and backslashes, however long', () => {
    for (const text of [
      '\\'.repeat(200),
      '"'.repeat(200),
      `${'x'.repeat(63)}\\"`,
      `${'x'.repeat(64)}\\\\"`,
      '"\\'.repeat(99),
    ]) {
      for (let pad = 0; pad < 70; pad++) {
        const body = { text: 'y'.repeat(pad) + text, model: 'a' }
        const spliced = spliceBody(Buffer.from(JSON.stringify(body)), { set: { model: 'b' } })
        expect(JSON.parse(Buffer.from(spliced).toString())).toEqual({ ...body, model: 'b' })
      }
    }
  })

  it('takes a byte order mark and a view into a larger buffer', () => {
    const bytes = Buffer.from('xx\ufeff{"model":"a"}yy')
    const spliced = spliceBody(new Uint8Array(bytes).subarray(2, bytes.length - 2), { set: { model: 'b' } })
    expect(Buffer.from(spliced).toString()).toBe('{"model":"b"}')
  })

  it('makes an object of an empty one', () => {
    expect(Buffer.from(spliceBody(Buffer.from(' { } '), { set: { a: 1 } })).toString()).toBe('{"a":1}')
    expect(Buffer.from(spliceBody(Buffer.from('{"a":1}'), { drop: ['a'] })).toString()).toBe('{}')
  })
})
