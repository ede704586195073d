import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { startSimulator } from './simulator.ts'

const main = new URL('./main.ts', import.meta.url).pathname

function run(port: number | string): { child: ChildProcess; output: () => string; errors: () => string } {
  const child = spawn(process.execPath, [main], { env: { ...process.env, PORT: String(port) } })
  let output = ''
  let errors = ''
  child.stdout.on('data', (part: Buffer) => (output += part.toString()))
  child.stderr.on('data', (part: Buffer) => (errors += part.toString()))
  return { child, output: () => output, errors: () => errors }
}

describe('npm run simulator', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('prints where everything is and stops on %s', async (signal) => {
    const { child, output } = run(0)
    while (!output().includes('/spark/x2')) await once(child.stdout ?? child, 'data')
    expect(output()).toMatch(
      /tongyi-compatible +http:\/\/127\.0\.0\.1:\d+\/tongyi\/compatible-mode\/v1 +apiKey=sk-sim-/,
    )
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output())?.[0] ?? ''
    expect((await fetch(`${url}/_sim/bill`)).status).toBe(200)
    // An open stream must not keep it alive.
    const open = await fetch(`${url}/openai/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk-sim' },
      body: JSON.stringify({
        model: 'gpt-like',
        stream: true,
        messages: [{ role: 'user', content: '[[sim tokens=9000 gap=50]]' }],
      }),
    })
    child.kill(signal)
    const [code] = (await once(child, 'exit')) as [number | null]
    expect(code).toBe(0)
    await expect(open.text()).rejects.toThrow('terminated')
  })

  it('says that the port is in use and fails', async () => {
    const other = await startSimulator()
    const { child, errors } = run(other.port)
    const [code] = (await once(child, 'exit')) as [number | null]
    await other.close()
    expect(code).toBe(1)
    expect(errors()).toContain(`Port ${other.port} on 127.0.0.1 is in use`)
  })

  it('refuses a port that is none', async () => {
    const { child, errors } = run('abc')
    const [code] = (await once(child, 'exit')) as [number | null]
    expect(code).toBe(1)
    expect(errors()).toContain('PORT must be a number')
  })
})
