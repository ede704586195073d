import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { v7 as uuidv7 } from 'uuid'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'

let app: TestGateway

beforeAll(async () => {
  app = await startTestGateway()
})

afterAll(async () => {
  await app.close()
})

describe('a route', () => {
  it('that is switched off closes its name, while its offerings stay reachable by their pinned names', async () => {
    await app.addAccount({ protocol: 'ark', models: [{ name: 'doubao-1-5-lite-32k-250115' }] })
    const { secret } = await app.addTeam()
    const ask = (model: string) =>
      app
        .client(secret)
        .chat.completions.create({ model, messages: [{ role: 'user', content: 'hi' }], max_tokens: 20 })
    await ask('doubao-1-5-lite-32k-250115')
    await app.database.prisma.route.create({
      data: { id: uuidv7(), model: 'doubao-1-5-lite-32k-250115', enabled: false },
    })
    await app.books.keeper.refresh()
    await expect(ask('doubao-1-5-lite-32k-250115')).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
    })
    await ask('ark-main/doubao-1-5-lite-32k-250115')
  })

  it('of DeepSeek’s own platform has the prices of the price book', async () => {
    await app.database.prisma.priceVersion.create({
      data: {
        id: uuidv7(),
        provider: 'deepseek',
        model: 'deepseek-flash',
        price: { tiers: [{ inputNanosPerMillion: '1', outputNanosPerMillion: '2' }] },
        effectiveFrom: new Date(0),
        origin: 'price-book',
      },
    })
    const priceAt = async (name: string, baseUrl: string) => {
      await app.addAccount({
        protocol: 'openai',
        name,
        baseUrl,
        models: [{ name: `${name}-flash`, upstream: 'deepseek-flash', price: undefined }],
      })
      return app.books.keeper.current().routes.get(`${name}-flash`)?.offerings[0]?.price
    }
    expect(await priceAt('theirs', 'https://api.deepseek.com/v1')).toBeDefined()
    expect(await priceAt('another', 'https://api.deepseek.com.example.org/v1')).toBeUndefined()
  })
})
