import { useMutation, useQuery } from '@tanstack/react-query'
import { CircleCheck, Send } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatDuration } from '../../../shared/format/time.ts'
import { providerName } from '../../../shared/providers/providers.ts'
import { Count } from '../../../shared/ui/amount.tsx'
import { Button } from '../../../shared/ui/button.tsx'
import { ErrorText } from '../../../shared/ui/error-text.tsx'
import { Field } from '../../../shared/ui/field.tsx'
import { Input, Select } from '../../../shared/ui/input.tsx'
import { Money } from '../../../shared/ui/money.tsx'
import { bookedRequest, sendTestRequest, type TestAnswer } from '../api/test-request.ts'

/** Sends one request with the key and shows the answer, who gave it, and what it cost. */
export function TestRequest(props: {
  secret: string
  model: string
  models: readonly string[]
  onModel: (model: string) => void
}) {
  const { t } = useTranslation()
  const [prompt, setPrompt] = useState<string>(() => t('try.prompt'))
  const send = useMutation({ mutationFn: sendTestRequest })
  return (
    <div className="grid gap-3">
      <form
        className="grid gap-3 sm:grid-cols-[14rem_1fr_auto] sm:items-end"
        onSubmit={(event) => {
          event.preventDefault()
          send.mutate({ secret: props.secret, model: props.model, prompt })
        }}
      >
        <Field label={t('account.model')}>
          <Select
            data-testid="try-model"
            value={props.model}
            onChange={(event) => props.onModel(event.target.value)}
          >
            {props.models.map((model) => (
              <option key={model}>{model}</option>
            ))}
          </Select>
        </Field>
        <Field label={t('try.message')}>
          <Input value={prompt} onChange={(event) => setPrompt(event.target.value)} />
        </Field>
        <Button
          type="submit"
          variant="primary"
          busy={send.isPending}
          disabled={props.secret === '' || prompt.trim() === ''}
          data-testid="send-test"
        >
          {!send.isPending && <Send />}
          {t('try.send')}
        </Button>
      </form>
      <ErrorText error={send.error} />
      {send.data !== undefined && <TestAnswerView answer={send.data} />}
    </div>
  )
}

function TestAnswerView({ answer }: { answer: TestAnswer }) {
  const { t, i18n } = useTranslation()
  const { requestId } = answer
  const booked = useQuery({
    queryKey: ['requests', 'detail', requestId],
    queryFn: () => bookedRequest(requestId ?? ''),
    enabled: requestId !== undefined,
    // Settled before the answer ended, but perhaps not in the log yet.
    retry: 8,
    retryDelay: 500,
  })
  const row = booked.data
  return (
    <div className="overflow-hidden rounded-md border border-free/40" data-testid="try-answer">
      <p className="px-3.5 py-3 text-sm break-words whitespace-pre-wrap">{answer.text}</p>
      <dl className="flex flex-wrap gap-x-6 gap-y-1.5 border-t bg-free/6 px-3.5 py-2.5 text-xs [&_dt]:text-muted-foreground [&>div]:flex [&>div]:gap-1.5">
        <div className="items-center font-medium text-success-foreground">
          <CircleCheck className="size-3.5" aria-hidden />
          {formatDuration(answer.durationMs)}
        </div>
        {row === undefined ? (
          <div className="text-muted-foreground">
            {booked.isError ? t('try.notBooked') : t('try.booking')}
          </div>
        ) : (
          <>
            <div>
              <dt>{t('try.servedBy')}</dt>
              <dd>
                {row.provider === null ? '—' : providerName(row.provider, i18n.language)} ·{' '}
                {row.account ?? '—'}
              </dd>
            </div>
            <div>
              <dt>{t('metric.tokens')}</dt>
              <dd data-testid="try-tokens">
                <Count value={row.totalTokens} exact />
              </dd>
            </div>
            <div>
              <dt>{t('request.listCost')}</dt>
              <dd>
                <Money amount={row.listCost} />
              </dd>
            </div>
            <div>
              <dt>{t('request.billed')}</dt>
              <dd className="font-semibold">
                <Money amount={row.billedCost} />
              </dd>
            </div>
            {row.grant !== null && <div className="text-success-foreground">{t('try.paidByGrant')}</div>}
          </>
        )}
      </dl>
    </div>
  )
}
