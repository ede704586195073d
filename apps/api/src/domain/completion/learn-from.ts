import { inputOf } from '../estimate/estimator.ts'
import type { UsageRecord } from '../../ports/usage-record.ts'
import { answerTokensMax } from './request-amounts.ts'
import type { Reservation } from './reserve.ts'
import type { GatewayServices } from './services.ts'

/** A settled request teaches the estimator what to hold for the next ones, and counts as a miss where its bound was too low. */
export function learnFrom(
  services: Pick<GatewayServices, 'estimator' | 'meter'>,
  record: UsageRecord,
  reservation: Pick<Reservation, 'bounds' | 'choices' | 'inputTokens' | 'outputTokens'>,
): void {
  const beyond = inputOf(record) - reservation.inputTokens
  if (record.usageSource === 'provider' && beyond > 0) {
    services.meter.estimatorMissed(record.provider ?? 'unknown', beyond)
  }
  const { bounds, choices } = reservation
  const offering = bounds.candidates.find(({ id }) => id === record.offeringId)
  if (offering === undefined) return
  services.estimator.learn(record, {
    rawTokens: bounds.rawInput.tokens(offering.account.provider),
    outputTokensMax: answerTokensMax(bounds, offering, reservation.outputTokens),
    choices,
  })
}
