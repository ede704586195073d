import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './button.tsx'

export function CopyButton({ text, label, className }: { text: string; label?: string; className?: string }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 1_600)
    return () => clearTimeout(timer)
  }, [copied])
  const name = copied ? t('common.copied') : (label ?? t('common.copy'))
  return (
    <Button
      size={label === undefined ? 'icon' : 'sm'}
      variant={label === undefined ? 'ghost' : 'outline'}
      className={className}
      aria-label={name}
      onClick={() => void copyText(text).then(setCopied)}
    >
      {copied ? <Check className="text-free" /> : <Copy />}
      {label !== undefined && name}
    </Button>
  )
}

/** The clipboard interface exists on secure pages only; a gateway in a company network is often plain http. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const area = document.createElement('textarea')
    area.value = text
    area.setAttribute('readonly', '')
    area.style.position = 'fixed'
    area.style.opacity = '0'
    // Inside an open dialog, or its focus trap takes the selection away again.
    const place = document.querySelector('[role="dialog"]') ?? document.body
    place.append(area)
    area.select()
    // oxlint-disable-next-line typescript/no-deprecated -- there is no other way on a page without TLS
    const copied = document.execCommand('copy')
    area.remove()
    return copied
  }
}
