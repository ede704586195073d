import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dashboardRoutes } from './dashboard-api.ts'

let app: FastifyInstance
beforeAll(async () => {
  app = Fastify({ logger: false })
  await app.register((scope) =>
    dashboardRoutes(scope, {
      version: '1.2.3',
      use: () => {
        throw new Error('the reference needs no services')
      },
    }),
  )
  await app.ready()
})
afterAll(() => app.close())

interface Operation {
  readonly operationId?: string
  readonly summary?: string
  readonly tags?: readonly string[]
  readonly responses: Readonly<Record<string, unknown>>
}

async function readDocument() {
  const answer = await app.inject('/openapi.json')
  expect(answer.statusCode).toBe(200)
  return answer.json<{
    info: { version: string }
    paths: Record<string, Record<string, Operation>>
    components: { schemas: Record<string, unknown> }
  }>()
}

describe('the reference', () => {
  it('is written without a database, and names every operation once', async () => {
    const document = await readDocument()
    expect(document.info.version).toBe('1.2.3')
    const operations = Object.values(document.paths).flatMap((item) => Object.values(item))
    const ids = operations.map((operation) => operation.operationId)
    expect(ids.length).toBeGreaterThan(50)
    expect(new Set(ids).size).toBe(ids.length)
    for (const operation of operations) {
      expect(operation.summary, operation.operationId).toBeTruthy()
      expect(operation.tags, operation.operationId).toHaveLength(1)
      expect(Object.keys(operation.responses), operation.operationId).toEqual(
        expect.arrayContaining(['4XX', '5XX']),
      )
    }
  })

  it('has no type that nothing leads to, and no link into nowhere', async () => {
    const document = await readDocument()
    const links = new Set(JSON.stringify(document).match(/#\/components\/schemas\/\w+/g))
    expect(links).toEqual(
      new Set(Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`)),
    )
  })

  it('is a page that loads nothing and runs nothing', async () => {
    const answer = await app.inject('/docs')
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
    expect(answer.body).not.toMatch(/<(script|img|link|iframe|object)\b|\bsrc=|url\(|@import|https?:\/\//)
    const document = await readDocument()
    for (const item of Object.values(document.paths))
      for (const { operationId } of Object.values(item)) expect(answer.body).toContain(`id="${operationId}"`)
    const anchors = [...answer.body.matchAll(/href="#([^"]+)"/g)].map(([, name]) => name)
    for (const anchor of anchors) expect(answer.body).toContain(`id="${anchor}"`)
  })
})
