import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** A simulator in a process of its own, whose clock no test can turn. Ends with the scope it was started in. */
export async function startApart(): Promise<{ readonly port: number } & AsyncDisposable> {
  const main = new URL('../main.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [main], { env: { PATH: '', PORT: '0' } })
  let output = ''
  child.stdout.on('data', (part: Buffer) => (output += part.toString()))
  while (!/127\.0\.0\.1:\d+/.test(output)) await once(child.stdout, 'data')
  return {
    port: Number(/127\.0\.0\.1:(\d+)/.exec(output)?.[1]),
    async [Symbol.asyncDispose]() {
      child.kill()
      await once(child, 'exit')
    },
  }
}
