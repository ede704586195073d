import { createServer } from 'node:http'

export interface ScriptedProvider {
  readonly baseUrl: string
  /** Requests so far. */
  calls(): number
  close(): Promise<void>
}

/** A server that gives the same answer to everybody: for what a platform says that the simulator never would. */
export async function scriptedProvider(
  answer: () => {
    readonly status?: number
    readonly type?: string
    readonly body: string
  },
): Promise<ScriptedProvider> {
  let calls = 0
  const server = createServer((request, response) => {
    calls += 1
    request.resume().on('end', () => {
      const { status, type, body } = answer()
      response.writeHead(status ?? 200, { 'content-type': type ?? 'application/json' }).end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  return {
    baseUrl: `http://127.0.0.1:${address.port}/v1`,
    calls: () => calls,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A whole answer in OpenAI's form. */
export function wholeAnswer(model: string): string {
  return JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_760_000_000,
    model,
    choices: [{ index: 0, message: { role: 'assistant', content: 'hello' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 },
  })
}
