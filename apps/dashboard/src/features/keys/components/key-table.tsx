import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Key } from '../../../shared/api/types.ts'
import { useFormat } from '../../../shared/format/use-format.ts'
import { useNow } from '../../../shared/hooks/use-now.ts'
import { Badge } from '../../../shared/ui/badge.tsx'
import { Button } from '../../../shared/ui/button.tsx'
import { cn } from '../../../shared/ui/cn.ts'
import { ConfirmDialog } from '../../../shared/ui/confirm-dialog.tsx'
import { Table, Td, Th, Tr } from '../../../shared/ui/table.tsx'
import { revokeKey } from '../api/keys.ts'

/** Keys with their last use; the secret itself is nowhere any more. */
export function KeyTable(props: {
  keys: readonly Key[]
  /** Whether to say whose they are; not on the page of one team. */
  showTeam: boolean
  mayRevoke: (key: Key) => boolean
}) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const now = useNow()
  const [revoking, setRevoking] = useState<Key>()
  return (
    <>
      <Table>
        <thead>
          <tr>
            <Th>{t('key.name')}</Th>
            {props.showTeam && <Th>{t('key.team')}</Th>}
            <Th>{t('key.member')}</Th>
            <Th>{t('key.limits')}</Th>
            <Th>{t('key.lastUsed')}</Th>
            <Th>{t('key.state')}</Th>
            <Th />
          </tr>
        </thead>
        <tbody>
          {props.keys.map((key) => (
            <KeyRow
              key={key.id}
              apiKey={key}
              nowMs={now}
              showTeam={props.showTeam}
              onRevoke={props.mayRevoke(key) ? () => setRevoking(key) : undefined}
            />
          ))}
        </tbody>
      </Table>
      <ConfirmDialog
        open={revoking !== undefined}
        onOpenChange={() => setRevoking(undefined)}
        title={t('key.revokeTitle', { name: revoking?.name ?? '' })}
        action={t('key.revoke')}
        onConfirm={async () => {
          if (revoking !== undefined) await revokeKey(revoking.id)
          await client.invalidateQueries({ queryKey: ['keys'] })
          await client.invalidateQueries({ queryKey: ['teams'] })
        }}
      >
        {t('key.revokeText')}
      </ConfirmDialog>
    </>
  )
}

function KeyRow(props: {
  apiKey: Key
  nowMs: number
  showTeam: boolean
  onRevoke: (() => void) | undefined
}) {
  const { t } = useTranslation()
  const format = useFormat()
  const { apiKey: key, nowMs } = props
  const over = key.revokedAt !== null || (key.expiresAt !== null && Date.parse(key.expiresAt) <= nowMs)
  return (
    <Tr className={cn(over && 'text-muted-foreground')}>
      <Td>
        <span className={cn('font-medium', key.revokedAt !== null && 'line-through')}>{key.name}</span>
        <code className="block font-mono text-xs whitespace-nowrap text-muted-foreground">{key.preview}</code>
      </Td>
      {props.showTeam && (
        <Td>
          <Link to="/teams/$name" params={{ name: key.team }} className="hover:underline">
            {key.team}
          </Link>
        </Td>
      )}
      <Td className="whitespace-nowrap text-muted-foreground">{key.member ?? '—'}</Td>
      <Td className="max-w-56">
        <span className="flex flex-wrap gap-1">
          {key.models
            .filter((pattern) => pattern !== '*')
            .map((pattern) => (
              <Badge key={pattern} tone="outline" className="max-w-40 truncate">
                {pattern}
              </Badge>
            ))}
          {key.allowedIps.map((address) => (
            <Badge key={address}>{address}</Badge>
          ))}
          {key.allowedIps.length === 0 && key.models.every((pattern) => pattern === '*') && (
            <span className="text-muted-foreground">{t('key.noLimits')}</span>
          )}
        </span>
      </Td>
      <Td className="whitespace-nowrap">
        {key.lastUsedAt === null ? (
          <span className="text-muted-foreground">{t('key.neverUsed')}</span>
        ) : (
          <span title={format.dateTimeExact(key.lastUsedAt)}>{format.ago(key.lastUsedAt, nowMs)}</span>
        )}
      </Td>
      <Td className="whitespace-nowrap">
        {key.revokedAt !== null ? (
          <Badge title={format.dateTimeExact(key.revokedAt)}>{t('key.revoked')}</Badge>
        ) : over ? (
          <Badge>{t('key.expired')}</Badge>
        ) : key.expiresAt === null ? (
          <Badge tone="good">{t('key.active')}</Badge>
        ) : (
          <Badge tone="good">{t('key.activeUntil', { date: format.date(key.expiresAt) })}</Badge>
        )}
      </Td>
      <Td className="text-right">
        {props.onRevoke !== undefined && key.revokedAt === null && (
          <Button size="sm" variant="ghost" className="text-danger" onClick={props.onRevoke}>
            {t('key.revoke')}
          </Button>
        )}
      </Td>
    </Tr>
  )
}
