/**
 * A provider that costs next to nothing: canned answers in OpenAI's shape. `stream: true` gives 64 events, at once or,
 * when the model's name ends in `-paced`, 5 ms apart. A model whose name begins with `native` streams as DashScope's own
 * protocol does, whatever is asked: that is what must be translated.
 */
import { createServer } from 'node:http'

const usage = { prompt_tokens: 250, completion_tokens: 64, total_tokens: 314 }
const answer = JSON.stringify({
  id: 'chatcmpl-bench',
  object: 'chat.completion',
  created: 1_767_225_600,
  model: 'bench',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'x'.repeat(850) },
      finish_reason: 'stop',
      logprobs: null,
    },
  ],
  usage,
})
const event = (delta: object, finish: string | null) =>
  `data: ${JSON.stringify({
    id: 'chatcmpl-bench',
    object: 'chat.completion.chunk',
    created: 1_767_225_600,
    model: 'bench',
    choices: [{ index: 0, delta, finish_reason: finish, logprobs: null }],
  })}\n\n`
const events = [
  event({ role: 'assistant', content: '' }, null),
  ...Array.from({ length: 62 }, (_, index) => event({ content: ` word${index}` }, null)),
  event({}, 'stop'),
]
const tail = `data: ${JSON.stringify({
  id: 'chatcmpl-bench',
  object: 'chat.completion.chunk',
  created: 1_767_225_600,
  model: 'bench',
  choices: [],
  usage,
})}\n\ndata: [DONE]\n\n`
const openAi = { events, tail }

const nativeEvent = (content: string, tokens: number, finish: string) =>
  `id:${tokens}\nevent:result\n:HTTP_STATUS/200\ndata:${JSON.stringify({
    output: { choices: [{ message: { content, role: 'assistant' }, index: 0, finish_reason: finish }] },
    usage: { input_tokens: 250, output_tokens: tokens, total_tokens: 250 + tokens },
    request_id: 'bench',
  })}\n\n`
const native = {
  events: Array.from({ length: 63 }, (_, index) => nativeEvent(` word${index}`, index + 1, 'null')),
  tail: nativeEvent('', 64, 'stop'),
}

const server = createServer((request, response) => {
  let start = ''
  request.on('data', (chunk: Buffer) => {
    if (start.length < 2_000) start += chunk.toString('latin1', 0, 2_000)
  })
  request.on('end', () => {
    const isNative = start.includes('"model":"native')
    if (!isNative && !start.includes('"stream":true')) {
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length })
        .end(answer)
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const stream = isNative ? native : openAi
    if (!start.includes('-paced')) {
      response.end(stream.events.join('') + stream.tail)
      return
    }
    let next = 0
    const timer = setInterval(() => {
      const current = stream.events[next]
      next += 1
      if (current !== undefined) {
        response.write(current)
        return
      }
      clearInterval(timer)
      response.end(stream.tail)
    }, 5)
    response.on('close', () => clearInterval(timer))
  })
})
server.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1', () => {
  const address = server.address()
  process.send?.({ port: typeof address === 'object' && address !== null ? address.port : 0 })
})
