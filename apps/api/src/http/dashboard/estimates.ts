import { z } from 'zod'
import { listEstimates } from '../../domain/administration/list-estimates.ts'
import type { EstimateDrift } from '../../domain/estimate/estimator.ts'
import type { DashboardApp, UseServices } from './app.ts'
import { failures, list } from './schemas/common.ts'

const ratio = z
  .number()
  .describe("The provider's count by the raw estimate, to the next step of a scale of 9 %.")

const size = z.object({
  tokensMax: z.int().nullable().describe('Raw estimates up to this belong here; null: the largest.'),
  samples: z.int().describe('Requests that are remembered.'),
  factor: z.number().describe('By which the raw estimate is multiplied now, to bound the input.'),
  ratioP50: ratio,
  ratioP99: ratio,
  ratioP999: ratio,
})

const estimate = z
  .object({
    provider: z.string(),
    model: z.string().describe('As the provider names it.'),
    samples: z.int().describe('Requests learned from, ever.'),
    misses: z.int().describe('Of these, the ones whose input was larger than its bound; booked in full.'),
    seedFactor: z.number().describe('The factor while nothing is learned.'),
    sizes: z
      .array(size)
      .describe(
        'By size of the prompt: what a template adds weighs much on short ones, nothing on long ones.',
      ),
  })
  .meta({ id: 'Estimate' })

export function estimateRoutes(app: DashboardApp, use: UseServices): void {
  app.get(
    '/api/estimates',
    {
      config: { access: 'models.read' },
      schema: {
        operationId: 'listEstimates',
        summary: 'How the estimates of the input compare with what the providers count',
        description: 'Of all processes, as of a minute ago, and of the one that answers, as of now.',
        tags: ['models'],
        response: { 200: list(estimate), ...failures },
      },
    },
    async () => ({ data: listEstimates(use()).map(showEstimate) }),
  )
}

function showEstimate(drift: EstimateDrift): z.output<typeof estimate> {
  return {
    ...drift,
    sizes: drift.sizes.map((one) => ({ ...one, tokensMax: one.tokensMax ?? null })),
  }
}
