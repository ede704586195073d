import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'

export const languages = ['zh-CN', 'en'] as const
export type Language = (typeof languages)[number]

export const languageNames: Readonly<Record<Language, string>> = { 'zh-CN': '简体中文', en: 'English' }

const storageKey = 'tollgate.language'

/** Loads the words of the chosen language only; the other one comes when it is chosen. */
export async function startI18n(): Promise<void> {
  const language = initialLanguage()
  document.documentElement.lang = language
  await i18next.use(initReactI18next).init({
    lng: language,
    resources: { [language]: { translation: await loadMessages(language) } },
    // React escapes for itself.
    interpolation: { escapeValue: false },
  })
}

export async function chooseLanguage(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'translation')) {
    i18next.addResourceBundle(language, 'translation', await loadMessages(language))
  }
  await i18next.changeLanguage(language)
  document.documentElement.lang = language
  try {
    localStorage.setItem(storageKey, language)
  } catch {
    // Storage may be forbidden: the choice then lasts until the page is left.
  }
}

function initialLanguage(): Language {
  let stored: string | null = null
  try {
    stored = localStorage.getItem(storageKey)
  } catch {
    // As above.
  }
  const known = languages.find((language) => language === stored)
  if (known !== undefined) return known
  const preferred = navigator.languages.find((tag) => /^(zh|en)\b/i.test(tag))
  return preferred?.toLowerCase().startsWith('zh') === true ? 'zh-CN' : 'en'
}

async function loadMessages(language: Language) {
  return language === 'zh-CN'
    ? (await import('./zh-CN/messages.ts')).messages
    : (await import('./en/messages.ts')).messages
}
