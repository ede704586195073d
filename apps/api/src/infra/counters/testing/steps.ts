import fc from 'fast-check'

const process = fc.nat(1)
const pick = fc.nat(1_000)
const share = fc.bigInt(0n, 150n)

/** What may happen to counters, drawn at random. Picks are taken modulo what there is. */
export const step = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('reserve' as const),
      process,
      group: fc.constantFrom('team:a', 'team:a', 'account:x'),
      /** Adds to a reservation of this process, or makes a new one. */
      again: fc.option(pick, { freq: 3 }),
      counters: fc.subarray(['day', 'minute', 'parallel', 'budget', 'grant', 'once']),
      amount: fc.bigInt(0n, 40n),
      lifetimeMs: fc.integer({ min: 1, max: 300_000 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('settle' as const),
      process,
      pick,
      share,
      extra: fc.option(fc.constantFrom('team:a', 'account:x')),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('release' as const), process, pick }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('drop' as const),
      process,
      pick,
      counters: fc.subarray(['day', 'minute', 'parallel', 'budget', 'grant', 'once']),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('note' as const), process, pick }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      ms: fc.oneof(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 400_000 })),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('sweep' as const),
      process,
      countMax: fc.integer({ min: 1, max: 4 }),
      share,
      unheld: fc.boolean(),
      forget: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('late' as const), process, pick, amount: fc.bigInt(0n, 20n) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('limit' as const),
      counter: fc.constantFrom('day', 'minute', 'parallel', 'budget', 'grant'),
      percent: fc.bigInt(0n, 200n),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('adjust' as const),
      process,
      counter: fc.constantFrom('day', 'minute', 'budget', 'grant'),
      amount: fc.bigInt(-20n, 20n),
      yesterday: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), process }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('mend' as const), process }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('break' as const),
      process,
      doing: fc.constantFrom('reserve', 'settle', 'release'),
      pick,
      /** How far it gets before the connection breaks. */
      turns: fc.integer({ min: 0, max: 6 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('lose' as const),
      process,
      noticedBy: fc.constantFrom('reserve', 'settle'),
      pick,
    }),
  },
)

type Generated<Arbitrary> = Arbitrary extends fc.Arbitrary<infer Value> ? Value : never
export type Step = Generated<typeof step>
export type StepOf<Kind extends Step['kind']> = Extract<Step, { readonly kind: Kind }>
