import type { Estimator } from '../../domain/estimate/estimator.ts'
import type { EstimateStore } from '../../ports/estimate-store.ts'
import type { Logger } from '../../ports/logger.ts'

export interface EstimateKeeper {
  /** Saves what is not saved, and takes over what others have learned. Never rejects: there is a next time. */
  save(): Promise<void>
  /** Ends the regular saves with a last one. */
  stop(): Promise<void>
}

/**
 * Loads what was learned, then saves and shares it every minute. That it cannot be loaded stops nobody: bounds are then
 * the unlearned ones, which hold too much and never too little, and the first save that works brings it in.
 */
export async function keepEstimates(services: {
  readonly estimator: Estimator
  readonly store: EstimateStore
  readonly log: Logger
}): Promise<EstimateKeeper> {
  const { estimator, store, log } = services
  const load = async () => estimator.adopt(await store.load())
  const saveOnce = async () => {
    const unsaved = estimator.takeUnsaved()
    try {
      if (unsaved.length > 0) await store.add(unsaved)
    } catch (error) {
      estimator.giveBack(unsaved)
      throw error
    }
    await load()
  }
  let running: Promise<void> = load().catch((error: unknown) =>
    log.warn({ err: error }, 'what the estimator learned earlier is not loaded yet'),
  )
  const save = () => {
    running = running
      .then(saveOnce)
      .catch((error: unknown) => log.warn({ err: error }, 'what the estimator learned is not saved yet'))
    return running
  }
  await running
  const timer = setInterval(() => void save(), saveEveryMs).unref()
  return {
    save,
    stop: () => {
      clearInterval(timer)
      return save()
    },
  }
}

const saveEveryMs = 60_000
