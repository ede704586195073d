/**
 * `npm run providers-page`: writes docs/providers.md from the registry of adapters. What a protocol can do is asked of its
 * adapter (what does it send for a request with tools, with a picture?), so that the page cannot promise more than the
 * code; a test fails when the page is out of date.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { usageDialects } from '../apps/api/test/support/usage-dialects.ts'
import { callFor, type ConformanceTable } from '../packages/adapters/src/conformance/table.ts'
import { tables } from '../packages/adapters/src/conformance/tables.ts'
import { protocolsOf } from '../packages/adapters/src/index.ts'

export const providersPagePath = join(import.meta.dirname, '../docs/providers.md')

export function providersPage(): string {
  return `${introduction}
## What each protocol can do

${table(
  [
    'protocol',
    'provider',
    'over',
    'tools',
    'pictures',
    'JSON',
    'bound of the output',
    '`stop`',
    'embeddings',
    'usage in streams',
    'told apart',
  ],
  tables.map(capabilities),
)}

${legend}
## Credentials

${table(['protocol', 'credentials', 'session', 'default address', 'Test connection'], tables.map(access))}

## What is verified against what

Each protocol has three proofs: its adapter against wire samples, the simulator against whatever of the platform's own could
be had, and the adapter against the simulator through the whole service (bill equality, every way of telling usage, every
kind of failure, hang-ups). No test calls a live platform.

${table(['protocol', 'requests', 'answers', 'streams', 'refusals', 'embeddings, sessions', 'beside samples and simulator'], tables.map(proofs))}

The numbers are cases of \`packages/adapters/src/<protocol>/conformance.ts\`. The README of each folder of
\`packages/adapters/fixtures\` says of every sample whether it was captured, documented or is a guess.
`
}

const introduction = `# Providers and protocols

Made by \`npm run providers-page\` from the registry of adapters; a test fails when it is out of date.
`

const legend = `- **over**: \`http\` or \`websocket\`.
- **pictures**: pictures in messages are passed on; whether a model reads them is the model's business.
- **JSON**: what becomes of \`response_format\` with a JSON schema: passed on, asked for as plain JSON, or left out.
- **bound of the output**: \`max_tokens\` bounds thinking and answer; bounds the *answer*, and thinking is held on top; or *none* can
  be sent, and the model's own cap is held.
- **stop**: sent to the *platform* (a stop text that it leaves in the answer is cut out), or carried out by the *gateway*.
- **embeddings**: the most inputs of one exchange, where a limit is known (of one model where they differ); longer lists are cut and joined by the gateway.
- **usage in streams**: *running* figures are known wherever a stream breaks; with *final* ones a broken stream is estimated.
- **told apart**: cached input (c), reasoning (r). What is not told apart is part of input or output.
`

function capabilities(one: ConformanceTable): string[] {
  const { adapter } = one
  const { protocol } = adapter
  const dialect = usageDialects[protocol]
  const apart = [dialect.cached ? 'c' : '', dialect.reasoning === 'apart' ? 'r' : ''].join(' ').trim()
  return [
    code(protocol),
    code(adapter.provider),
    exchangeFor(one, {})?.transport ?? '',
    sent(one, { tools: [tool] })?.includes('get_weather') === true ? 'yes' : 'no',
    sent(one, { messages: [{ role: 'user', content: [text, picture] }] })?.includes('picture.test') === true
      ? 'yes'
      : 'no',
    jsonOf(one),
    boundOf(one),
    sent(one, { stop: ['until-here'] })?.includes('until-here') === true ? 'platform' : 'gateway',
    embeddingsOf(one),
    dialect.inStreams,
    apart === '' ? '-' : apart,
  ]
}

const text = { type: 'text', text: 'what is it?' }
const picture = { type: 'image_url', image_url: { url: 'https://picture.test/a.png' } }
const tool = {
  type: 'function',
  function: { name: 'get_weather', description: 'Weather', parameters: { type: 'object', properties: {} } },
}

/** What goes out for a chat with these fields; `undefined`: the adapter refuses it. */
function exchangeFor(
  one: ConformanceTable,
  fields: Readonly<Record<string, unknown>>,
  maxOutputTokens?: number,
) {
  const body = { model: 'm', messages: [{ role: 'user', content: 'hi' }], ...fields }
  const request = { body, raw: Buffer.from(JSON.stringify(body)), stream: true, maxOutputTokens }
  const described = one.adapter.chat.request(request, callFor(one))
  return 'ok' in described ? undefined : described
}

function sent(...given: Parameters<typeof exchangeFor>): string | undefined {
  const exchange = exchangeFor(...given)
  if (exchange === undefined) return undefined
  if (exchange.transport === 'websocket') return exchange.frames.join('')
  return typeof exchange.body === 'string' ? exchange.body : Buffer.from(exchange.body ?? []).toString()
}

function jsonOf(one: ConformanceTable): string {
  const schema = { name: 'a', schema: { type: 'object', properties: {} } }
  const body = sent(one, { response_format: { type: 'json_schema', json_schema: schema } }) ?? ''
  if (body.includes('json_schema')) return 'schema'
  return body.includes('json_object') ? 'object' : 'no'
}

function boundOf(one: ConformanceTable): string {
  const { beyondBound } = one.adapter.chat
  if (beyondBound === undefined) return 'both'
  const call = { upstreamModel: callFor(one).upstreamModel, options: {} }
  const body = { model: 'm', messages: [{ role: 'user', content: 'hi' }] }
  return beyondBound({ body, maxOutputTokens: 123 }, call) === 'model-cap' ? 'none' : 'answer'
}

function embeddingsOf({ adapter, ...one }: ConformanceTable): string {
  if (adapter.embeddings === undefined) return 'no'
  const most = adapter.embeddings.inputsMax?.(callFor({ adapter, ...one }, one.embeddings?.[0]?.call))
  return most === undefined ? 'yes' : String(most)
}

function access({ adapter }: ConformanceTable): string[] {
  const { credentials, credentialSets, probe } = adapter
  const required = credentials
    .map((field) => code(field.name) + (field.required ? '' : ' (optional)'))
    .join(', ')
  return [
    code(adapter.protocol) + (protocolsOf(adapter.provider)[0] === adapter.protocol ? ', the default' : ''),
    credentialSets?.map((set) => set.map(code).join(' and ')).join(', or ') ?? required,
    adapter.session === undefined ? '-' : credentialSets === undefined ? 'yes' : 'with the second',
    adapter.defaultBaseUrl === undefined ? 'your own' : code(adapter.defaultBaseUrl),
    probe.spends ? 'one token' : 'free',
  ]
}

function proofs(one: ConformanceTable): string[] {
  const count = (cases: readonly unknown[] | undefined) => String(cases?.length ?? 0)
  return [
    code(one.adapter.protocol),
    count(one.requests),
    count(one.answers),
    count(one.streams),
    count(one.errors),
    `${count(one.embeddings)}, ${count(one.sessions)}`,
    one.verifiedAgainst?.join('; ') ?? '-',
  ]
}

function code(name: string): string {
  return `\`${name}\``
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

if (import.meta.main) await writeFile(providersPagePath, providersPage())
