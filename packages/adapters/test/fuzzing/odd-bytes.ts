import fc from 'fast-check'

/** Damage on the line: what no sender means. `at` counts bytes, modulo their number. */
export interface ByteDamage {
  readonly at: number
  readonly how: 'flip' | 'drop' | 'cut' | 'insert'
  readonly bytes: Uint8Array
}

export const byteDamage: fc.Arbitrary<ByteDamage> = fc.record(
  {
    at: fc.nat(10_000),
    how: fc.constantFrom('flip', 'flip', 'drop', 'cut', 'insert'),
    bytes: fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 6 }),
      // Not UTF-8: a byte that begins nothing, a cut character, a surrogate, an overlong slash, the middle of one.
      fc
        .constantFrom([0xff], [0xe4, 0xb8], [0xed, 0xa0, 0x80], [0xc0, 0xaf], [0x80])
        .map((bytes) => Uint8Array.from(bytes)),
      fc
        .constantFrom('\n', '\r', '\n\n', '\u0000', '"', '{', '}', ',', '\\', '\u001e', '\ufeff')
        .map((text) => Uint8Array.from(Buffer.from(text))),
    ),
  },
  { noNullPrototype: true },
)

export function damaged(bytes: Buffer, damages: readonly ByteDamage[]): Buffer {
  return damages.reduce(damagedOnce, bytes)
}

function damagedOnce(bytes: Buffer, { at, how, bytes: odd }: ByteDamage): Buffer {
  const place = bytes.length === 0 ? 0 : at % bytes.length
  const before = bytes.subarray(0, place)
  switch (how) {
    case 'cut':
      return before
    case 'drop':
      return Buffer.concat([before, bytes.subarray(place + odd.length)])
    case 'insert':
      return Buffer.concat([before, odd, bytes.subarray(place)])
    case 'flip': {
      const byte = (bytes[place] ?? 0) ^ (odd[0] || 1)
      return Buffer.concat([before, Uint8Array.of(byte), bytes.subarray(place + 1)])
    }
  }
}
