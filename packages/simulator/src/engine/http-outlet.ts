import type { ServerResponse } from 'node:http'
import type { Outlet } from './outlet.ts'
import { sendReply } from './send-reply.ts'

/** Answers over HTTP: frames are parts of one body. */
export function httpOutlet(response: ServerResponse): Outlet {
  return {
    status: 200,
    get delivered() {
      return response.writableFinished
    },
    refuse(reply, headers) {
      sendReply(response, reply, headers)
      return reply.status
    },
    begin(headers) {
      response.writeHead(200, headers)
    },
    write: (frames) => response.write(frames.join(''), 'latin1'),
    onceDrained(go) {
      response.once('drain', go)
    },
    end(frames) {
      response.end(frames.join(''), 'latin1')
    },
    endBroken(frames) {
      response.end(`${frames.join('')}data: {"id":"broken","choices":[{"delta":{"content":"\n\n`, 'latin1')
    },
    cut(frames) {
      if (frames.length === 0) response.destroy()
      else response.write(frames.join(''), 'latin1', () => response.destroy())
    },
    stall(frames) {
      if (frames.length === 0) response.flushHeaders()
      else response.write(frames.join(''), 'latin1')
    },
    onClose(go) {
      response.once('close', go)
      return () => response.off('close', go)
    },
  }
}
