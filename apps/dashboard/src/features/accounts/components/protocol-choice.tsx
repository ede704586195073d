import { KeyRound } from 'lucide-react'
import { RadioGroup } from 'radix-ui'
import { useEffect, useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { CatalogueProtocol } from '../../../shared/api/types.ts'
import { Badge } from '../../../shared/ui/badge.tsx'
import { QuietButton } from '../../../shared/ui/quiet-button.tsx'
import { useProtocolWords } from './use-protocol-words.ts'

interface ChoiceProps {
  protocols: readonly CatalogueProtocol[]
  value: string
}

/**
 * How to speak to a platform that can be spoken to in several ways, asked as people know it: by the credentials they
 * have, where that makes a difference, and when these are the ones to use.
 */
export function ProtocolChoice(props: ChoiceProps & { onChange: (protocol: string) => void }) {
  const { t } = useTranslation()
  const wordsOf = useProtocolWords()
  const others = useOtherCredentials(props)
  const labelId = useId()
  const group = useRef<HTMLDivElement>(null)
  // It takes the place of the button that opened it, which had the focus.
  useEffect(() => group.current?.querySelector<HTMLElement>('[aria-checked="true"]')?.focus(), [])
  return (
    <div className="grid gap-1.5">
      <span id={labelId} className="text-[13px] font-medium">
        {t(others.length > 0 ? 'account.whichCredentials' : 'account.whichInterface')}
      </span>
      <RadioGroup.Root
        ref={group}
        aria-labelledby={labelId}
        data-testid="protocol"
        value={props.value}
        onValueChange={props.onChange}
        className="grid divide-y overflow-hidden rounded-md border border-input"
      >
        {props.protocols.map((each) => {
          const { takes, use } = wordsOf(each)
          return (
            <RadioGroup.Item
              key={each.protocol}
              value={each.protocol}
              data-testid={`protocol-${each.protocol}`}
              className="group flex items-start gap-2.5 bg-card px-3 py-2.5 text-left transition-colors hover:bg-muted/50 focus-visible:-outline-offset-2 data-[state=checked]:bg-accent/50"
            >
              <span className="mt-0.5 grid size-4 shrink-0 place-items-center rounded-full border border-input bg-card group-data-[state=checked]:border-brand">
                <RadioGroup.Indicator className="size-2 rounded-full bg-brand" />
              </span>
              <span className="min-w-0 flex-1">
                <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-[13px] font-medium">
                  {others.length > 0 ? takes : each.protocol}
                  {each.recommended && <Badge tone="good">{t('account.recommended')}</Badge>}
                  {others.length > 0 && (
                    <code className="font-mono text-xs font-normal text-muted-foreground sm:ml-auto">
                      {each.protocol}
                    </code>
                  )}
                </span>
                {use !== undefined && <span className="block text-xs text-muted-foreground">{use}</span>}
              </span>
            </RadioGroup.Item>
          )
        })}
      </RadioGroup.Root>
    </div>
  )
}

/** The quiet way there, where the credentials end: new accounts need not know that there is a choice. */
export function OtherCredentialsButton(props: ChoiceProps & { onOpen: () => void }) {
  const { t, i18n } = useTranslation()
  const others = useOtherCredentials(props)
  const list = new Intl.ListFormat(i18n.language, { type: 'disjunction' }).format(others)
  return (
    <QuietButton icon={KeyRound} data-testid="other-credentials" onClick={props.onOpen}>
      {others.length > 0 ? t('account.otherCredentials', { list }) : t('account.otherInterface')}
    </QuietButton>
  )
}

/** What the other protocols take and the chosen one does not; empty where they differ in something else. */
function useOtherCredentials({ protocols, value }: ChoiceProps): readonly string[] {
  const wordsOf = useProtocolWords()
  const taken = protocols.map((each) => ({ chosen: each.protocol === value, takes: wordsOf(each).takes }))
  const own = taken.find(({ chosen }) => chosen)?.takes
  return [...new Set(taken.map(({ takes }) => takes))].filter((takes) => takes !== own)
}
