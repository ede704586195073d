import type { Provider } from '@tollgate/adapters/contract'

export interface ProviderFacts {
  readonly provider: Provider
  /** Name as its own users write it; shown in both languages. */
  readonly chinese: string
  readonly english: string
  /** One or two characters for the mark, and its colour (no logos: those are the vendors' own). */
  readonly mark: string
  readonly hue: number
  /** Where keys are made. */
  readonly consoleUrl?: string
}

/**
 * In the order in which people are offered them. Console addresses are from the vendors' own documentation. The type is the
 * adapters' own, so that a platform that is registered and missing here, or in the texts, does not compile.
 */
const factsByProvider: Readonly<{ [Name in Provider]: ProviderFacts & { readonly provider: Name } }> = {
  tongyi: {
    provider: 'tongyi',
    chinese: '阿里通义',
    english: 'Tongyi',
    mark: '通',
    hue: 285,
    consoleUrl: 'https://bailian.console.aliyun.com/?tab=model#/api-key',
  },
  ark: {
    provider: 'ark',
    chinese: '火山方舟',
    english: 'Ark',
    mark: '舟',
    hue: 225,
    consoleUrl: 'https://console.volcengine.com/ark/region:ark+cn-beijing/apiKey',
  },
  qianfan: {
    provider: 'qianfan',
    chinese: '百度千帆',
    english: 'Qianfan',
    mark: '帆',
    hue: 262,
    consoleUrl: 'https://console.bce.baidu.com/iam/#/iam/apikey/list',
  },
  hunyuan: {
    provider: 'hunyuan',
    chinese: '腾讯混元',
    english: 'Hunyuan / TokenHub',
    mark: '混',
    hue: 245,
    consoleUrl: 'https://console.cloud.tencent.com/tokenhub/apikey',
  },
  spark: {
    provider: 'spark',
    chinese: '讯飞星火',
    english: 'Spark',
    mark: '星',
    hue: 30,
    consoleUrl: 'https://console.xfyun.cn/services/cbm',
  },
  baichuan: {
    provider: 'baichuan',
    chinese: '百川',
    english: 'Baichuan',
    mark: '川',
    hue: 55,
    consoleUrl: 'https://platform.baichuan-ai.com/console/apikey',
  },
  modelscope: {
    provider: 'modelscope',
    chinese: '魔搭',
    english: 'ModelScope',
    mark: '魔',
    hue: 310,
    consoleUrl: 'https://modelscope.cn/my/myaccesstoken',
  },
  deepseek: {
    provider: 'deepseek',
    chinese: '深度求索',
    english: 'DeepSeek',
    mark: '深',
    hue: 200,
    consoleUrl: 'https://platform.deepseek.com/api_keys',
  },
  'openai-compatible': {
    provider: 'openai-compatible',
    chinese: 'OpenAI 兼容',
    english: 'OpenAI-compatible',
    mark: '{}',
    hue: 170,
  },
}

export const providers: readonly ProviderFacts[] = Object.values(factsByProvider)

const byName: ReadonlyMap<string, ProviderFacts> = new Map(providers.map((facts) => [facts.provider, facts]))

export function providerFacts(provider: string): ProviderFacts | undefined {
  return byName.get(provider)
}

/** `阿里通义` or `Tongyi`; a name we do not know is shown as it is. */
export function providerName(provider: string, locale: string): string {
  const facts = byName.get(provider)
  if (facts === undefined) return provider
  return locale.startsWith('zh') ? facts.chinese : facts.english
}
