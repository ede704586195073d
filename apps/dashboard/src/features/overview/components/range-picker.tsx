import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../shared/format/use-format.ts'
import { Segmented } from '../../../shared/ui/segmented.tsx'
import { ranges, type Range } from '../api/overview.ts'

/** The one range of the page, with the zone in which its days begin. */
export function RangePicker({ value, onChange }: { value: Range; onChange: (range: Range) => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span className="text-xs text-muted-foreground">{format.timeZoneLabel()}</span>
      <Segmented
        label={t('range.label')}
        value={value}
        onChange={onChange}
        segments={ranges.map((range) => ({
          value: range,
          label: t(`range.${range}`),
          testId: `range-${range}`,
        }))}
      />
    </div>
  )
}
