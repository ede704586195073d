import { useState } from 'react'
import type { GrantInput, GrantProposal } from '../../shared/api/types.ts'
import { addDays, fromDateInput, toDateInput } from '../../shared/format/time.ts'
import { isGrantAmount, toGrantAmount } from './grant-form.ts'

/** A proposal of the catalogue as a person leaves it. */
export interface ProposalChoice {
  selected: boolean
  amount: string
  /** Calendar days of the installation's zone; `expires` empty: never. */
  starts: string
  expires: string
  whenEmpty: GrantProposal['whenEmpty']
}

/**
 * Choices beside the proposals, in their order. Only what the vendor documents is ticked beforehand: a grant that
 * is not there lets paid tokens pass as free ones.
 */
export function useGrantSelection(proposals: readonly GrantProposal[], timeZone: string) {
  const [choices, setChoices] = useState<readonly ProposalChoice[]>(() =>
    proposals.map((proposal) => initialChoice(proposal, toDateInput(Date.now(), timeZone))),
  )
  const change = (index: number, part: Partial<ProposalChoice>) =>
    setChoices((before) => before.map((choice, at) => (at === index ? { ...choice, ...part } : choice)))
  return {
    choices,
    change,
    /** A new first day moves the last day with it. */
    startOn: (index: number, day: string) => {
      const proposal = proposals[index]
      if (proposal !== undefined) change(index, { starts: day, expires: expiryOf(proposal, day) })
    },
    startAllOn: (day: string) =>
      setChoices((before) =>
        before.map((choice, at) => {
          const proposal = proposals[at]
          return proposal === undefined
            ? choice
            : { ...choice, starts: day, expires: expiryOf(proposal, day) }
        }),
      ),
    select: (indexes: readonly number[], selected: boolean) =>
      setChoices((before) =>
        before.map((choice, at) =>
          indexes.includes(at) && proposals[at]?.exists === false ? { ...choice, selected } : choice,
        ),
      ),
    /** Bodies to send for what is ticked. */
    inputs: (account: string): GrantInput[] =>
      proposals.flatMap((proposal, at) => {
        const choice = choices[at]
        return choice?.selected === true && !proposal.exists
          ? [toInput(account, proposal, choice, timeZone)]
          : []
      }),
    wrong: new Set(
      proposals.flatMap((proposal, at) => {
        const choice = choices[at]
        const fault =
          choice?.selected === true &&
          !proposal.exists &&
          (!isGrantAmount(choice.amount, proposal.unit) || choice.starts === '')
        return fault ? [at] : []
      }),
    ) as ReadonlySet<number>,
  }
}

export type GrantSelection = ReturnType<typeof useGrantSelection>

export function initialChoice(proposal: GrantProposal, today: string): ProposalChoice {
  return {
    selected: !proposal.exists && proposal.confidence === 'documented',
    amount: proposal.amount,
    starts: today,
    expires: expiryOf(proposal, today),
    whenEmpty: proposal.whenEmpty,
  }
}

export function expiryOf(proposal: Pick<GrantProposal, 'validDays' | 'window'>, starts: string): string {
  // A renewing grant has no end of its own: its days are the length of a turn.
  if (proposal.validDays === null || proposal.window !== 'once' || starts === '') return ''
  return addDays(starts, proposal.validDays)
}

/** An amount that a person changed was read in the console, and is then as sure as it gets. */
export function toInput(
  account: string,
  proposal: GrantProposal,
  choice: ProposalChoice,
  timeZone: string,
): GrantInput {
  const confirmed = choice.amount !== proposal.amount
  return {
    account,
    name: proposal.name,
    models: [...proposal.models],
    unit: proposal.unit,
    amount: toGrantAmount(choice.amount, proposal.unit),
    window: proposal.window,
    validFrom: fromDateInput(choice.starts, timeZone),
    ...(choice.expires === '' ? {} : { expiresAt: fromDateInput(choice.expires, timeZone) }),
    whenEmpty: choice.whenEmpty,
    source: confirmed ? 'console' : 'catalogue',
    confidence: confirmed ? 'confirmed' : proposal.confidence,
    ...(proposal.note === null ? {} : { note: proposal.note }),
  }
}
