import { SearchX } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../shared/ui/button.tsx'
import { Callout } from '../../../shared/ui/callout.tsx'
import { groupFindings, type Finding } from '../findings.ts'

const inView = 5

/** What a run found, by kind: what it means in a sentence, then each finding in the service's words. */
export function JobFindings({ findings }: { findings: readonly Finding[] }) {
  return groupFindings(findings).map((group) => (
    <FindingGroup key={group.kind} kind={group.kind} findings={group.findings} />
  ))
}

function FindingGroup({ kind, findings }: ReturnType<typeof groupFindings>[number]) {
  const { t } = useTranslation()
  const [all, setAll] = useState(false)
  return (
    <Callout
      tone="warning"
      icon={SearchX}
      title={t(`job.finding.${kind}`, { count: findings.length })}
      data-testid="job-findings"
    >
      <p>{t(`job.findingText.${kind}`)}</p>
      <ul className="mt-2 grid gap-1.5">
        {(all ? findings : findings.slice(0, inView)).map(({ subject, message }, index) => (
          <li key={index} className="text-xs">
            <span className="font-medium text-foreground">{subject}</span>
            <br />
            {message}
          </li>
        ))}
      </ul>
      {findings.length > inView && (
        <Button size="sm" variant="ghost" className="mt-1 -ml-2" onClick={() => setAll(!all)}>
          {all ? t('common.showLess') : t('alert.showAll', { count: findings.length })}
        </Button>
      )}
    </Callout>
  )
}
