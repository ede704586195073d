import { adapters, type Protocol } from '@tollgate/adapters'
import { startSimulator, type Fault, type Simulator } from '@tollgate/simulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { auditBooks } from './support/audit.ts'
import { embedded, startDeployment, type Deployment } from './support/deployment.ts'
import { newClients, send, type Seen } from './support/send.ts'
import { makeTeam, prices, wideTeam, type Sender } from './support/world.ts'

/** What happens to an answer after the platform has taken the request, and mostly bills it. */
const faults: readonly Fault[] = [
  {},
  { noUsage: true },
  { emptyStream: true },
  { code: 'content-filter' },
  { cutAfterChunks: 0 },
  { garbageAfterChunks: 0 },
  ...[1, 2, 6].flatMap((chunks) => [
    { cutAfterChunks: chunks },
    { errorAfterChunks: chunks },
    { garbageAfterChunks: chunks },
  ]),
  { stallAfterChunks: 2 },
  { cutAfterChunks: 3, noUsage: true },
]

const protocols = Object.keys(adapters) as Protocol[]

describe('exact: an answer that breaks off', () => {
  let simulator: Simulator
  let deployment: Deployment
  let sender: Sender | undefined
  const seen: Seen[] = []

  beforeAll(async () => {
    simulator = await startSimulator()
    deployment = await startDeployment(embedded, {
      // A stream stalls in the middle, a whole answer before its first byte.
      env: { TOLLGATE_IDLE_TIMEOUT_MS: '400', TOLLGATE_FIRST_BYTE_TIMEOUT_MS: '3000' },
    })
    for (const protocol of protocols) {
      const endpoint = simulator.endpoints[protocol]
      await deployment.api('POST', '/api/accounts', {
        name: protocol,
        provider: endpoint?.provider,
        protocol,
        baseUrl: endpoint?.baseUrl,
        credentials: endpoint?.credentials,
        models: [
          {
            name: 'chat',
            upstream: endpoint?.models[0],
            kind: 'chat',
            maxOutputTokens: 2_000,
            ...prices.form,
          },
        ],
      })
    }
    ;[sender] = await makeTeam(deployment, wideTeam)
  }, 120_000)

  afterAll(async () => {
    await deployment.stop()
    await simulator.close()
  }, 60_000)

  it.each(protocols)(
    'is booked as %s bills it, or as an estimate where it tells no figures',
    async (protocol) => {
      const clients = newClients()
      const cases = faults.flatMap((fault) => [true, false].map((stream) => ({ fault, stream })))
      const answers = await Promise.all(
        cases.map(({ fault, stream }, index) => {
          const tag = `${protocol}-${index}`
          simulator.addFault({ match: { contains: `tag=${tag} ` }, fault })
          return send(clients, deployment.urls[0] ?? '', sender ?? { secret: '' }, {
            tag,
            endpoint: 'chat/completions',
            stream,
            body: JSON.stringify({
              model: `${protocol}/chat`,
              messages: [{ role: 'user', content: `[[sim tag=${tag} tokens=20]]` }],
              max_tokens: 100,
              user: tag,
              ...(stream ? { stream } : {}),
            }),
            hangUpAfterMs: undefined,
            hangUpAfterChunks: undefined,
          })
        }),
      )
      await clients.close()
      seen.push(...answers)
      const audit = await auditBooks({ deployment, simulator, teams: [wideTeam.name], seen }, 5_000)
      expect(
        audit.findings.map((finding) =>
          finding.replace(
            /^([\w-]+-)(\d+)/,
            (_, name: string, index: string) => `${name}${index} ${JSON.stringify(cases[Number(index)])}`,
          ),
        ),
      ).toEqual([])
      expect(audit.records).toBeGreaterThan(0)
    },
  )
})
