import { Link } from '@tanstack/react-router'
import { Users } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Overview } from '../../../shared/api/types.ts'
import { Count } from '../../../shared/ui/amount.tsx'
import { Card, CardHeader } from '../../../shared/ui/card.tsx'
import { Money } from '../../../shared/ui/money.tsx'
import { EmptyState } from '../../../shared/ui/states.tsx'
import { numeric, Table, Td, Th, Tr } from '../../../shared/ui/table.tsx'

/** Who used most in the range. */
export function TopTeams({ teams }: { teams: Overview['teams'] }) {
  const { t } = useTranslation()
  const most = Math.max(1, ...teams.map(({ totalTokens }) => totalTokens))
  return (
    <Card>
      <CardHeader title={t('overview.teams')} />
      {teams.length === 0 ? (
        <EmptyState icon={Users} title={t('chart.noneTitle')} className="py-8" />
      ) : (
        <Table>
          <thead>
            <tr>
              <Th>{t('key.team')}</Th>
              <Th className={numeric}>{t('metric.requests')}</Th>
              <Th className={numeric}>{t('metric.tokens')}</Th>
              <Th className={numeric}>{t('metric.spend')}</Th>
              <Th className={numeric}>{t('metric.saved')}</Th>
            </tr>
          </thead>
          <tbody>
            {teams.map((team) => (
              <Tr key={team.team}>
                <Td className="min-w-32">
                  <Link
                    to="/teams/$name"
                    params={{ name: team.team }}
                    className="font-medium hover:underline"
                  >
                    {team.team}
                  </Link>
                  <span aria-hidden className="mt-1 block h-1 rounded-full bg-track">
                    <span
                      className="block h-full rounded-full bg-brand/70"
                      style={{ width: `${(team.totalTokens / most) * 100}%` }}
                    />
                  </span>
                </Td>
                <Td className={numeric}>
                  <Count value={team.requests} />
                </Td>
                <Td className={numeric}>
                  <Count value={team.totalTokens} />
                </Td>
                <Td className={numeric}>
                  <Money amount={team.billedCost} />
                </Td>
                <Td className={numeric}>
                  <Money amount={team.saved} className="text-success-foreground" />
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  )
}
