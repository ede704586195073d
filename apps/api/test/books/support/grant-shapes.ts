import type { Protocol } from '@tollgate/adapters/contract'
import type { PriceBook } from '../../../src/domain/prices/price-book.ts'
import { matchesAny } from '../../../src/domain/routing/match-pattern.ts'

type BookGrant = PriceBook['grants'][number]

/** One platform's free quota as the never-spills suite tries it. */
export interface GrantRow {
  readonly protocol: Protocol
  /** Upstream name; the simulator has it, and a grant of the price book names it. */
  readonly model: string
  readonly kind: 'chat' | 'embedding'
  readonly thinks?: true
}

export interface TriedShape extends GrantRow {
  readonly shape: string
  readonly grant: BookGrant
}

/** Who offers it, what it counts, when it renews, and what happens at zero. */
export function shapeOf(grant: BookGrant): string {
  return [grant.provider, grant.unit, grant.window, grant.whenEmpty].join(' ')
}

const chat = { kind: 'chat' } as const

/** By shape, the protocols and models that stand for it. A platform with two protocols has a row for each. */
export const grantRows: Readonly<Record<string, readonly GrantRow[]>> = {
  'qianfan tokens once provider-bills': [
    { protocol: 'qianfan-v2', model: 'ernie-4.5-turbo-32k', ...chat },
    { protocol: 'qianfan-v2', model: 'bge-large-zh', kind: 'embedding' },
  ],
  'qianfan money once provider-bills': [{ protocol: 'qianfan-v2', model: 'ernie-4.5-turbo-128k', ...chat }],
  'hunyuan tokens once provider-stops': [
    { protocol: 'hunyuan-openai', model: 'hunyuan-turbos-latest', ...chat },
    { protocol: 'tokenhub', model: 'hy3', ...chat },
  ],
  'tongyi tokens once provider-bills': [
    { protocol: 'tongyi-compatible', model: 'qwen-plus', ...chat, thinks: true },
    { protocol: 'tongyi-compatible', model: 'text-embedding-v4', kind: 'embedding' },
  ],
  'spark tokens once provider-stops': [{ protocol: 'spark-http', model: 'generalv3.5', ...chat }],
  'ark tokens once provider-bills': [{ protocol: 'ark', model: 'doubao-seed-2-1-pro-260628', ...chat }],
  'baichuan tokens once provider-stops': [{ protocol: 'baichuan', model: 'Baichuan4-Turbo', ...chat }],
  'baichuan money once provider-stops': [{ protocol: 'baichuan', model: 'Baichuan4-Air', ...chat }],
  'modelscope requests day provider-stops': [{ protocol: 'modelscope', model: 'ZhipuAI/GLM-5.2', ...chat }],
}

/** Every shape in the price book with its rows; throws for one that nobody has written a row for. */
export function triedShapes(book: PriceBook): readonly TriedShape[] {
  const shapes = new Map<string, BookGrant[]>()
  for (const grant of book.grants) {
    const shape = shapeOf(grant)
    shapes.set(shape, [...(shapes.get(shape) ?? []), grant])
  }
  return [...shapes].flatMap(([shape, grants]) => {
    const rows = grantRows[shape]
    if (rows === undefined)
      throw new Error(`the price book has a new shape of grant, "${shape}": write a row of grantRows for it`)
    return rows.map((row) => {
      const grant = grants.find(({ models }) => matchesAny(models, row.model))
      if (grant === undefined) throw new Error(`no grant of "${shape}" names ${row.model}`)
      return { ...row, shape, grant }
    })
  })
}
