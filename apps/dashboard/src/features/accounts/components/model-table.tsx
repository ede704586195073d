import { Search } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Account, AccountModel } from '../../../shared/api/types.ts'
import { usePermissions } from '../../../shared/session/session.ts'
import { Badge } from '../../../shared/ui/badge.tsx'
import { Button } from '../../../shared/ui/button.tsx'
import { Input } from '../../../shared/ui/input.tsx'
import { Money } from '../../../shared/ui/money.tsx'
import { numeric, Table, Td, Th, Tr } from '../../../shared/ui/table.tsx'
import { PriceDialog } from './price-dialog.tsx'

/** Upstream models of an account and what a million tokens of each costs now. */
export function ModelTable({ account }: { account: Account }) {
  const { t } = useTranslation()
  const { administer } = usePermissions()
  const [search, setSearch] = useState('')
  const [pricing, setPricing] = useState<AccountModel>()
  const shown = account.models.filter(({ name, upstream }) =>
    `${name} ${upstream}`.toLowerCase().includes(search.trim().toLowerCase()),
  )
  return (
    <>
      {account.models.length > 8 && (
        <div className="relative border-b p-3 sm:px-5">
          <Search
            className="absolute top-1/2 left-6 size-4 -translate-y-1/2 text-muted-foreground sm:left-8"
            aria-hidden
          />
          <Input
            className="h-8 max-w-72 pl-9"
            placeholder={t('account.searchModels')}
            aria-label={t('account.searchModels')}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        </div>
      )}
      <Table>
        <thead>
          <tr>
            <Th>{t('account.model')}</Th>
            <Th>{t('account.kind')}</Th>
            <Th className={numeric}>{t('price.input')}</Th>
            <Th className={numeric}>{t('price.cached')}</Th>
            <Th className={numeric}>{t('price.output')}</Th>
            <Th>{t('price.origin')}</Th>
            {administer && <Th />}
          </tr>
        </thead>
        <tbody>
          {shown.map((model) => (
            <Tr key={model.name}>
              <Td className="min-w-44">
                <span className="font-medium break-all">{model.name}</span>
                {model.upstream !== model.name && (
                  <span className="block text-xs break-all text-muted-foreground">{model.upstream}</span>
                )}
              </Td>
              <Td className="text-muted-foreground">{model.kind}</Td>
              <PriceCells model={model} />
              {administer && (
                <Td className="text-right">
                  <Button size="sm" variant="ghost" className="-my-1" onClick={() => setPricing(model)}>
                    {model.price === null ? t('price.set') : t('price.change')}
                  </Button>
                </Td>
              )}
            </Tr>
          ))}
        </tbody>
      </Table>
      {shown.length === 0 && (
        <p className="px-5 py-8 text-center text-[13px] text-muted-foreground">{t('common.noMatch')}</p>
      )}
      {pricing !== undefined && (
        <PriceDialog account={account} model={pricing} onClose={() => setPricing(undefined)} />
      )}
    </>
  )
}

function PriceCells({ model: { price } }: { model: AccountModel }) {
  const { t } = useTranslation()
  if (price === null) {
    return (
      <>
        <Td colSpan={3} className={numeric}>
          <Badge tone="warning" title={t('price.unknownHint')}>
            {t('price.unknown')}
          </Badge>
        </Td>
        <Td />
      </>
    )
  }
  const { currency } = price
  return (
    <>
      <Td className={numeric}>
        <Money amount={price.inputPerMillion} currency={currency} />
      </Td>
      <Td className={numeric}>
        <Money amount={price.cachedInputPerMillion} currency={currency} />
      </Td>
      <Td className={numeric}>
        <Money amount={price.outputPerMillion} currency={currency} />
      </Td>
      <Td>
        <span className="flex flex-wrap gap-1">
          <Badge>{t(`price.from.${price.origin}`)}</Badge>
          {price.tiers !== null && price.tiers.length > 1 && (
            <Badge tone="outline" title={t('price.tiersHint')}>
              {t('price.tiers', { count: price.tiers.length })}
            </Badge>
          )}
          {price.offPeak !== null && <Badge tone="outline">{t('price.offPeak')}</Badge>}
        </span>
      </Td>
    </>
  )
}
