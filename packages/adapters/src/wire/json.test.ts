import { expect, it } from 'vitest'
import { countOf, numberOf, parseJson } from './json.ts'

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

it('reads JSON as deep as anybody nests it, and nothing that would run out of stack later', () => {
  expect(parseJson(nested(200))).toBeInstanceOf(Array)
  for (const depth of [5_000, 500_000]) {
    expect(parseJson(nested(depth))).toBeUndefined()
    expect(parseJson(`{"a":[1,{"b":${'{"c":'.repeat(depth)}0${'}'.repeat(depth)}}]}`)).toBeUndefined()
  }
})

it('reads wide JSON of any size', () => {
  const wide = Array.from({ length: 20_000 }, (_, index) => [{ index }, index])
  expect(parseJson(JSON.stringify(wide))).toEqual(wide)
})

it('tells what is not JSON from the JSON null', () => {
  expect(parseJson('null')).toBeNull()
  for (const text of ['', '{', '{"a":1}x', '\ufeff{}']) expect(parseJson(text)).toBeUndefined()
})

it('believes no figure that is not a whole number of tokens', () => {
  expect([0, 7, '12', 999_999_999_999].map(countOf)).toEqual([0, 7, 12, 999_999_999_999])
  for (const odd of [
    -1,
    0.5,
    1e300,
    Number.NaN,
    '',
    '1.5',
    '-1',
    '1e3',
    1e12,
    Number.MAX_SAFE_INTEGER,
    '9'.repeat(13),
    null,
    true,
    [7],
    {},
  ]) {
    expect(countOf(odd), String(odd)).toBeUndefined()
  }
  expect(numberOf(JSON.parse('1e999'))).toBeUndefined()
})
