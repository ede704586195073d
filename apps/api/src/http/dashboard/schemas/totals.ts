import { z } from 'zod'
import { decimal } from './common.ts'

export const totalsShape = {
  requests: z.int().describe('Requests that ended, whatever their status.'),
  inputTokens: z.int().describe('Input tokens charged in full: without cached ones.'),
  cachedInputTokens: z.int().describe("Input tokens read from the provider's cache."),
  outputTokens: z.int().describe('Output tokens of answers: without reasoning.'),
  reasoningTokens: z.int().describe('Output tokens of reasoning.'),
  totalTokens: z.int().describe("The providers' own totals."),
  listCost: decimal.describe('What it would have cost at list price.'),
  billedCost: decimal.describe('What it cost after free grants.'),
  saved: decimal.describe('listCost - billedCost.'),
  estimatedRequests: z.int().describe('Requests whose provider sent no usage figures.'),
  interruptedRequests: z
    .int()
    .describe('Requests cut off by a crash of the service, booked with an estimate.'),
  unpricedRequests: z.int().describe('Requests to models without a price: not in listCost.'),
}

export const totals = z.object(totalsShape).meta({ id: 'Totals' })
