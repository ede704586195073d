import { useTranslation } from 'react-i18next'
import type { Job } from '../../../shared/api/types.ts'
import { useFormat } from '../../../shared/format/use-format.ts'

const known = [
  'adjustments',
  'booked',
  'counters',
  'differences',
  'dropped',
  'expired',
  'made',
  'months',
  'requests',
  'swept',
] as const

/** What a run did. Figures that we have no words for are shown by their names. */
export function JobFigures({ figures }: { figures: NonNullable<Job['lastRun']>['figures'] }) {
  const { t } = useTranslation()
  const format = useFormat()
  return Object.entries(figures).map(([name, value]) => {
    // `complete` is news only when it is not.
    if (name === 'complete') return value === false && <span key={name}>{t('job.incomplete')}</span>
    const named = known.find((each) => each === name)
    const shown = typeof value === 'number' ? format.count(value) : String(value)
    return (
      <span key={name}>
        {named === undefined ? name : t(`job.figure.${named}`)} {shown}
      </span>
    )
  })
}
