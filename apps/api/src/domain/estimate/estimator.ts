import type { StoredEstimate } from '../../ports/estimate-store.ts'
import type { UsageRecord } from '../../ports/usage-record.ts'
import { InputFactors, seedFactor } from './input-factors.ts'
import type { LearnedRatios } from './learned-ratios.ts'
import { OutputShares } from './output-shares.ts'
import { sizeCount, sizeEnds, sizeOf } from './ratio-histogram.ts'

/**
 * Upper bounds of the input, and likely lengths of answers, per provider and model: learned from what the providers
 * counted. In memory and synchronous: a look-up and a multiplication on the way in, an increment on the way out.
 */
export class Estimator {
  readonly #providers = new Map<string, Map<string, Model>>()
  #models = 0

  /**
   * The most input tokens that the provider will count, but for `missRateMax` of the requests. `mayLower: false` keeps
   * the unlearned bound where that is higher: for what must never be short, whatever it holds too much.
   */
  bound(provider: string, model: string, rawTokens: number, options: { readonly mayLower: boolean }): number {
    const learned = this.#providers.get(provider)?.get(model)?.input.factor(sizeOf(rawTokens)) ?? seedFactor
    const factor = options.mayLower ? learned : Math.max(learned, seedFactor)
    return Math.ceil(rawTokens * factor)
  }

  /** How long an answer is likely to be that may be `worstTokens` long; all of that while little is known. */
  likelyOutput(provider: string, model: string, worstTokens: number): number {
    return this.#providers.get(provider)?.get(model)?.output.likely(worstTokens) ?? worstTokens
  }

  /** What a settled request shows. Only the provider's own figures of whole answers teach anything. */
  learn(record: UsageRecord, expected: Expected): void {
    const { provider, upstreamModel } = record
    if (provider === undefined || upstreamModel === undefined) return
    if (record.usageSource !== 'provider' || record.status !== 'ok') return
    const counted = inputOf(record)
    if (counted === 0 || expected.rawTokens <= 0) return
    const model = this.#model(provider, upstreamModel)
    if (model === undefined) return
    model.input.learn(expected.rawTokens, counted, record.inputBoundTokens ?? counted)
    const written = (record.outputTokens ?? 0) + (record.reasoningTokens ?? 0)
    const worst = expected.outputTokensMax
    if (worst > 0) model.output.learn(worst, written / expected.choices)
  }

  /** For `/api` and `/metrics`: how the estimates compare with what the providers count. */
  drift(): EstimateDrift[] {
    const all: EstimateDrift[] = []
    for (const [provider, models] of this.#providers) {
      for (const [model, { input }] of models) all.push(driftOf(provider, model, input))
    }
    return all
  }

  /** What this process has learned since the last time: to be added to what all have learned. */
  takeUnsaved(): StoredEstimate[] {
    const taken: StoredEstimate[] = []
    for (const [provider, models] of this.#providers) {
      for (const [model, sides] of models) {
        for (const side of ['input', 'output'] as const) {
          const unsaved = sides[side].learned.takeUnsaved()
          if (unsaved !== undefined) taken.push({ provider, model, side, ...unsaved })
        }
      }
    }
    return taken
  }

  /** It could not be saved: next time. */
  giveBack(unsaved: readonly StoredEstimate[]): void {
    for (const one of unsaved) this.#learned(one)?.giveBack(one)
  }

  /** What all processes have learned together, as of their last save. */
  adopt(stored: readonly StoredEstimate[]): void {
    for (const one of stored) {
      this.#learned(one)?.adopt(one)
      this.#model(one.provider, one.model)?.input.refreshAll()
    }
  }

  #learned({ provider, model, side }: StoredEstimate): LearnedRatios | undefined {
    return this.#model(provider, model)?.[side].learned
  }

  #model(provider: string, name: string): Model | undefined {
    let models = this.#providers.get(provider)
    if (models === undefined) {
      models = new Map()
      this.#providers.set(provider, models)
    }
    let model = models.get(name)
    if (model === undefined && this.#models < modelsMax) {
      model = { input: new InputFactors(), output: new OutputShares() }
      models.set(name, model)
      this.#models += 1
    }
    return model
  }
}

/** A model takes 8 KB. Names come from the configuration, so there is an end to them, but not one that we know. */
const modelsMax = 4_096

interface Model {
  readonly input: InputFactors
  readonly output: OutputShares
}

/** What was expected of a request when it went out. */
export interface Expected {
  /** The estimate of its input as it was before anything was learned. */
  readonly rawTokens: number
  /** The most that each of its answers could have. */
  readonly outputTokensMax: number
  readonly choices: number
}

export interface EstimateDrift {
  readonly provider: string
  readonly model: string
  /** Requests learned from, and those of them whose input was larger than its bound. */
  readonly samples: number
  readonly misses: number
  /** By which the raw estimate is multiplied while nothing is learned. */
  readonly seedFactor: number
  readonly sizes: readonly SizeDrift[]
}

/** Of the requests of one size. */
export interface SizeDrift {
  /** Raw estimates up to this belong here; `undefined`: the largest. */
  readonly tokensMax: number | undefined
  /** That are remembered. */
  readonly samples: number
  /** By which the raw estimate is multiplied now. */
  readonly factor: number
  /** The provider's count by the raw estimate: half of the requests, 99 %, and 99.9 % of them are at or below. */
  readonly ratioP50: number
  readonly ratioP99: number
  readonly ratioP999: number
}

function driftOf(provider: string, model: string, input: InputFactors): EstimateDrift {
  const { known, samples, misses } = input.learned
  const sizes: SizeDrift[] = []
  for (let size = 0; size < sizeCount; size += 1) {
    const total = known.total(size)
    if (total === 0) continue
    const below = (part: number) => known.ratioBelow(size, Math.floor(total * (1 - part)))
    sizes.push({
      tokensMax: sizeEnds[size],
      samples: total,
      factor: input.factor(size),
      ratioP50: below(0.5),
      ratioP99: below(0.99),
      ratioP999: below(0.999),
    })
  }
  return { provider, model, samples, misses, seedFactor, sizes }
}

/** Everything the provider read, from its cache or not. */
export function inputOf(record: UsageRecord): number {
  return (record.inputTokens ?? 0) + (record.cachedInputTokens ?? 0) + (record.cacheWriteTokens ?? 0)
}
