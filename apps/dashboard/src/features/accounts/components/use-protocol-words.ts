import { useTranslation } from 'react-i18next'
import type { CatalogueProtocol } from '../../../shared/api/types.ts'
import { nameWay, waysOf } from '../credential-ways.ts'

export interface ProtocolWords {
  /** The credentials that it takes, as their owner would call them. */
  readonly takes: string
  /** When to use it; nothing is said of a protocol that this page does not know. */
  readonly use: string | undefined
}

export function useProtocolWords(): (protocol: CatalogueProtocol) => ProtocolWords {
  const { t } = useTranslation()
  return (protocol) => {
    const words = described.find((each) => each === protocol.protocol)
    if (words === undefined) return { takes: waysOf(protocol).map(nameWay).join(' / '), use: undefined }
    return { takes: t(`protocol.${words}.takes`), use: t(`protocol.${words}.use`) }
  }
}

/** Protocols of platforms that have several to choose from. */
const described = [
  'qianfan-v2',
  'qianfan-v1',
  'tokenhub',
  'hunyuan-openai',
  'hunyuan-native',
  'tongyi-compatible',
  'tongyi-native',
  'spark-http',
  'spark-websocket',
] as const
