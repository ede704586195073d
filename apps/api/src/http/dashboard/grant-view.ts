import type { z } from 'zod'
import type { GrantProposal } from '../../domain/administration/catalogue.ts'
import { formatNanos } from '../../domain/prices/format-nanos.ts'
import type { grantProposal } from './schemas/grant.ts'

export function showProposal(proposal: GrantProposal): z.output<typeof grantProposal> {
  return {
    name: proposal.name,
    models: [...proposal.models],
    unit: proposal.unit,
    amount: proposal.unit === 'money' ? formatNanos(proposal.amount) : proposal.amount.toString(),
    window: proposal.window,
    validDays: proposal.validDays ?? null,
    whenEmpty: proposal.whenEmpty,
    confidence: proposal.confidence,
    note: proposal.note ?? null,
    sources: [...proposal.sources],
  }
}
