/** The barrier of a toll gate, half open. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden>
      <rect width="32" height="32" rx="8" fill="var(--brand)" />
      <path
        d="M9 24V9m0 3.5 15-4M9 17h14"
        stroke="var(--card)"
        strokeWidth="2.6"
        strokeLinecap="round"
        fill="none"
      />
      <circle cx="9" cy="9" r="2" fill="var(--card)" />
    </svg>
  )
}
