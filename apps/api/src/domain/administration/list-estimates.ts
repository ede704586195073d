import type { EstimateDrift } from '../estimate/estimator.ts'
import type { AdministrationServices } from './services.ts'

/** What the estimator has learned about each model, those with the most requests first. */
export function listEstimates(services: Pick<AdministrationServices, 'estimator'>): readonly EstimateDrift[] {
  return services.estimator.drift().sort((left, right) => right.samples - left.samples)
}
