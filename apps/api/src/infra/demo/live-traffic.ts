import { setTimeout as wait } from 'node:timers/promises'
import { Agent, request } from 'undici'
import type { Logger } from '../../ports/logger.ts'
import { seededRandom, type SeededRandom } from './seeded-random.ts'

export interface LiveTrafficOptions {
  /** The service's own address, e.g. `http://127.0.0.1:8787`. */
  readonly url: string
  readonly seed: number
  /** Mean; default: one a second. */
  readonly perSecond?: number
  readonly log: Logger
}

export interface LiveTraffic {
  /** Ends the requests that are running too. */
  stop(): Promise<void>
}

/**
 * Clients of the demo: a gentle stream of real requests to `/v1`, so that whoever looks sees a product at work.
 * Refusals are part of it; when the service cannot be reached it goes on trying.
 */
export function startLiveTraffic(options: LiveTrafficOptions): LiveTraffic {
  const stopping = new AbortController()
  const running = new Set<Promise<void>>()
  const agent = new Agent()
  const loop = run({ ...options, agent }, stopping.signal, running)
  return {
    async stop() {
      stopping.abort()
      await loop
      await Promise.all(running)
      await agent.destroy()
    },
  }
}

/** More than this at once means that something hangs; then nothing is added to it. */
const runningMax = 20

async function run(
  options: LiveTrafficOptions & { readonly agent: Agent },
  signal: AbortSignal,
  running: Set<Promise<void>>,
): Promise<void> {
  const random = seededRandom(options.seed)
  const meanMs = 1000 / (options.perSecond ?? 1)
  let reachable = true
  while (!signal.aborted) {
    await wait(random.between(0.3, 1.7) * meanMs, undefined, { signal }).catch(() => {})
    if (signal.aborted || running.size >= runningMax) continue
    const call = send(options, drawRequest(random), signal).then(
      () => {
        reachable = true
      },
      (error: unknown) => {
        if (signal.aborted || !reachable) return
        reachable = false
        options.log.warn({ err: error }, 'the traffic of the demo does not reach the service')
      },
    )
    const tracked = call.finally(() => running.delete(tracked))
    running.add(tracked)
  }
}

interface LiveRequest {
  readonly path: '/v1/chat/completions' | '/v1/embeddings'
  readonly secret: string
  readonly body: object
  /** Milliseconds after which this client hangs up. */
  readonly hangUpAfterMs: number | undefined
}

function drawRequest(random: SeededRandom): LiveRequest {
  const caller = random.pickWeighted(callers)
  const model = random.pick(caller.models)
  const question = random.pick(questions)
  if (model.startsWith('text-embedding'))
    return {
      path: '/v1/embeddings',
      secret: caller.secret,
      body: { model, input: question },
      hangUpAfterMs: undefined,
    }
  const stream = random.chance(0.7)
  // The simulated providers answer at the length and pace that is written here.
  const tokens = random.length(45)
  const gapMs = Math.round(random.between(15, 45))
  return {
    path: '/v1/chat/completions',
    secret: caller.secret,
    body: {
      model,
      stream,
      max_tokens: 256,
      messages: [
        { role: 'user', content: `${question} [[sim tokens=${Math.min(tokens, 200)} gap=${gapMs}]]` },
      ],
    },
    hangUpAfterMs: stream && random.chance(0.03) ? random.between(300, 900) : undefined,
  }
}

async function send(
  target: { readonly url: string; readonly agent: Agent },
  live: LiveRequest,
  signal: AbortSignal,
): Promise<void> {
  const hangUp = new AbortController()
  const timer =
    live.hangUpAfterMs === undefined ? undefined : setTimeout(() => hangUp.abort(), live.hangUpAfterMs)
  try {
    const { body } = await request(`${target.url}${live.path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${live.secret}`, 'content-type': 'application/json' },
      body: JSON.stringify(live.body),
      signal: AbortSignal.any([signal, hangUp.signal]),
      dispatcher: target.agent,
    })
    await body.arrayBuffer()
  } catch (error) {
    if (!hangUp.signal.aborted) throw error
  } finally {
    clearTimeout(timer)
  }
}

interface Caller {
  readonly secret: string
  readonly weight: number
  readonly models: readonly [string, ...string[]]
}

/** Marketing keeps to what is free: its money for the month is nearly spent. */
const callers: readonly [Caller, ...Caller[]] = [
  { secret: 'sk-tg-demo-research-notebook', weight: 3, models: ['smart', 'fast', 'deepseek-v3.2'] },
  { secret: 'sk-tg-demo-research-agents', weight: 4, models: ['smart', 'fast', 'doubao-seed-1-6'] },
  { secret: 'sk-tg-demo-support-helpdesk', weight: 3, models: ['smart', 'fast', 'lite'] },
  { secret: 'sk-tg-demo-support-faq-bot', weight: 2, models: ['fast', 'hy3'] },
  { secret: 'sk-tg-demo-data-etl', weight: 2, models: ['text-embedding-v4', 'qwen-flash'] },
  { secret: 'sk-tg-demo-data-reports', weight: 1, models: ['qwen-flash', 'fast'] },
  { secret: 'sk-tg-demo-marketing-copywriter', weight: 1, models: ['fast'] },
]

const questions: readonly [string, ...string[]] = [
  '用三句话介绍我们的新产品。',
  '把下面的句子翻译成英文：今天的会议改到下午三点。',
  '客户说发票抬头写错了，怎么回复比较合适？',
  '总结一下这周的工作：完成了接口联调，修复了两个缺陷，还剩性能测试。',
  '给一条运动鞋的商品描述，突出轻便和透气。',
  'Write a SQL query that counts orders by day for the last week.',
  'Explain the difference between a mutex and a semaphore in two sentences.',
  'Suggest five names for an internal tool that watches token budgets.',
  'Turn this into a polite reminder: please send the report today.',
  '帮我检查这段代码里有没有空指针的风险。',
]
