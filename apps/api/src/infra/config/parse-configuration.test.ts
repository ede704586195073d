import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { builtInAdapters } from '../../dashboard.ts'
import { catalogueOf } from '../../domain/prices/book-catalogue.ts'
import type { Catalogue } from '../../domain/administration/catalogue.ts'
import type { Configuration } from '../../domain/configuration/configuration.ts'
import { readPriceBook } from '../price-book/read-price-book.ts'
import { formatProblems } from './format-problems.ts'
import { parseConfiguration } from './parse-configuration.ts'

let catalogue: Catalogue
beforeAll(async () => {
  catalogue = catalogueOf(await readPriceBook())
})

function parse(text: string, env: Record<string, string> = {}) {
  return parseConfiguration(text, { env, adapters: builtInAdapters, catalogue })
}

function problemsOf(text: string, env: Record<string, string> = {}): string[] {
  const parsed = parse(text, env)
  if (parsed.ok) throw new Error('the configuration was accepted')
  return formatProblems('t.yaml', parsed.problems).split('\n')
}

function configOf(text: string, env: Record<string, string> = {}): Configuration {
  const parsed = parse(text, env)
  if (!parsed.ok) throw new Error(formatProblems('t.yaml', parsed.problems))
  return parsed.config
}

const account = `accounts:
  - name: a
    provider: openai-compatible
    baseUrl: http://10.0.0.5:8000/v1/
    models:
      - { name: m1, upstream: org/M1, inputPerMillion: "0.8", outputPerMillion: "2" }
      - { name: m2, inputPerMillion: "0", outputPerMillion: "0" }
`

describe('tollgate.example.yaml', () => {
  async function readExample(change: (text: string) => string) {
    const file = await readFile(join(import.meta.dirname, '../../../../../tollgate.example.yaml'), 'utf8')
    const text = change(file)
    const names = [...text.matchAll(/["']\$\{([A-Z\d_]+)\}["']/g)].flatMap((match) => match[1] ?? [])
    const parsed = parse(text, Object.fromEntries(names.map((name) => [name, `example-value-of-${name}`])))
    if (!parsed.ok) throw new Error(formatProblems('tollgate.example.yaml', parsed.problems))
    return parsed
  }

  it('is a file that loads, with an account of every provider', async () => {
    const parsed = await readExample((text) => text)
    expect(parsed.warnings).toEqual([])
    expect([...new Set(parsed.config.accounts.map(({ connection }) => connection.provider))].sort()).toEqual(
      [...builtInAdapters.providers].sort(),
    )
    expect(parsed.config.models.map(({ policy }) => policy)).toEqual(['free-first', 'priority', 'free-only'])
  })

  it('loads with the accounts that stand in it as comments too, so that a line need only be uncommented', async () => {
    const commented = /^ {2}# - name:.*(?:\n {2}# {3}.*)*/gm
    const parsed = await readExample((text) =>
      text.replaceAll(commented, (lines) => lines.replaceAll(/^ {2}# /gm, '  ')),
    )
    expect(parsed.warnings).toEqual([])
    const connections = parsed.config.accounts.map(({ connection }) => connection)
    expect(connections.map(({ protocol }) => protocol)).toEqual(
      expect.arrayContaining(['qianfan-v1', 'hunyuan-native', 'tongyi-native', 'spark-websocket']),
    )
    expect(connections.filter(({ credentials }) => 'accessKeyId' in credentials)).toHaveLength(1)
  })
})

describe('parseConfiguration', () => {
  it('reads an empty file, and one of comments, as a configuration of nothing', () => {
    const empty = { currency: 'CNY', timeZone: 'Asia/Shanghai', accounts: [], models: [], teams: [] }
    expect(configOf('')).toEqual(empty)
    expect(configOf('# nothing yet\n')).toEqual(empty)
  })

  it('fills in what the catalogue knows, and offers all of it where no models are named', () => {
    const config = configOf(
      `
accounts:
  - name: t
    provider: tongyi
    credentials: { apiKey: "\${KEY}" }
  - { name: b, provider: baichuan, credentials: { apiKey: sk-b }, models: [Baichuan4-Air] }
`,
      { KEY: ' sk-from-environment\n' },
    )
    const [tongyi, baichuan] = config.accounts
    expect(tongyi?.connection).toMatchObject({
      protocol: 'tongyi-compatible',
      baseUrl: 'https://dashscope.aliyuncs.com/compatible-mode/v1',
      credentials: { apiKey: 'sk-from-environment' },
    })
    const kinds = new Set(tongyi?.offerings.map(({ kind }) => kind))
    expect([...kinds].sort()).toEqual(['chat', 'embedding'])
    expect(tongyi?.offerings.length).toBeGreaterThan(40)
    expect(baichuan?.offerings).toMatchObject([
      { name: 'Baichuan4-Air', contextTokens: 32_768, price: undefined, enabled: true },
    ])
  })

  it('takes an access key and its secret where an account may have them in place of an API key', () => {
    const [ark] = configOf(
      `accounts:
  - name: ark
    provider: ark
    credentials: { accessKeyId: "\${AK}", secretAccessKey: "\${SK}" }
    options: { projectName: research, controlUrl: https://open.volcengineapi.com }
    models: [ep-20261101000000-abcde]
`,
      { AK: 'AKLT-1', SK: 'secret-1' },
    ).accounts
    expect(ark?.connection).toMatchObject({
      credentials: { accessKeyId: 'AKLT-1', secretAccessKey: 'secret-1' },
      options: { projectName: 'research', controlUrl: 'https://open.volcengineapi.com' },
    })
  })

  it('reads amounts exactly, and dates as the start of the day in the time zone', () => {
    const config = configOf(`timeZone: Asia/Shanghai
${account}    grants:
      - { models: ["m*"], unit: tokens, amount: 1000000, expiresAt: 2027-02-01 }
      - { name: voucher, models: [org/M1], unit: money, amount: "19.999999999", window: month, validFrom: 2026-01-01T00:00:00Z, whenEmpty: provider-stops }
teams:
  - name: 研发平台
    quotas:
      - { metric: cost, window: month, limit: "100.00" }
      - { metric: concurrency, limit: 4, hard: false }
`)
    expect(config.accounts[0]?.grants).toMatchObject([
      {
        name: 'm*',
        amount: 1_000_000n,
        window: 'once',
        expiresAt: new Date('2027-01-31T16:00:00Z'),
        whenEmpty: 'provider-bills',
        validFrom: undefined,
      },
      { name: 'voucher', amount: 19_999_999_999n, window: 'month', whenEmpty: 'provider-stops' },
    ])
    expect(config.accounts[0]?.connection.baseUrl).toBe('http://10.0.0.5:8000/v1')
    expect(config.accounts[0]?.offerings[0]?.price?.tiers[0]).toEqual({
      inputNanosPerMillion: 800_000_000n,
      outputNanosPerMillion: 2_000_000_000n,
    })
    expect(config.teams[0]).toMatchObject({
      name: '研发平台',
      models: ['*'],
      quotas: [
        { metric: 'cost', window: 'month', limit: 100_000_000_000n, hard: true },
        { metric: 'concurrency', window: 'total', limit: 4n, hard: false },
      ],
    })
  })

  it('reads guarantees of quotas, and what happens to a team while the counters are away', () => {
    const config = configOf(`teams:
  - name: strict
    quotas:
      - { metric: tokens, window: day, limit: 5, guarantee: bounded }
      - { metric: tokens, window: week, limit: 5 }
  - name: relaxed
    onCountersDown: allow
    quotas: [{ metric: tokens, window: day, limit: 5, hard: false }]
`)
    expect(config.teams).toMatchObject([
      { onCountersDown: 'refuse', quotas: [{ guarantee: 'bounded' }, { guarantee: 'exact' }] },
      { onCountersDown: 'allow', quotas: [{ hard: false, guarantee: 'exact' }] },
    ])
  })

  it('refuses a bounded quota on what is counted, and a hard one where counters need not be reached', () => {
    const problems = problemsOf(`teams:
  - name: t
    onCountersDown: allow
    quotas: [{ metric: tokens, window: day, limit: 5 }]
    members: [{ name: m, quotas: [{ metric: requests, window: day, limit: 5, hard: false, guarantee: bounded }] }]
    keys: [{ name: k, secret: 0123456789-abcdef, quotas: [{ metric: cost, window: day, limit: "5" }] }]
`).join('\n')
    for (const problem of [
      /teams\[0\]\.quotas\[0\].*must be soft/,
      /members\[0\]\.quotas\[0\]\.guarantee.*always exact/,
      /keys\[0\]\.quotas\[0\].*must be soft/,
    ])
      expect(problems).toMatch(problem)
    expect(problemsOf('teams: [{ name: u, onCountersDown: maybe }]').join()).toMatch(/refuse.*allow/)
  })

  it('takes values from the environment without letting them become structure', () => {
    const config = configOf(
      `teams:
  - name: "\${TEAM:-somebody}"
    keys: [{ name: k, secret: "\${SECRET}" }, { name: two, secret: "0123456789-\${EMPTY:-abcdef}" }]
`,
      { SECRET: 'a:{b},#_not_yaml', EMPTY: '' },
    )
    expect(config.teams[0]?.name).toBe('somebody')
    expect(config.teams[0]?.keys.map(({ secret }) => secret)).toEqual([
      'a:{b},#_not_yaml',
      '0123456789-abcdef',
    ])
  })

  it('keeps $${ as the characters themselves', () => {
    const config = configOf(
      account.replace('10.0.0.5:8000', 'host') + '    credentials: { apiKey: "x$${NOT}y" }\n',
    )
    expect(config.accounts[0]?.connection.credentials).toEqual({ apiKey: 'x${NOT}y' })
  })
})

describe('a mistake in the file is shown at its line:', () => {
  it('a variable that is not set, by name', () => {
    expect(
      problemsOf(`accounts:
  - name: t
    provider: tongyi
    credentials:
      apiKey: "\${DASHSCOPE_API_KEY}"
teams:
  - name: r
    keys:
      - { name: k, secret: "\${nope nope}" }
      - { name: l, secret: "abc\${def" }
`),
    ).toEqual([
      't.yaml:5:7: accounts[0].credentials.apiKey: the environment variable DASHSCOPE_API_KEY is not set',
      't.yaml:9:20: teams[0].keys[0].secret: "${nope nope}" is not ${NAME} or ${NAME:-default}; write "$${" for the characters themselves',
      't.yaml:10:20: teams[0].keys[1].secret: "${" is not closed by "}"; write "$${" for the characters themselves',
    ])
  })

  it('syntax, with a hint where a variable is not quoted', () => {
    expect(problemsOf('accounts:\n  - name: a\n   provider: x\n')[0]).toMatch(/^t\.yaml:3:\d+: is not YAML: /)
    expect(problemsOf('accounts:\n  - { name: ${A} }\n')[0]).toMatch(
      /^t\.yaml:2:\d+: is not YAML: .*write "\$\{NAME\}" in quotes/,
    )
    expect(problemsOf('currency: CNY\ncurrency: USD\n')).toEqual([
      't.yaml:2:1: is not YAML: Map keys must be unique',
    ])
    expect(problemsOf('teams: [*nobody]\n')).toEqual([
      't.yaml:1:9: *nobody stands for nothing: there is no &nobody above it',
    ])
    expect(problemsOf('currency: CNY\n---\ncurrency: CNY\n')[0]).toMatch(/^t\.yaml:2:1: is not YAML/)
  })

  it('unknown fields, with the nearest known one, wherever they are', () => {
    expect(
      problemsOf(`acounts: []
accounts:
  - name: a
    provider: tongyi
    protocl: tongyi-compatible
    credentials: { apikey: x }
    models:
      - { name: qwen-plus, inputPerMilion: "1" }
    grants:
      - { models: [qwen-plus], unit: tokens, amount: 1, expires: 2027-01-01 }
`),
    ).toEqual([
      't.yaml:1:1: acounts: unknown field; did you mean "accounts"?',
      't.yaml:5:5: accounts[0].protocl: unknown field; did you mean "protocol"?',
      't.yaml:8:28: accounts[0].models[0].inputPerMilion: unknown field; did you mean "inputPerMillion"?',
      't.yaml:10:57: accounts[0].grants[0].expires: unknown field; did you mean "expiresAt"?',
    ])
  })

  it('wrong types and missing values', () => {
    expect(
      problemsOf(`accounts:
  - provider: tongyi
    models: qwen-plus
    credentials: { apiKey: 12345 }
    enabled: "yes"
    grants:
      - { models: [a], unit: tokns, amount: 1, window: yearly }
models:
teams:
  - name: r
    quotas:
      - { metric: tokens, window: day, limit: [1] }
      - limit: 5
  - just text
`),
    ).toEqual([
      't.yaml:2:5: accounts[0].name: is needed',
      't.yaml:3:5: accounts[0].models: must be a list ("- ..." lines or [...])',
      't.yaml:4:20: accounts[0].credentials.apiKey: must be text: put it in quotes, "12345"',
      't.yaml:5:5: accounts[0].enabled: must be true or false',
      't.yaml:7:24: accounts[0].grants[0].unit: "tokns" is not one of tokens, input-tokens, output-tokens, requests, money; did you mean "tokens"?',
      't.yaml:7:48: accounts[0].grants[0].window: "yearly" is not one of once, day, month',
      't.yaml:8:1: models: is empty: give it a value, or take the line out',
      't.yaml:12:40: teams[0].quotas[0].limit: must be a number or text',
      't.yaml:13:9: teams[0].quotas[1].metric: is needed: one of requests, tokens, cost, concurrency',
      't.yaml:14:5: teams[1]: must be a mapping ("name: value" lines)',
    ])
  })

  it('accounts: provider, protocol, address, credentials, options', () => {
    expect(
      problemsOf(
        `accounts:
  - { name: a, provider: tongi }
  - { name: b, provider: tongyi, protocol: ark, credentials: { apiKey: x } }
  - name: c
    provider: openai-compatible
  - { name: d, provider: tongyi }
  - name: e
    provider: tongyi
    baseUrl: https://user:secret@example.com/v1
    credentials: { apiKey: x, apiKye: y }
    options: { workspce: w }
  - { name: e, provider: baichuan, credentials: { apiKey: x } }
`,
      ),
    ).toEqual([
      `t.yaml:2:16: accounts[0].provider: "tongi" is not one of ${builtInAdapters.providers.join(', ')}`,
      't.yaml:3:34: accounts[1].protocol: "ark" is not one of tongyi-compatible, tongyi-native',
      't.yaml:4:5: accounts[2].baseUrl: needed: accounts of "openai-compatible" are servers of your own choice',
      't.yaml:4:5: accounts[2].models: name the models of this account: the catalogue has none for "openai-compatible"',
      't.yaml:6:5: accounts[3].credentials.apiKey: needed: API Key (百炼控制台)',
      't.yaml:9:5: accounts[4].baseUrl: must have no user name, password, query or fragment; credentials have their own fields',
      't.yaml:10:31: accounts[4].credentials.apiKye: unknown field; did you mean "apiKey"? (known: apiKey)',
      't.yaml:11:16: accounts[4].options.workspce: unknown field; did you mean "workspace"? (known: workspace)',
      't.yaml:12:7: accounts[5].name: there is an account "e" already (number 5 of this list)',
    ])
    expect(problemsOf('accounts:\n  - { name: a/b, provider: tongyi }\n')[0]).toMatch(
      /^t\.yaml:2:7: accounts\[0\]\.name: must be 1 to 64 letters/,
    )
  })

  it('accounts that can prove themselves in several ways: half of one, two at once, none', () => {
    expect(
      problemsOf(`accounts:
  - name: half
    provider: ark
    credentials:
      accessKeyId: AKLT-1
  - name: both
    provider: ark
    credentials:
      apiKey: x
      accessKeyId: AKLT-1
      secretAccessKey: y
  - name: none
    provider: ark
  - name: address
    provider: ark
    credentials: { accessKeyId: AKLT-1, secretAccessKey: y }
    options:
      projectName: research
      controlUrl: open.volcengineapi.com
`),
    ).toEqual([
      't.yaml:4:5: accounts[0].credentials.secretAccessKey: needed: Secret Access Key (访问控制 IAM)',
      't.yaml:8:5: accounts[1].credentials: give one of them only: apiKey, or accessKeyId and secretAccessKey',
      't.yaml:12:5: accounts[2].credentials: needed: apiKey, or accessKeyId and secretAccessKey',
      't.yaml:19:7: accounts[3].options.controlUrl: must be an absolute http or https address',
    ])
  })

  it('models of an account: twice, of a kind that cannot be served, with a price that is no decimal', () => {
    expect(
      problemsOf(`accounts:
  - name: t
    provider: tongyi
    credentials: { apiKey: x }
    models:
      - qwen-plus
      - { name: qwen-plus, upstream: qwen-max }
      - qwen-image
`),
    ).toEqual([
      't.yaml:7:9: accounts[0].models[1]: there is a model "qwen-plus" already (number 1 of this list)',
      't.yaml:8:9: accounts[0].models[2]: "qwen-image" is of kind "image", which the protocol "tongyi-compatible" cannot serve',
    ])
    expect(problemsOf(account.replace('"0.8"', '0.8').replace('"2"', '"2 CNY"'))).toEqual([
      't.yaml:6:39: accounts[0].models[0].inputPerMillion: must be text: put it in quotes, "0.8"',
      't.yaml:6:61: accounts[0].models[0].outputPerMillion: must be a decimal number such as "0.8", with at most 9 decimal places',
    ])
  })

  it('grants: amounts, times, models that the account has not', () => {
    expect(
      problemsOf(`${account}    grants:
      - { models: [m1], unit: money, amount: 8 }
      - { models: [m1], unit: tokens, amount: 1.5, name: x }
      - { models: [m3], unit: tokens, amount: 0, name: y }
      - { models: ["org/*"], unit: tokens, amount: 1, name: z, validFrom: 2027-01-01, expiresAt: 2027-01-01 }
      - { models: [m2], unit: tokens, amount: 1, expiresAt: 2027-02-30 }
      - { models: [m2], unit: requests, amount: 1 }
`),
    ).toEqual([
      't.yaml:9:38: accounts[0].grants[0].amount: money is a decimal string such as "100.00"',
      't.yaml:10:39: accounts[0].grants[1].amount: must be a whole number',
      't.yaml:11:20: accounts[0].grants[2].models[0]: "m3" matches no model of this account; did you mean "m1"?',
      't.yaml:11:39: accounts[0].grants[2].amount: must be more than 0',
      't.yaml:12:87: accounts[0].grants[3].expiresAt: must be after validFrom',
      't.yaml:13:50: accounts[0].grants[4].expiresAt: "2027-02-30" is not a time such as 2027-02-01 or 2027-02-01T00:00:00+08:00',
      't.yaml:14:9: accounts[0].grants[5]: there is a grant "m2" already (number 5 of this list): give each a name of its own',
    ])
  })

  it('models: offerings that do not exist, policies of later and of no versions', () => {
    expect(
      problemsOf(
        `${account}models:
  - { name: s, offerings: [a/m1, a/m3, m2, a/m1] }
  - { name: s, policy: cheapest, offerings: [a/m2] }
  - { name: u, policy: frefirst, offerings: [b/m1] }
`,
      ),
    ).toEqual([
      't.yaml:9:34: models[0].offerings[1]: there is no offering "a/m3" in this file; did you mean "a/m1" or "a/m2"?',
      't.yaml:9:40: models[0].offerings[2]: "m2" is not an offering: write account/model, e.g. "a/m2"',
      't.yaml:9:44: models[0].offerings[3]: there is an offering "a/m1" already (number 1 of this list)',
      't.yaml:10:7: models[1].name: there is a model "s" already (number 1 of this list)',
      't.yaml:10:16: models[1].policy: "cheapest" is not available in this version: use one of free-first, free-only, priority',
      't.yaml:11:16: models[2].policy: "frefirst" is not one of free-first, free-only, priority',
      't.yaml:11:46: models[2].offerings[0]: there is no offering "b/m1" in this file; did you mean "a/m1" or "a/m2"?',
    ])
    expect(problemsOf(`${account}models:\n  - { name: v, offerings: [] }\n`)).toEqual([
      't.yaml:9:16: models[0].offerings: is an empty list',
    ])
  })

  it('says nothing of offerings while their account has mistakes of its own', () => {
    expect(
      problemsOf(`accounts:
  - { name: t, provider: tongyi, models: [qwen-plus] }
models:
  - { name: s, offerings: [t/qwen-plus] }
teams:
  - { name: r, models: [qwen-plus] }
`),
    ).toEqual(['t.yaml:2:5: accounts[0].credentials.apiKey: needed: API Key (百炼控制台)'])
  })

  it('teams: quotas, members, keys, patterns that match nothing', () => {
    expect(
      problemsOf(
        `${account}teams:
  - name: r
    models: ["m*", mm1, a/m1]
    quotas:
      - { metric: tokens, limit: 5 }
      - { metric: concurrency, window: day, limit: 5 }
      - { metric: cost, window: day, limit: 100 }
      - { metric: requests, window: day, limit: 5 }
      - { metric: requests, window: day, limit: 6 }
      - { metric: requests, window: day, model: m7, limit: 6 }
    members: [{ name: Ann }, { name: Ann }]
`,
      ),
    ).toEqual([
      't.yaml:10:20: teams[0].models[1]: "mm1" matches no model of this file; did you mean "m1"?',
      't.yaml:10:25: teams[0].models[2]: "a/m1" matches no model of this file; did you mean "m1"?',
      't.yaml:12:9: teams[0].quotas[0].window: needed: minute, hour, day, week, month or total',
      't.yaml:13:32: teams[0].quotas[1].window: concurrency is about this moment: leave the window out',
      't.yaml:14:38: teams[0].quotas[2].limit: money is a decimal string such as "100.00"',
      't.yaml:16:9: teams[0].quotas[4]: there is a quota on requests a day already (number 4 of this list)',
      't.yaml:17:42: teams[0].quotas[5].model: "m7" matches no model of this file; did you mean "m1"?',
      't.yaml:18:32: teams[0].members[1].name: there is a member "Ann" already (number 1 of this list)',
    ])
  })

  it('keys: secrets that can be guessed or open two keys, addresses, members; never the secret itself', () => {
    const problems = problemsOf(
      `teams:
  - name: r
    members: [{ name: Ann }]
    keys:
      - { name: k, secret: hunter2 }
      - { name: l, secret: "\${SECRET}", member: An, allowedIps: [10.0.0.0/33], expiresAt: soon }
      - { name: l, secret: "\${SECRET}" }
  - name: s
    keys: [{ name: k, secret: "\${SECRET}" }]
`,
      { SECRET: 'correct-horse-battery' },
    )
    expect(problems).toEqual([
      't.yaml:5:20: teams[0].keys[0].secret: must be 8 to 512 printable ASCII characters without spaces, e.g. from: openssl rand -hex 32',
      't.yaml:6:41: teams[0].keys[1].member: "An" is not among the members of this team; did you mean "Ann"?',
      't.yaml:6:66: teams[0].keys[1].allowedIps[0]: "10.0.0.0/33" is not an address or range such as 10.1.0.0/16',
      't.yaml:6:80: teams[0].keys[1].expiresAt: "soon" is not a time such as 2027-02-01 or 2027-02-01T00:00:00+08:00',
      't.yaml:7:11: teams[0].keys[2].name: there is a key "l" already (number 2 of this list)',
      't.yaml:7:20: teams[0].keys[2].secret: is the secret of teams[0].keys[1] too: each key needs its own',
      't.yaml:9:23: teams[1].keys[0].secret: is the secret of teams[0].keys[1] too: each key needs its own',
    ])
    expect(problems.join('\n')).not.toMatch(/hunter2|correct-horse/)
  })

  it('currency and time zone', () => {
    expect(problemsOf('currency: yuan\ntimeZone: Peking\n')).toEqual([
      't.yaml:1:1: currency: must be three capital letters such as CNY',
      't.yaml:2:1: timeZone: "Peking" is not a time zone such as Asia/Shanghai',
    ])
  })

  it('within what an alias stands for, where that is written', () => {
    expect(
      problemsOf(`teams:
  - name: r
    quotas: &limits
      - { metric: tokens, window: day, limit: x }
  - name: s
    quotas: *limits
`),
    ).toEqual([
      't.yaml:4:40: teams[0].quotas[0].limit: must be a whole number',
      't.yaml:4:40: teams[1].quotas[0].limit: must be a whole number',
    ])
  })
})

describe('a warning', () => {
  it('is given for a model that nobody knows the price of', () => {
    const parsed = parse(
      'accounts:\n  - { name: t, provider: tongyi, credentials: { apiKey: x }, models: [qwen-pluss] }\n',
    )
    expect(parsed.ok && formatProblems('t.yaml', parsed.warnings)).toMatch(
      /^t\.yaml:2:71: accounts\[0\]\.models\[0\]: "qwen-pluss" is not in the catalogue/,
    )
  })
})
