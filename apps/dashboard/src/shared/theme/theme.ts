import { useSyncExternalStore } from 'react'

export type ThemeChoice = 'light' | 'dark' | 'system'
export const themeChoices: readonly ThemeChoice[] = ['light', 'dark', 'system']

const storageKey = 'tollgate.theme'
const systemDark = matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()

/** The choice and its setter; `public/theme.js` applies the same choice before the first paint. */
export function useTheme(): { choice: ThemeChoice; choose: (choice: ThemeChoice) => void } {
  return { choice: useSyncExternalStore(subscribe, readChoice), choose }
}

/** Follows the system while the choice is `system`. */
export function watchSystemTheme(): void {
  systemDark.addEventListener('change', apply)
}

function choose(choice: ThemeChoice): void {
  try {
    localStorage.setItem(storageKey, choice)
  } catch {
    // Storage may be forbidden: the choice then lasts until the page is left.
  }
  chosen = choice
  apply()
  for (const listener of listeners) listener()
}

let chosen: ThemeChoice | undefined

function readChoice(): ThemeChoice {
  if (chosen !== undefined) return chosen
  let stored: string | null = null
  try {
    stored = localStorage.getItem(storageKey)
  } catch {
    // As above.
  }
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}

function apply(): void {
  const choice = readChoice()
  const dark = choice === 'dark' || (choice === 'system' && systemDark.matches)
  document.documentElement.classList.toggle('dark', dark)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
