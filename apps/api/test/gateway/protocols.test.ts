import { adapters } from '@tollgate/adapters'
import type { Protocol } from '@tollgate/adapters/contract'
import type { BillAmounts } from '@tollgate/simulator'
import type OpenAI from 'openai'
import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { baseUrlOf, upstreamModels } from '../support/upstream-models.ts'

let app: TestGateway

beforeAll(async () => {
  app = await startTestGateway()
})

afterAll(async () => {
  await app.close()
})

const weather = {
  type: 'function' as const,
  function: {
    name: 'get_weather',
    description: 'Weather of a city',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' }, days: { type: 'integer' } },
      required: ['city'],
    },
  },
}

type Chat = Pick<ChatCompletionCreateParamsNonStreaming, 'messages' | 'tools'>

const chats: readonly {
  readonly name: string
  readonly chat: Chat
  readonly needs?: 'tools' | 'reasoning'
}[] = [
  {
    name: 'plain text',
    chat: { messages: [{ role: 'user', content: '你好, what can you do? [[sim tokens=40]]' }] },
  },
  {
    name: 'a long context with cached input',
    chat: {
      messages: [
        { role: 'system', content: 'Answer in one sentence.' },
        { role: 'user', content: `${'长文本 with some English. '.repeat(60)} [[sim tokens=30 cached=50]]` },
      ],
    },
  },
  {
    name: 'tools',
    needs: 'tools',
    chat: {
      messages: [{ role: 'user', content: 'How is the weather in 杭州? [[sim tools=1]]' }],
      tools: [weather],
    },
  },
  {
    name: 'reasoning',
    needs: 'reasoning',
    chat: { messages: [{ role: 'user', content: 'Think first. [[sim tokens=20 reasoning=15]]' }] },
  },
]

describe.each(Object.keys(adapters) as Protocol[])(
  '%s: usage records equal the bill of the provider',
  (protocol) => {
    const models = {
      plain: `${protocol}-plain`,
      tools: `${protocol}-tools`,
      reasoning: `${protocol}-reasoning`,
    }
    let client: OpenAI
    let teamId: string

    beforeAll(async () => {
      for (const [role, upstream] of Object.entries(upstreamModels[protocol])) {
        await app.addAccount({
          protocol,
          name: `${protocol}-${role}`,
          baseUrl: baseUrlOf(app.simulator, protocol, upstream),
          models: [{ name: `${protocol}-${role}`, upstream, maxOutputTokens: undefined }],
        })
      }
      const team = await app.addTeam()
      client = app.client(team.secret)
      teamId = team.teamId
    })

    for (const { name, chat, needs } of chats) {
      // Some platforms have no model that thinks, or none that calls tools.
      if (needs !== undefined && upstreamModels[protocol][needs] === undefined) continue
      const model = models[needs ?? 'plain']

      it(`${name}, whole answer`, async () => {
        const booked = await onlyNewRecord(async () => {
          const answer = await client.chat.completions.create({ ...chat, model, max_tokens: 256 })
          const message = answer.choices[0]?.message
          if (needs === 'tools') expectToolCalls(message?.tool_calls ?? [])
          else expect(message?.content).toBeTruthy()
          if (needs === 'reasoning') expect(message).toHaveProperty('reasoning_content')
          expect(answer.choices[0]?.finish_reason).toBe(needs === 'tools' ? 'tool_calls' : 'stop')
        })
        expect(booked.record).toEqual(booked.billed)
      })

      it(`${name}, streamed, with the client asking for usage`, async () => {
        const booked = await onlyNewRecord(async () => {
          const stream = client.chat.completions.stream({
            ...chat,
            model,
            max_tokens: 256,
            stream_options: { include_usage: true },
          })
          let chunksWithUsage = 0
          let last: unknown
          for await (const chunk of stream) {
            if (chunk.usage) chunksWithUsage += 1
            last = chunk.usage
          }
          expect(chunksWithUsage).toBe(1)
          expect(last).toHaveProperty('total_tokens')
          const final = await stream.finalChatCompletion()
          const message = final.choices[0]?.message
          if (needs === 'tools') expectToolCalls(message?.tool_calls ?? [])
          else expect(message?.content).toBeTruthy()
        })
        expect(booked.record).toEqual(booked.billed)
      })
    }

    it('streams without usage when the client did not ask for it', async () => {
      const stream = await client.chat.completions.create({
        model: models.plain,
        messages: [{ role: 'user', content: 'Short, please.' }],
        max_tokens: 32,
        stream: true,
      })
      let withUsage = 0
      for await (const chunk of stream) if (chunk.usage || chunk.choices.length === 0) withUsage += 1
      expect(withUsage).toBe(0)
    })

    /** Runs one request and compares what it added to our ledger with what it added to the provider's bill. */
    async function onlyNewRecord(
      request: () => Promise<void>,
    ): Promise<{ record: Amounts; billed: Amounts }> {
      const before = billOf(protocol)
      const rowsBefore = await ledgerRows(teamId)
      await request()
      await app.books.live.drain()
      const rows = (await ledgerRows(teamId)).slice(rowsBefore.length)
      expect(rows).toHaveLength(1)
      const [row] = rows
      expect(row?.['usage_source']).toBe('provider')
      expect(row?.['status']).toBe('ok')
      const after = billOf(protocol)
      return {
        record: {
          inputTokens: Number(row?.['input_tokens']),
          cachedInputTokens: Number(row?.['cached_input_tokens'] ?? 0),
          outputTokens: Number(row?.['output_tokens']),
          reasoningTokens: Number(row?.['reasoning_tokens'] ?? 0),
          totalTokens: Number(row?.['total_tokens']),
        },
        billed: {
          inputTokens: after.inputTokens - before.inputTokens,
          cachedInputTokens: after.cachedInputTokens - before.cachedInputTokens,
          outputTokens: after.outputTokens - before.outputTokens,
          reasoningTokens: after.reasoningTokens - before.reasoningTokens,
          totalTokens: after.totalTokens - before.totalTokens,
        },
      }
    }
  },
)

type Amounts = Omit<BillAmounts, 'requests' | 'freeTokens' | 'paidTokens'>

function billOf(protocol: string): Amounts {
  const sum = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, reasoningTokens: 0, totalTokens: 0 }
  for (const line of app.simulator.bill().lines) {
    if (line.protocol !== protocol) continue
    for (const name of Object.keys(sum) as (keyof Amounts)[]) sum[name] += line[name]
  }
  return sum
}

async function ledgerRows(teamId: string): Promise<Record<string, unknown>[]> {
  const { rows } = await app.database.pool.query<Record<string, unknown>>(
    'select * from usage_record where team_id = $1 order by request_id',
    [teamId],
  )
  return rows
}

function expectToolCalls(
  calls: readonly { type: string; id: string; function?: { name: string; arguments: string } }[],
) {
  expect(calls.length).toBeGreaterThan(0)
  expect(new Set(calls.map((call) => call.id)).size).toBe(calls.length)
  for (const call of calls) {
    expect(call.id).toBeTruthy()
    expect(call.function?.name).toBe('get_weather')
    expect(JSON.parse(call.function?.arguments ?? '')).toHaveProperty('city')
  }
}
