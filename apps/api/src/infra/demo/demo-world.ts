import type { SimulatedEndpoint } from '@tollgate/simulator'
import type {
  AccountForm,
  ConfigurationForm,
  GrantForm,
} from '../../domain/configuration/configuration-form.ts'
import { daysBefore } from './working-hours.ts'

/** Who and what there is in the demo: accounts at simulated providers, and four teams of a company. */

/** Reachable from this machine only, and so is what it opens. */
export const demoLogin = { email: 'demo@tollgate.local', password: 'tollgate-demo' } as const

export type Endpoints = Readonly<Record<string, SimulatedEndpoint>>

interface DemoAccount extends Omit<AccountForm, 'baseUrl' | 'credentials'> {
  readonly protocol: string
}

export function demoAccounts(nowMs: number): readonly DemoAccount[] {
  const day = (days: number) => new Date(daysBefore(nowMs, -days)).toISOString()
  const grant = (form: GrantForm): GrantForm => ({ ...form, confidence: 'confirmed' })
  return [
    {
      name: 'tongyi-main',
      provider: 'tongyi',
      protocol: 'tongyi-compatible',
      models: [
        'qwen3.8-max',
        'qwen3.7-plus',
        'qwen-plus',
        'qwen-flash',
        'deepseek-v3.2',
        'text-embedding-v4',
      ],
      grants: [
        grant({
          name: 'qwen3.7-plus',
          models: ['qwen3.7-plus'],
          unit: 'tokens',
          amount: 1_000_000,
          validFrom: day(-43),
          expiresAt: day(47),
          whenEmpty: 'provider-bills',
          note: '百炼 new-user quota, 90 days',
        }),
        grant({
          name: 'qwen-plus',
          models: ['qwen-plus'],
          unit: 'tokens',
          amount: 1_000_000,
          validFrom: day(-29),
          expiresAt: day(61),
          whenEmpty: 'provider-bills',
          note: '百炼 new-user quota, 90 days',
        }),
        grant({
          name: 'qwen-flash',
          models: ['qwen-flash'],
          unit: 'tokens',
          amount: 1_000_000,
          validFrom: day(-1),
          expiresAt: day(89),
          whenEmpty: 'provider-bills',
          note: 'Activated yesterday',
        }),
      ],
    },
    {
      name: 'ark-main',
      provider: 'ark',
      protocol: 'ark',
      models: [
        { name: 'doubao-seed-2-1-pro', upstream: 'doubao-seed-2-1-pro-260628' },
        { name: 'doubao-seed-2-1-turbo', upstream: 'doubao-seed-2-1-turbo-260628' },
        { name: 'doubao-seed-1-6', upstream: 'doubao-seed-1-6-251015' },
        { name: 'deepseek-v3.2', upstream: 'deepseek-v3-2-251201' },
      ],
      grants: [
        grant({
          name: 'doubao-seed-2-1-turbo',
          models: ['doubao-seed-2-1-turbo*'],
          unit: 'tokens',
          amount: 500_000,
          validFrom: day(-25),
          expiresAt: day(5),
          whenEmpty: 'provider-bills',
          note: '方舟 inference gift',
        }),
      ],
    },
    {
      name: 'qianfan-main',
      provider: 'qianfan',
      protocol: 'qianfan-v2',
      models: ['ernie-4.5-turbo-128k', 'ernie-x1.1', 'ernie-speed-128k'],
      grants: [
        grant({
          name: 'new-user',
          models: ['ernie-4.5-turbo-*'],
          unit: 'tokens',
          amount: 1_000_000,
          validFrom: day(-97),
          expiresAt: day(-7),
          whenEmpty: 'provider-bills',
          note: '千帆 new-user quota, 90 days',
        }),
      ],
    },
    {
      name: 'hunyuan-main',
      provider: 'hunyuan',
      protocol: 'tokenhub',
      models: ['hy3'],
      grants: [
        grant({
          name: 'TokenHub new-user',
          models: ['hy3'],
          unit: 'tokens',
          amount: 1_000_000,
          validFrom: day(-12),
          expiresAt: day(353),
          whenEmpty: 'provider-stops',
        }),
      ],
    },
    {
      name: 'spark-main',
      provider: 'spark',
      protocol: 'spark-http',
      models: ['lite', 'generalv3.5'],
      grants: [
        grant({
          name: 'trial package',
          models: ['generalv3.5'],
          unit: 'tokens',
          amount: 200_000,
          validFrom: day(-40),
          expiresAt: day(140),
          whenEmpty: 'provider-stops',
        }),
      ],
    },
    {
      name: 'baichuan-main',
      provider: 'baichuan',
      protocol: 'baichuan',
      models: ['Baichuan4-Turbo', 'Baichuan4-Air'],
      grants: [
        grant({
          name: 'sign-up gift',
          models: ['*'],
          unit: 'money',
          amount: '8.00',
          validFrom: day(-35),
          expiresAt: day(55),
          whenEmpty: 'provider-stops',
        }),
      ],
    },
    {
      name: 'modelscope-main',
      provider: 'modelscope',
      protocol: 'modelscope',
      models: [{ name: 'qwen3-235b', upstream: 'Qwen/Qwen3-235B-A22B' }],
      grants: [
        grant({
          name: 'daily magicubes',
          models: ['*'],
          unit: 'requests',
          amount: 125,
          window: 'day',
          validFrom: day(-60),
          whenEmpty: 'provider-stops',
        }),
      ],
    },
    {
      name: 'lab-vllm',
      provider: 'openai-compatible',
      protocol: 'openai',
      models: [
        {
          name: 'qwen3-32b',
          upstream: 'Qwen/Qwen3-32B',
          contextTokens: 131_072,
          maxOutputTokens: 32_768,
          inputPerMillion: '0',
          outputPerMillion: '0',
        },
      ],
    },
  ]
}

export function demoConfiguration(endpoints: Endpoints, nowMs: number): ConfigurationForm {
  return {
    accounts: demoAccounts(nowMs).map((account) => {
      const endpoint = endpoints[account.protocol]
      if (endpoint === undefined) throw new Error(`the simulator does not speak ${account.protocol}`)
      return { ...account, baseUrl: endpoint.baseUrl, credentials: endpoint.credentials }
    }),
    models: [
      {
        name: 'smart',
        policy: 'free-first',
        offerings: [
          'tongyi-main/qwen3.7-plus',
          'ark-main/doubao-seed-2-1-turbo',
          'hunyuan-main/hy3',
          'qianfan-main/ernie-4.5-turbo-128k',
        ],
      },
      {
        name: 'fast',
        policy: 'priority',
        offerings: ['lab-vllm/qwen3-32b', 'tongyi-main/qwen-flash', 'qianfan-main/ernie-speed-128k'],
      },
    ],
    teams: [
      {
        name: 'research',
        quotas: [
          { metric: 'tokens', window: 'day', limit: 20_000_000 },
          { metric: 'cost', window: 'month', limit: '60.00' },
          { metric: 'requests', window: 'minute', limit: 300 },
          { metric: 'concurrency', limit: 64 },
        ],
        members: [
          {
            name: '李伟',
            email: 'li.wei@example.com',
            quotas: [{ metric: 'tokens', window: 'day', limit: 5_000_000 }],
          },
          { name: '张敏', email: 'zhang.min@example.com' },
          { name: '王磊', email: 'wang.lei@example.com' },
        ],
        keys: keysOf('research'),
      },
      {
        name: 'support',
        models: ['smart', 'fast', 'qwen*', 'hy3', 'lite', 'text-embedding-*', 'ernie-*', 'generalv3.5'],
        quotas: [
          { metric: 'tokens', window: 'month', limit: 5_000_000 },
          { metric: 'requests', window: 'minute', limit: 120 },
        ],
        members: [
          { name: '陈静', email: 'chen.jing@example.com' },
          { name: '周涛', email: 'zhou.tao@example.com' },
        ],
        keys: keysOf('support'),
      },
      {
        name: 'data',
        quotas: [
          { metric: 'tokens', window: 'day', limit: 10_000_000 },
          { metric: 'cost', window: 'month', limit: '25.00' },
        ],
        members: [
          { name: '刘洋', email: 'liu.yang@example.com' },
          { name: '赵倩', email: 'zhao.qian@example.com' },
        ],
        keys: keysOf('data'),
      },
      {
        name: 'marketing',
        quotas: [
          { metric: 'cost', window: 'month', limit: '20.00' },
          { metric: 'tokens', window: 'week', limit: 8_000_000 },
        ],
        members: [{ name: '孙丽', email: 'sun.li@example.com' }],
        keys: keysOf('marketing'),
      },
    ],
  }
}

export interface DemoKey {
  readonly team: string
  readonly name: string
  readonly member?: string
  readonly secret: string
}

/** Well known, so that the commands in the documentation work. They open simulated providers only. */
export const demoKeys: readonly DemoKey[] = [
  { team: 'research', name: 'notebook', member: '李伟', secret: 'sk-tg-demo-research-notebook' },
  { team: 'research', name: 'agents', member: '张敏', secret: 'sk-tg-demo-research-agents' },
  { team: 'research', name: 'ci', secret: 'sk-tg-demo-research-ci' },
  { team: 'support', name: 'helpdesk', member: '陈静', secret: 'sk-tg-demo-support-helpdesk' },
  { team: 'support', name: 'faq-bot', secret: 'sk-tg-demo-support-faq-bot' },
  { team: 'data', name: 'etl', member: '刘洋', secret: 'sk-tg-demo-data-etl' },
  { team: 'data', name: 'reports', member: '赵倩', secret: 'sk-tg-demo-data-reports' },
  { team: 'marketing', name: 'copywriter', member: '孙丽', secret: 'sk-tg-demo-marketing-copywriter' },
  { team: 'marketing', name: 'campaigns', secret: 'sk-tg-demo-marketing-campaigns' },
]

function keysOf(team: string) {
  return demoKeys
    .filter((key) => key.team === team)
    .map(({ name, member, secret }) => ({ name, member, secret }))
}

/** Quotas that are set, after the fact, to be this full in the window that runs. */
export const nearlyFull = [
  { team: 'support', metric: 'tokens', percent: 83 },
  { team: 'marketing', metric: 'cost', percent: 97 },
] as const
