/**
 * CPU time of the gateway for each request or stream, books on, as a ratio to `bare.ts` in the same run: the two take
 * turns, and the medians are compared. Prints a table; `--write` puts it into results.md.
 *
 *     npm run bench            all workloads
 *     npm run bench -- json    those whose name has `json`
 */
import { fork, spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Agent, request } from 'undici'
import { writeSection } from './write-section.ts'

interface Workload {
  readonly name: string
  readonly body: string
  readonly connections: number
  /** Requests of one round. */
  readonly requests: number
  readonly goal: number
}

const secret = 'sk-bench-0123456789'
const rounds = 7
const ask = (model: string, bytes: number, stream: boolean) =>
  JSON.stringify({
    model,
    stream,
    max_tokens: 100,
    messages: [{ role: 'user', content: 'word '.repeat(Math.ceil((bytes - 90) / 5)) }],
  })
const workloads: readonly Workload[] = [
  {
    name: 'json 1 KB, 32 connections',
    body: ask('bench', 1_000, false),
    connections: 32,
    requests: 3_000,
    goal: 1.9,
  },
  {
    name: 'json 1 KB, 256 connections',
    body: ask('bench', 1_000, false),
    connections: 256,
    requests: 3_000,
    goal: 1.9,
  },
  {
    name: 'json 100 KB, 32 connections',
    body: ask('bench', 100_000, false),
    connections: 32,
    requests: 600,
    goal: 1.4,
  },
  {
    name: 'stream of 64 events at once, 8 streams',
    body: ask('bench', 1_000, true),
    connections: 8,
    requests: 1_500,
    goal: 1.15,
  },
  {
    name: 'stream of 64 events 5 ms apart, 32 streams',
    body: ask('bench-paced', 1_000, true),
    connections: 32,
    requests: 128,
    goal: 1.15,
  },
  {
    name: 'stream of 64 events 5 ms apart, 128 streams',
    body: ask('bench-paced', 1_000, true),
    connections: 128,
    requests: 384,
    goal: 1.15,
  },
  {
    name: 'stream of 64 events 5 ms apart, 512 streams',
    body: ask('bench-paced', 1_000, true),
    connections: 512,
    requests: 1_024,
    goal: 1.15,
  },
  {
    name: 'translated stream of 64 events at once, 8 streams',
    body: ask('native', 1_000, true),
    connections: 8,
    requests: 1_500,
    goal: 1.3,
  },
  {
    name: 'translated stream of 64 events 5 ms apart, 128 streams',
    body: ask('native-paced', 1_000, true),
    connections: 128,
    requests: 384,
    goal: 1.3,
  },
]

const here = import.meta.dirname
const directory = mkdtempSync(join(tmpdir(), 'tollgate-bench-'))
const children: ChildProcess[] = []
try {
  const upstream = await forkServer('upstream.ts', {})
  const bare = await forkServer('bare.ts', { UPSTREAM: `http://127.0.0.1:${upstream.port}` })
  const gateway = await startGateway(upstream.port)
  const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
  const chosen = workloads.filter(({ name }) => wanted.every((word) => name.includes(word)))
  const rows: string[] = []
  for (const workload of chosen) rows.push(await compare(workload, bare, gateway))
  const table = [
    '| workload | bare, µs | gateway, µs | ratio | goal |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
  process.stdout.write(`${table}\n`)
  if (process.argv.includes('--write')) writeResults(table)
} finally {
  for (const child of children) child.kill('SIGTERM')
  await Promise.all(
    children.map(
      (child) =>
        new Promise((resolve) => (child.exitCode === null ? child.once('close', resolve) : resolve(null))),
    ),
  )
  rmSync(directory, { recursive: true, force: true })
}

interface Target {
  readonly port: number
  readonly pid: number
}

async function compare(workload: Workload, bare: Target, gateway: Target): Promise<string> {
  const costs = { bare: [] as number[], gateway: [] as number[] }
  await round(workload, bare)
  await round(workload, gateway)
  for (let turn = 0; turn < rounds; turn += 1) {
    costs.bare.push(await round(workload, bare))
    costs.gateway.push(await round(workload, gateway))
  }
  const ratio = median(costs.bare.map((cost, index) => (costs.gateway[index] ?? Number.NaN) / cost))
  return `| ${workload.name} | ${median(costs.bare).toFixed(0)} | ${median(costs.gateway).toFixed(0)} | ${ratio.toFixed(2)} | ${workload.goal} |`
}

/** CPU microseconds of the target for each request. */
async function round(workload: Workload, target: Target): Promise<number> {
  const agent = new Agent({
    connections: workload.connections,
    pipelining: 1,
    bodyTimeout: 0,
    headersTimeout: 0,
  })
  const before = cpuMicros(target.pid)
  let left = workload.requests
  await Promise.all(
    Array.from({ length: workload.connections }, async () => {
      while (left > 0) {
        left -= 1
        const { statusCode, body } = await request(`http://127.0.0.1:${target.port}/v1/chat/completions`, {
          method: 'POST',
          dispatcher: agent,
          headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
          body: workload.body,
        })
        const text = await body.text()
        if (statusCode !== 200) throw new Error(`${statusCode}: ${text.slice(0, 300)}`)
      }
    }),
  )
  const spent = cpuMicros(target.pid) - before
  await agent.close()
  return spent / workload.requests
}

/** User and system time of a process, from the kernel's own account. */
function cpuMicros(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN
}

function forkServer(file: string, env: Readonly<Record<string, string>>): Promise<Target> {
  const child = fork(join(here, file), { env: { ...process.env, PORT: '0', ...env } })
  children.push(child)
  return new Promise((resolve, reject) => {
    child.once('message', (message: { port: number }) => resolve({ port: message.port, pid: child.pid ?? 0 }))
    child.once('exit', () => reject(new Error(`${file} ended`)))
  })
}

async function startGateway(upstreamPort: number): Promise<Target> {
  const config = join(directory, 'tollgate.yaml')
  writeFileSync(
    config,
    `accounts:
  - name: bench
    provider: openai-compatible
    baseUrl: http://127.0.0.1:${upstreamPort}/v1
    credentials: { apiKey: x }
    models:
      - { name: bench, inputPerMillion: "1", outputPerMillion: "2" }
      - { name: bench-paced, inputPerMillion: "1", outputPerMillion: "2" }
  - name: native
    provider: tongyi
    protocol: tongyi-native
    baseUrl: http://127.0.0.1:${upstreamPort}/api/v1
    credentials: { apiKey: x }
    models:
      - { name: native, inputPerMillion: "1", outputPerMillion: "2" }
      - { name: native-paced, inputPerMillion: "1", outputPerMillion: "2" }
teams:
  - name: bench
    models: ["*"]
    quotas:
      - { metric: tokens, window: day, limit: 900000000000 }
      - { metric: cost, window: month, limit: "9000000" }
      - { metric: requests, window: minute, limit: 900000000 }
    keys:
      - { name: bench, secret: "${secret}" }
`,
  )
  const port = await freePort()
  const child = spawn(
    process.execPath,
    [...(process.env['BENCH_NODE_OPTIONS']?.split(' ') ?? []), join(here, '../apps/api/src/main.ts')],
    {
      env: {
        ...process.env,
        PORT: String(port),
        TOLLGATE_CONFIG: config,
        TOLLGATE_DATA_DIR: join(directory, 'data'),
        LOG_LEVEL: 'warn',
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  children.push(child)
  for (;;) {
    if (child.exitCode !== null) throw new Error('the gateway ended')
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined)
    if (ready?.ok === true) return { port, pid: child.pid ?? 0 }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

function writeResults(table: string): void {
  writeSection(
    'Gateway',
    `CPU time of the gateway process for each request or stream, all books on
(key, three quotas, journal, settlement, records in the embedded PostgreSQL), against \`bare.ts\` in the same run; medians of ${rounds} rounds in turn.
Goals are those of the design.

${table}`,
  )
}
