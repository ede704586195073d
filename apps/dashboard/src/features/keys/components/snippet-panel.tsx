import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CodeBlock } from '../../../shared/ui/code-block.tsx'
import { CopyButton } from '../../../shared/ui/copy-button.tsx'
import { Tab, TabList, TabPanel, Tabs } from '../../../shared/ui/tabs.tsx'
import { chatClients, snippet, snippetLanguages, type Connection } from '../snippets.ts'

const names = { curl: 'curl', python: 'Python', node: 'Node.js', langchain: 'LangChain' } as const

/** Code for programs, and address and key for chat clients. */
export function SnippetPanel({ connection }: { connection: Connection }) {
  const { t } = useTranslation()
  const [tab, setTab] = useState('curl')
  return (
    <Tabs value={tab} onValueChange={setTab} className="min-w-0">
      <TabList aria-label={t('snippet.title')}>
        {snippetLanguages.map((language) => (
          <Tab key={language} value={language}>
            {names[language]}
          </Tab>
        ))}
        <Tab value="clients">{t('snippet.clients')}</Tab>
      </TabList>
      {snippetLanguages.map((language) => (
        <TabPanel key={language} value={language} className="pt-3">
          <CodeBlock code={snippet(language, connection)} />
        </TabPanel>
      ))}
      <TabPanel value="clients" className="pt-3">
        <p className="mb-2 text-[13px] text-muted-foreground">{t('snippet.clientsText')}</p>
        <ul className="divide-y rounded-md border">
          {chatClients.map((client) => (
            <li
              key={client.name}
              className="flex flex-wrap items-center gap-x-4 gap-y-1 px-3 py-2 text-[13px]"
            >
              <span className="w-28 font-medium">{client.name}</span>
              <span className="min-w-0 flex-1 basis-48 text-xs text-muted-foreground">{client.where}</span>
              <span className="flex min-w-0 items-center gap-1">
                <code className="font-mono text-xs break-all">{client.baseUrl(connection.baseUrl)}</code>
                <CopyButton text={client.baseUrl(connection.baseUrl)} />
              </span>
            </li>
          ))}
        </ul>
      </TabPanel>
    </Tabs>
  )
}
