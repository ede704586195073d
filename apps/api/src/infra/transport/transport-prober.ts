import type { ResponseHead } from '@tollgate/adapters/contract'
import type { ProbeFailure, ProbeOutcome, Prober } from '../../ports/prober.ts'
import { asTextSequence, type Transport, type TransportFailureKind } from '../../ports/transport.ts'

const bodyBytesMax = 1_048_576

/** Test connection, through the same dialler that serves requests: what it may reach, so may they. */
export class TransportProber implements Prober {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  probe(...[exchange, origin, timeoutMs]: Parameters<Prober['probe']>): Promise<ProbeOutcome> {
    return new Promise((resolve) => {
      let head: ResponseHead | undefined
      let bytes = 0
      const chunks: Buffer[] = []
      const finish = () => {
        if (head !== undefined) resolve({ head, body: Buffer.concat(chunks) })
      }
      const control = this.#transport.open(
        exchange,
        { privateAllowed: origin === 'yaml', firstByteMs: timeoutMs, idleMs: timeoutMs },
        {
          head: (answer) => {
            head = answer
          },
          data: (chunk) => {
            bytes += chunk.length
            // A refused handshake is plain HTTP.
            const isFrame = exchange.transport === 'websocket' && head?.status === 200
            chunks.push(isFrame ? asTextSequence(chunk) : Buffer.from(chunk))
            if (bytes <= bodyBytesMax) return
            control.abort()
            finish()
          },
          end: finish,
          fail: (failure) => resolve({ failure: failures[failure.kind], message: failure.message }),
        },
      )
    })
  }
}

const failures: Readonly<Record<TransportFailureKind, ProbeFailure>> = {
  refused: 'refused',
  'connect-timeout': 'timeout',
  dns: 'dns',
  tls: 'tls',
  'address-not-allowed': 'address-not-allowed',
  closed: 'refused',
  'first-byte-timeout': 'timeout',
  'idle-timeout': 'timeout',
  'reader-stalled': 'timeout',
}
