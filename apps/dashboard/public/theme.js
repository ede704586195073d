// Runs before the first paint, so that a dark page never flashes white. A file of its own because the
// content policy allows no inline script. Keep in step with src/shared/theme/theme.ts.
;(() => {
  let choice = 'system'
  try {
    choice = localStorage.getItem('tollgate.theme') ?? 'system'
  } catch {
    // Storage may be forbidden; the system's choice is then used.
  }
  const dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.classList.toggle('dark', dark)
})()
