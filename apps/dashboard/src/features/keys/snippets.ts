/** What a snippet is made of; `secret` is the key itself while it is known, else a placeholder. */
export interface Connection {
  /** Public address of the gateway with `/v1`, e.g. `https://gate.example.com/v1`. */
  readonly baseUrl: string
  readonly secret: string
  readonly model: string
}

export const snippetLanguages = ['curl', 'python', 'node', 'langchain'] as const
export type SnippetLanguage = (typeof snippetLanguages)[number]

const makers: Readonly<Record<SnippetLanguage, (connection: Connection) => string>> = {
  curl: ({ baseUrl, secret, model }) => `curl ${baseUrl}/chat/completions \\
  -H "Authorization: Bearer ${secret}" \\
  -H "Content-Type: application/json" \\
  -d '{
    "model": "${model}",
    "messages": [{"role": "user", "content": "你好"}]
  }'`,
  python: ({ baseUrl, secret, model }) => `# pip install openai
from openai import OpenAI

client = OpenAI(base_url="${baseUrl}", api_key="${secret}")

answer = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "你好"}],
)
print(answer.choices[0].message.content)`,
  node: ({ baseUrl, secret, model }) => `// npm install openai
import OpenAI from 'openai'

const client = new OpenAI({ baseURL: '${baseUrl}', apiKey: '${secret}' })

const answer = await client.chat.completions.create({
  model: '${model}',
  messages: [{ role: 'user', content: '你好' }],
})
console.log(answer.choices[0].message.content)`,
  langchain: ({ baseUrl, secret, model }) => `# pip install langchain-openai
from langchain_openai import ChatOpenAI

llm = ChatOpenAI(base_url="${baseUrl}", api_key="${secret}", model="${model}")
print(llm.invoke("你好").content)`,
}

/** Code that can be pasted and run as it is. */
export function snippet(language: SnippetLanguage, connection: Connection): string {
  return makers[language](connection)
}

export interface ChatClient {
  readonly name: string
  /** Where in its settings the two values go, in its own words. */
  readonly where: string
  /** Some clients add `/v1` themselves and would ask for `/v1/v1/…`. */
  readonly baseUrl: (baseUrl: string) => string
}

const asItIs = (baseUrl: string) => baseUrl
const withoutVersion = (baseUrl: string) => baseUrl.replace(/\/v1\/?$/, '')

/** Chat programs people already use, by their own settings pages. */
export const chatClients: readonly ChatClient[] = [
  { name: 'Cherry Studio', where: '设置 → 模型服务 → 添加 → OpenAI', baseUrl: withoutVersion },
  { name: 'LobeChat', where: 'Settings → AI Service Provider → OpenAI → API Proxy', baseUrl: asItIs },
  { name: 'Open WebUI', where: 'Admin Settings → Connections → OpenAI API', baseUrl: asItIs },
  { name: 'NextChat', where: 'Settings → Custom Endpoint', baseUrl: withoutVersion },
  { name: 'Dify', where: 'Model Provider → OpenAI-API-compatible', baseUrl: asItIs },
]
