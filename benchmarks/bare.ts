/** The baseline: a Fastify route that passes bytes on through undici's `dispatch`, and nothing else. */
import Fastify from 'fastify'
import { Agent } from 'undici'

const upstream = process.env['UPSTREAM'] ?? ''
const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 })
const app = Fastify()
app.removeAllContentTypeParsers()
app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: 33_554_432 }, (_request, body, done) =>
  done(null, body),
)
app.post('/v1/chat/completions', (request, reply) => {
  reply.hijack()
  agent.dispatch(
    {
      origin: upstream,
      path: '/v1/chat/completions',
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer x' },
      body: request.body instanceof Buffer ? request.body : null,
    },
    {
      onRequestStart() {},
      onResponseStart(_controller, status, headers) {
        reply.raw.writeHead(status, { 'content-type': String(headers['content-type']) })
      },
      onResponseData(_controller, chunk) {
        reply.raw.write(chunk)
      },
      onResponseEnd() {
        reply.raw.end()
      },
      onResponseError() {
        reply.raw.destroy()
      },
    },
  )
})
await app.listen({ port: 0, host: '127.0.0.1' })
const address = app.server.address()
process.send?.({ port: typeof address === 'object' && address !== null ? address.port : 0 })
