import { ChevronsUpDown, KeyRound, LogOut, Monitor, Moon, Sun } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { chooseLanguage, languageNames, languages } from '../../../shared/i18n/i18n.ts'
import { useMe } from '../../../shared/session/session.ts'
import { themeChoices, useTheme } from '../../../shared/theme/theme.ts'
import {
  Menu,
  MenuContent,
  MenuItem,
  MenuLabel,
  MenuRadioGroup,
  MenuRadioItem,
  MenuSeparator,
  MenuTrigger,
} from '../../../shared/ui/menu.tsx'
import { PasswordDialog } from './password-dialog.tsx'

const themeIcons = { light: Sun, dark: Moon, system: Monitor } as const

/** Who is signed in, language, theme, and the way out. */
export function UserMenu({ onSignOut }: { onSignOut: () => void }) {
  const { t, i18n } = useTranslation()
  const { user } = useMe()
  const theme = useTheme()
  const [changing, setChanging] = useState(false)
  return (
    <>
      <Menu>
        <MenuTrigger
          data-testid="user-menu"
          className="flex w-full min-w-0 items-center gap-2.5 rounded-md px-2 py-1.5 text-left hover:bg-muted data-[state=open]:bg-muted"
        >
          <span className="flex size-7 shrink-0 items-center justify-center rounded-full bg-accent text-xs font-semibold text-accent-foreground uppercase">
            {[...user.name][0] ?? '?'}
          </span>
          <span className="min-w-0 flex-1">
            <span className="block truncate text-[13px] leading-tight font-medium">{user.name}</span>
            <span className="block truncate text-xs text-muted-foreground">{t(`role.${user.role}`)}</span>
          </span>
          <ChevronsUpDown className="size-4 shrink-0 text-muted-foreground" aria-hidden />
        </MenuTrigger>
        <MenuContent align="start" className="w-56">
          <MenuLabel className="truncate">{user.email}</MenuLabel>
          <MenuSeparator />
          <MenuLabel>{t('nav.language')}</MenuLabel>
          <MenuRadioGroup value={i18n.language}>
            {languages.map((language) => (
              <MenuRadioItem
                key={language}
                value={language}
                data-testid={`language-${language}`}
                onSelect={() => void chooseLanguage(language)}
              >
                {languageNames[language]}
              </MenuRadioItem>
            ))}
          </MenuRadioGroup>
          <MenuSeparator />
          <MenuLabel>{t('nav.theme')}</MenuLabel>
          <MenuRadioGroup value={theme.choice}>
            {themeChoices.map((choice) => {
              const Icon = themeIcons[choice]
              return (
                <MenuRadioItem
                  key={choice}
                  value={choice}
                  data-testid={`theme-${choice}`}
                  onSelect={() => theme.choose(choice)}
                >
                  <Icon />
                  {t(`theme.${choice}`)}
                </MenuRadioItem>
              )
            })}
          </MenuRadioGroup>
          <MenuSeparator />
          <MenuItem onSelect={() => setChanging(true)}>
            <KeyRound />
            {t('session.changePassword')}
          </MenuItem>
          <MenuItem onSelect={onSignOut} data-testid="sign-out">
            <LogOut />
            {t('session.signOut')}
          </MenuItem>
        </MenuContent>
      </Menu>
      {changing && <PasswordDialog onClose={() => setChanging(false)} />}
    </>
  )
}
