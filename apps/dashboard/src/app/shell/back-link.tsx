import { Link } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'

/** From a page of one thing to the list of all. */
export function BackLink({ to, label }: { to: '/providers' | '/teams'; label: string }) {
  return (
    <Link
      to={to}
      className="mb-2 inline-flex items-center gap-1 text-[13px] text-muted-foreground hover:text-foreground"
    >
      <ArrowLeft className="size-3.5" aria-hidden />
      {label}
    </Link>
  )
}
