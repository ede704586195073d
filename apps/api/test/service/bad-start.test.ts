import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failToStart, freePort, startServiceProcess } from '../support/service.ts'

let directory: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tollgate-start-'))
})

afterAll(async () => {
  await rm(directory, { recursive: true, force: true })
})

describe('a start that cannot succeed says what to do, and leaves nothing behind', () => {
  it('when the port is in use', async () => {
    const port = await freePort()
    const squatter = createServer().listen(port, '127.0.0.1')
    const { code, output } = await failToStart({ dataDirectory: join(directory, 'port'), port })
    squatter.close()
    expect(code).toBe(1)
    expect(output).toContain(`Port ${port} on 127.0.0.1 is in use by another program. Stop it, or set PORT`)
    expect(output).not.toContain('    at ')
  })

  it('when the data directory cannot be written', async () => {
    // Root may write anywhere, but nobody can make a folder below a file.
    const file = join(directory, 'a-file')
    await writeFile(file, '')
    const { code, output } = await failToStart({ dataDirectory: join(file, 'data') })
    expect(code).toBe(1)
    expect(output).toContain('cannot be written')
    expect(output).toContain('TOLLGATE_DATA_DIR')
  })

  it('when a variable is wrong, all of them at once', async () => {
    const { code, output } = await failToStart({
      dataDirectory: join(directory, 'env'),
      env: { LEDGER_DURABILITY: 'paper', TOLLGATE_IDLE_TIMEOUT_MS: 'soon' },
    })
    expect(code).toBe(1)
    expect(output).toContain('LEDGER_DURABILITY')
    expect(output).toContain('TOLLGATE_IDLE_TIMEOUT_MS')
  })

  it('when tollgate.yaml has a typo: file, line and the nearest word', async () => {
    const path = join(directory, 'tollgate.yaml')
    await writeFile(path, 'currency: CNY\naccounts:\n  - name: main\n    provder: tongyi\n')
    const { code, output } = await failToStart({
      dataDirectory: join(directory, 'yaml'),
      env: { TOLLGATE_CONFIG: path },
    })
    expect(code).toBe(1)
    expect(output).toMatch(/tollgate\.yaml:4:\d+/)
    expect(output).toContain('"provider"')
  })

  it('when another Tollgate uses the data directory', async () => {
    const dataDirectory = join(directory, 'twice')
    await mkdir(dataDirectory)
    await chmod(dataDirectory, 0o755)
    const first = await startServiceProcess({ dataDirectory })
    const { code, output } = await failToStart({ dataDirectory })
    expect(code).toBe(1)
    expect(output).toContain('is in use by another Tollgate')
    expect(await first.kill('SIGTERM')).toBe(0)
  })
})
