/** What the teams did in the month before the demo starts. */

export interface Stream {
  /** `account/model` that served it. */
  readonly offering: string
  /** What clients asked for; default: the offering's own name. */
  readonly model?: string
  /** The grant that paid. */
  readonly grant?: string
  /** How much of that grant is used by it: sizes are scaled to reach this share exactly. */
  readonly grantUsed?: number
  /** Days before the start of the demo: from, and to. */
  readonly days: readonly [number, number]
  readonly requests: number
  /** Mean tokens. */
  readonly input: number
  readonly output: number
  /** Mean reasoning tokens of those that think. */
  readonly reasoning?: number
  /** Share of requests whose prompt was partly in the provider's cache. */
  readonly cached?: number
  readonly keys: readonly [KeyShare, ...KeyShare[]]
}

export interface KeyShare {
  /** `team/key` */
  readonly key: string
  readonly weight: number
}

const research: readonly KeyShare[] = [
  { key: 'research/notebook', weight: 4 },
  { key: 'research/agents', weight: 5 },
  { key: 'research/ci', weight: 1 },
]
const support: readonly KeyShare[] = [
  { key: 'support/helpdesk', weight: 6 },
  { key: 'support/faq-bot', weight: 4 },
]
const data: readonly KeyShare[] = [
  { key: 'data/etl', weight: 5 },
  { key: 'data/reports', weight: 2 },
]
const marketing: readonly KeyShare[] = [
  { key: 'marketing/copywriter', weight: 3 },
  { key: 'marketing/campaigns', weight: 2 },
]

export const demoMonth: readonly Stream[] = [
  {
    offering: 'tongyi-main/qwen3.8-max',
    days: [30, 0],
    requests: 260,
    input: 5_200,
    output: 1_400,
    reasoning: 900,
    cached: 0.5,
    keys: mixed([research, 5], [data, 2]),
  },
  {
    offering: 'ark-main/doubao-seed-2-1-pro',
    days: [30, 0],
    requests: 190,
    input: 2_900,
    output: 1_500,
    cached: 0.2,
    keys: mixed([marketing, 3], [research, 1]),
  },
  {
    offering: 'tongyi-main/qwen3.7-plus',
    model: 'smart',
    grant: 'qwen3.7-plus',
    grantUsed: 0.52,
    days: [25, 0],
    requests: 560,
    input: 620,
    output: 280,
    cached: 0.3,
    keys: mixed([research, 5], [support, 3], [marketing, 1]),
  },
  {
    offering: 'tongyi-main/qwen-plus',
    grant: 'qwen-plus',
    grantUsed: 0.962,
    days: [28, 0],
    requests: 700,
    input: 850,
    output: 360,
    cached: 0.25,
    keys: mixed([support, 5], [data, 3], [research, 2]),
  },
  {
    offering: 'tongyi-main/qwen-flash',
    days: [30, 1],
    requests: 420,
    input: 480,
    output: 150,
    cached: 0.2,
    keys: mixed([data, 4], [support, 3], [marketing, 2]),
  },
  {
    offering: 'tongyi-main/qwen-flash',
    grant: 'qwen-flash',
    grantUsed: 0.014,
    days: [1, 0],
    requests: 24,
    input: 430,
    output: 140,
    keys: mixed([data, 1], [support, 1]),
  },
  {
    offering: 'ark-main/doubao-seed-2-1-turbo',
    model: 'smart',
    grant: 'doubao-seed-2-1-turbo',
    grantUsed: 0.38,
    days: [20, 0],
    requests: 210,
    input: 560,
    output: 330,
    cached: 0.2,
    keys: mixed([research, 2], [support, 1]),
  },
  {
    offering: 'ark-main/doubao-seed-1-6',
    days: [30, 0],
    requests: 240,
    input: 900,
    output: 520,
    reasoning: 380,
    cached: 0.3,
    keys: mixed([research, 3], [marketing, 1]),
  },
  {
    offering: 'qianfan-main/ernie-4.5-turbo-128k',
    grant: 'new-user',
    grantUsed: 0.71,
    days: [30, 7.02],
    requests: 620,
    input: 760,
    output: 330,
    keys: mixed([marketing, 3], [support, 2], [research, 1]),
  },
  {
    offering: 'qianfan-main/ernie-4.5-turbo-128k',
    days: [6.98, 0],
    requests: 170,
    input: 760,
    output: 330,
    keys: mixed([marketing, 3], [support, 2], [research, 1]),
  },
  {
    offering: 'qianfan-main/ernie-x1.1',
    days: [22, 0],
    requests: 160,
    input: 640,
    output: 410,
    reasoning: 900,
    keys: mixed([research, 3], [data, 1]),
  },
  {
    offering: 'hunyuan-main/hy3',
    grant: 'TokenHub new-user',
    grantUsed: 0.24,
    days: [12, 0],
    requests: 290,
    input: 560,
    output: 260,
    keys: mixed([support, 3], [research, 1]),
  },
  {
    offering: 'spark-main/lite',
    days: [30, 0],
    requests: 330,
    input: 180,
    output: 90,
    keys: mixed([support, 4], [marketing, 1]),
  },
  {
    offering: 'spark-main/generalv3.5',
    grant: 'trial package',
    grantUsed: 0.55,
    days: [30, 0],
    requests: 190,
    input: 380,
    output: 200,
    keys: mixed([marketing, 2], [support, 1]),
  },
  {
    offering: 'baichuan-main/Baichuan4-Turbo',
    grant: 'sign-up gift',
    grantUsed: 0.63,
    days: [30, 0],
    requests: 340,
    input: 620,
    output: 370,
    keys: mixed([marketing, 3], [data, 1]),
  },
  {
    offering: 'modelscope-main/qwen3-235b',
    grant: 'daily magicubes',
    days: [30, 0],
    requests: 420,
    input: 700,
    output: 480,
    keys: mixed([research, 2], [data, 2]),
  },
  {
    offering: 'lab-vllm/qwen3-32b',
    model: 'fast',
    days: [30, 0],
    requests: 700,
    input: 420,
    output: 190,
    keys: mixed([research, 3], [data, 2], [support, 2], [marketing, 1]),
  },
  {
    offering: 'tongyi-main/deepseek-v3.2',
    days: [30, 0],
    requests: 170,
    input: 1_900,
    output: 700,
    cached: 0.4,
    keys: mixed([research, 3], [data, 2], [marketing, 1]),
  },
  {
    offering: 'ark-main/deepseek-v3.2',
    days: [18, 0],
    requests: 130,
    input: 1_900,
    output: 700,
    cached: 0.4,
    keys: mixed([research, 3], [data, 2]),
  },
  {
    offering: 'tongyi-main/text-embedding-v4',
    days: [30, 0],
    requests: 380,
    input: 1_300,
    output: 0,
    keys: mixed([data, 4], [support, 1]),
  },
]

/** Keys of several teams, each team with its own weight. */
function mixed(
  ...parts: readonly (readonly [readonly KeyShare[], number])[]
): readonly [KeyShare, ...KeyShare[]] {
  const [first, ...rest] = parts.flatMap(([keys, weight]) => {
    const sum = keys.reduce((total, key) => total + key.weight, 0)
    return keys.map((key) => ({ key: key.key, weight: (key.weight / sum) * weight }))
  })
  if (first === undefined) throw new Error('a stream needs a key')
  return [first, ...rest]
}
