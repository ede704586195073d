import { useTranslation } from 'react-i18next'
import type { RequestRow } from '../../../shared/api/types.ts'
import { Badge, type BadgeTone } from '../../../shared/ui/badge.tsx'

const tones: Readonly<Record<RequestRow['status'], BadgeTone>> = {
  ok: 'good',
  error: 'danger',
  cancelled: 'neutral',
  interrupted: 'warning',
}

export function RequestStatus({ row }: { row: Pick<RequestRow, 'status' | 'errorKind' | 'httpStatus'> }) {
  const { t } = useTranslation()
  return (
    <Badge tone={tones[row.status]} title={row.errorKind ?? undefined}>
      {row.status === 'error' && row.httpStatus !== null ? row.httpStatus : t(`request.status.${row.status}`)}
    </Badge>
  )
}
