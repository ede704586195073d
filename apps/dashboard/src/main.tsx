import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { router } from './app/router.tsx'
import './app/styles.css'
import { queryClient } from './shared/api/query-client.ts'
import { startI18n } from './shared/i18n/i18n.ts'
import { watchSystemTheme } from './shared/theme/theme.ts'
import { Toaster } from './shared/ui/toast.tsx'
import { TooltipProvider } from './shared/ui/tooltip.tsx'

const root = document.getElementById('root')
if (root === null) throw new Error('The page has no #root element')

watchSystemTheme()
await startI18n()
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <TooltipProvider delayDuration={250}>
        <RouterProvider router={router} />
        <Toaster />
      </TooltipProvider>
    </QueryClientProvider>
  </StrictMode>,
)
