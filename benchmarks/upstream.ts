/**
 * A provider that costs next to nothing: canned answers in OpenAI's shape. `stream: true` gives 64 events, at once or,
 * when the model's name ends in `-paced`, 5 ms apart.
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
const whole = events.join('') + tail

const server = createServer((request, response) => {
  let start = ''
  request.on('data', (chunk: Buffer) => {
    if (start.length < 2_000) start += chunk.toString('latin1', 0, 2_000)
  })
  request.on('end', () => {
    if (!start.includes('"stream":true')) {
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length })
        .end(answer)
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    if (!start.includes('-paced')) {
      response.end(whole)
      return
    }
    let next = 0
    const timer = setInterval(() => {
      const current = events[next]
      next += 1
      if (current !== undefined) {
        response.write(current)
        return
      }
      clearInterval(timer)
      response.end(tail)
    }, 5)
    response.on('close', () => clearInterval(timer))
  })
})
server.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1', () => {
  const address = server.address()
  process.send?.({ port: typeof address === 'object' && address !== null ? address.port : 0 })
})
