import type { Call, ChatRequest, ProtocolAdapter } from '../contract/index.ts'
import type { MaxTokensName } from '../wire/chat-request.ts'
import { openAiEmbeddings } from '../wire/embeddings.ts'
import { openAiChat } from '../wire/openai-chat.ts'
import { getProbe } from '../wire/probe.ts'
import { openaiErrorRules } from './errors.ts'

/**
 * Any server that speaks OpenAI's chat completions: DeepSeek, Moonshot, Zhipu, SiliconFlow, vLLM, Ollama, llama.cpp
 * (provider sheet of OpenAI-compatible upstreams). The base URL is the whole path, nothing is appended to it by
 * force. Every field is forwarded; what a server cannot take is told by the account's options.
 */
export const openai: ProtocolAdapter = {
  protocol: 'openai',
  provider: 'openai-compatible',
  credentials: [{ name: 'apiKey', required: false, label: 'API key', example: 'sk-…' }],
  options: [
    {
      name: 'streamOptions',
      label: 'Ask for usage in streams (servers that refuse stream_options: false)',
      values: ['true', 'false'],
    },
    {
      name: 'maxTokensName',
      label: 'Name of the output bound',
      values: ['max_tokens', 'max_completion_tokens'],
    },
    {
      name: 'developerRole',
      label: 'Role that takes the place of developer',
      values: ['system', 'developer'],
    },
    { name: 'textParts', label: 'Lists of text parts become one text', values: ['keep', 'join'] },
    { name: 'dropFields', label: 'Fields that are not sent, separated by commas' },
  ],
  chat: openAiChat({
    errors: openaiErrorRules,
    maxTokens: maxTokensName,
    asksForUsage: (call) => call.options['streamOptions'] !== 'false',
    developerRole: (call) => (call.options['developerRole'] === 'developer' ? 'developer' : 'system'),
    messages: (call) => ({ textParts: call.options['textParts'] === 'join' ? 'join' : 'keep' }),
    edit: (_request, call) => ({ drop: fieldsToDrop(call) }),
  }),
  embeddings: openAiEmbeddings({
    errors: openaiErrorRules,
    takesTokens: true,
    edit: (_request, call) => ({ drop: fieldsToDrop(call) }),
  }),
  // Free everywhere, but some servers answer it to any key (sheet, section 1): then the first request tells.
  probe: getProbe((call) => `${call.baseUrl}/models`, { errors: openaiErrorRules }),
  hangUp: 'abort',
}

/** OpenAI itself wants the newer name from its reasoning models, nearly everybody else knows only the older one. */
function maxTokensName(_request: ChatRequest, call: Call): MaxTokensName {
  const name = call.options['maxTokensName']
  if (name === 'max_tokens' || name === 'max_completion_tokens') return name
  return call.baseUrl.startsWith('https://api.openai.com/') ? 'max_completion_tokens' : 'max_tokens'
}

/** The fields without which there is no request are not for the option to drop. */
function fieldsToDrop(call: Call): string[] {
  const names = (call.options['dropFields'] ?? '').split(',').map((name) => name.trim())
  return names.filter((name) => name !== '' && !['model', 'messages', 'stream', 'input'].includes(name))
}
