import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSimulator, type Simulator } from '@tollgate/simulator'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServiceProcess, type ServiceProcess } from '../support/service.ts'
import { until } from '../support/until.ts'

const screenshots = join(import.meta.dirname, '../../../../artifacts/screenshots')
const executablePath = process.env['TOLLGATE_CHROMIUM']

let simulator: Simulator
let service: ServiceProcess
let dataDirectory: string
let browser: Browser
let page: Page
const complaints: string[] = []

beforeAll(async () => {
  if (executablePath === undefined) {
    throw new Error(
      'No Chromium: run the tests by "npm test", which finds or installs one, or set TOLLGATE_CHROMIUM.',
    )
  }
  await mkdir(screenshots, { recursive: true })
  dataDirectory = await mkdtemp(join(tmpdir(), 'tollgate-browser-'))
  simulator = await startSimulator()
  service = await startServiceProcess({ dataDirectory })
  browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
  const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 } })
  page = await context.newPage()
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
})

afterAll(async () => {
  await browser?.close()
  await service?.kill('SIGTERM')
  await simulator?.close()
  await rm(dataDirectory, { recursive: true, force: true })
})

const byId = (id: string) => page.getByTestId(id)
const shoot = (name: string) => page.screenshot({ path: join(screenshots, `${name}.png`) })

describe('a new user in a real browser', () => {
  it('opens the set-up link and makes the owner account', async () => {
    const link = /http:\/\/\S+\/setup\?token=\S+/.exec(service.output())?.[0] ?? ''
    const { search, pathname } = new URL(link)
    await page.goto(`${service.url}${pathname}${search}`)
    await byId('setup-name').fill('Ada')
    await byId('setup-email').fill('ada@example.com')
    await byId('setup-password').fill('correct horse battery')
    await shoot('1-setup')
    await byId('setup-submit').click()
    await byId('provider-card-tongyi').waitFor()
  })

  it('adds a provider: a wrong key is told apart, the right one passes', async () => {
    await shoot('2-choose-provider')
    await byId('provider-card-tongyi').click()
    if (await byId('wizard-next').isVisible()) await byId('wizard-next').click()
    await byId('account-name').fill('tongyi-main')
    const baseUrl = byId('base-url')
    if (!(await baseUrl.isVisible())) await byId('advanced').click()
    await baseUrl.fill(simulator.endpoints['tongyi-compatible']?.baseUrl ?? '')
    await byId('credential-apiKey').fill('sk-wrong')
    await byId('test-connection').click()
    await page.locator('[data-testid="test-result"][data-ok="false"]').waitFor()
    await shoot('3-wrong-key')
    await byId('credential-apiKey').fill(
      simulator.endpoints['tongyi-compatible']?.credentials['apiKey'] ?? '',
    )
    await byId('test-connection').click()
    await page.locator('[data-testid="test-result"][data-ok="true"]').waitFor()
    await shoot('4-right-key')
    await byId('wizard-next').click()
  })

  it('confirms the free grants that the catalogue proposes', async () => {
    await byId('grant-row-0').waitFor()
    await shoot('5-grants')
    await byId('wizard-next').click()
    await byId('team-name').waitFor()
    const { data } = await service.api<{ data: unknown[] }>('GET', '/api/grants')
    expect(data.length).toBeGreaterThan(0)
  })

  it('makes a team and a key, which is shown once with snippets to paste', async () => {
    await byId('team-name').fill('research')
    await byId('key-name').fill('notebook')
    await byId('create-key').click()
    await byId('key-secret').waitFor()
    await shoot('6-key')
    expect(await secret()).toMatch(/^sk-tg-/)
    await byId('wizard-next').click()
    await page.getByText('/v1/chat/completions').first().waitFor()
    await shoot('7-snippets')
  })

  it('sees a call on the overview within two seconds: spend, tokens, requests, and the grant it used', async () => {
    const { secret: another } = await service.api<{ secret: string }>('POST', '/api/teams/research/keys', {
      name: 'test',
    })
    await page.goto(`${service.url}/`)
    await byId('metric-requests').waitFor()
    expect(await byId('metric-requests').textContent()).toMatch(/0/)
    const response = await fetch(`${service.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${another}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'qwen-plus',
        messages: [{ role: 'user', content: '你好 [[sim tokens=500]]' }],
      }),
    })
    expect(response.status).toBe(200)
    const answer = (await response.json()) as { usage: { total_tokens: number } }
    const answeredAt = performance.now()
    const used = page.locator(`[data-testid="grant-bar"][data-used="${answer.usage.total_tokens}"]`)
    await used.waitFor()
    expect(performance.now() - answeredAt).toBeLessThan(2_000)
    expect(await byId('metric-requests').textContent()).toMatch(/1/)
    expect(await byId('metric-tokens').textContent()).toContain(String(answer.usage.total_tokens))
    expect(await byId('metric-spend').textContent()).toMatch(/0/)
    expect(await byId('metric-saved').textContent()).toMatch(/0\.00/)
    expect(await used.getAttribute('data-held')).toBe('0')
    await shoot('8-overview')
  })

  it('corrects a price of the past, and sees what that changed', async () => {
    await page.goto(`${service.url}/providers/tongyi-main?tab=models`)
    await page.getByRole('row', { name: 'qwen-plus', exact: false }).first().getByRole('button').click()
    await byId('price-from').fill(new Date().toISOString().slice(0, 10))
    await page.getByRole('dialog').getByRole('textbox').first().fill('1000')
    await byId('price-save').click()
    expect(await byId('price-repriced').textContent()).toContain('1 booked request was priced again')
    const { data } = await service.api<{ data: { id: string }[] }>('GET', '/api/requests')
    await page.goto(`${service.url}/requests?id=${data[0]?.id}`)
    await byId('request-adjustments').waitFor()
    await shoot('9-request')
  })

  it('limits a team in every way that there is, and is told why it cannot go on uncounted', async () => {
    await page.goto(`${service.url}/teams/research`)
    await byId('quota-add').first().click()
    await byId('quota-limit').fill('5000000')
    await byId('quota-window').selectOption('month')
    await byId('quota-bounded').click()
    await shoot('10-quota')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await until(async () => (await page.getByRole('dialog').count()) === 0)
    await service.api('POST', '/api/teams/research/quotas', {
      metric: 'tokens',
      window: 'total',
      limit: 1,
      hard: false,
    })
    await byId('quota-passed').waitFor()
    await page.getByRole('button', { name: 'Actions for this team' }).click()
    await page.getByRole('menuitem', { name: 'While counters are away' }).click()
    await byId('counters-down-allow').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    const refusal = page.getByRole('dialog').getByRole('alert')
    await refusal.waitFor()
    expect(await refusal.textContent()).toContain('hard quotas')
    await shoot('11-refusal')
  })

  it('chooses how to prove itself to a platform, and is asked for the whole of what was chosen', async () => {
    await page.goto(`${service.url}/welcome?step=credentials&provider=ark`)
    await byId('credential-apiKey').fill('ark-of-the-test')
    await byId('way-accessKeyId').click()
    expect(await byId('credential-apiKey').count()).toBe(0)
    await byId('credential-accessKeyId').fill('AKLT-of-the-test')
    await byId('wizard-next').click()
    await page.locator('[data-testid="credential-secretAccessKey"][aria-invalid="true"]').waitFor()
    expect(await byId('credential-accessKeyId').getAttribute('aria-invalid')).toBe('false')
    expect(await byId('key-guide').textContent()).toContain('IAM')
    await shoot('12-access-key')
    const { baseUrl = '', signedCredentials } = simulator.endpoints['ark'] ?? {}
    for (const [name, value] of Object.entries(signedCredentials ?? {}))
      await byId(`credential-${name}`).fill(value)
    await byId('base-url').fill(baseUrl)
    await byId('name-models').click()
    await byId('model-name-0').fill('doubao-own')
    await byId('model-upstream-0').fill('ep-sim-doubao-seed-1-6-251015')
    await byId('advanced').click()
    await byId('option-controlUrl').fill('open.volcengineapi.com')
    await byId('test-connection').click()
    await page.locator('[data-testid="option-controlUrl"][aria-invalid="true"]').waitFor()
    await byId('option-controlUrl').fill(new URL(baseUrl).origin)
    await byId('test-connection').click()
    await page.locator('[data-testid="test-result"][data-ok="true"]').waitFor()
    await byId('way-apiKey').click()
    expect(await byId('credential-apiKey').inputValue()).toBe('ark-of-the-test')
    expect(await byId('credential-accessKeyId').count()).toBe(0)
    const { data } = await service.api<{ data: unknown[] }>('GET', '/api/accounts')
    expect(data).toHaveLength(1)
  })

  it('finds the way to older credentials right under the fields for the usual ones', async () => {
    await page.goto(`${service.url}/welcome?step=credentials&provider=hunyuan`)
    await byId('other-credentials').click()
    await page.locator('[data-testid="protocol-tokenhub"][aria-checked="true"]:focus').waitFor()
    await byId('protocol-hunyuan-openai').click()
    await page.locator('[data-testid="protocol-hunyuan-openai"][aria-checked="true"]').waitFor()
    expect(await byId('key-guide').textContent()).toContain('Hunyuan console')
    await shoot('13-other-credentials')
  })

  it('runs a job from the page and sees how it went', async () => {
    await page.goto(`${service.url}/operations`)
    await byId('run-verify-books').click()
    await page.locator('[data-testid="job-verify-books"][data-status="ok"]').waitFor({ timeout: 60_000 })
    await shoot('14-operations')
    await byId('tab-estimates').click()
    await page.getByRole('cell', { name: 'qwen-plus' }).waitFor()
  })

  it('finds every page finished, in both languages and both themes, without a complaint in the console', async () => {
    const context = await browser.newContext({
      locale: 'zh-CN',
      colorScheme: 'dark',
      viewport: { width: 1440, height: 900 },
      storageState: await page.context().storageState(),
    })
    const dark = await context.newPage()
    dark.on('pageerror', (error) => complaints.push(error.message))
    for (const path of [
      '/',
      '/providers',
      '/providers/tongyi-main',
      '/teams',
      '/teams/research',
      '/keys',
      '/requests',
      '/operations',
      '/operations?tab=estimates',
    ]) {
      for (const [theme, tab] of [
        ['light', page],
        ['dark', dark],
      ] as const) {
        await tab.goto(`${service.url}${path}`)
        await tab.locator('h1').first().waitFor()
        // The pages poll, so the network is never idle: what they wait for shows as skeletons.
        await until(async () => (await tab.locator('.animate-pulse').count()) === 0)
        await tab.screenshot({ path: join(screenshots, `page${path.replaceAll(/\W/g, '-')}-${theme}.png`) })
      }
    }
    expect(await dark.locator('html').getAttribute('lang')).toBe('zh-CN')
    await context.close()
    expect(complaints.filter((text) => !text.includes('status of 4'))).toEqual([])
  })
})

async function secret(): Promise<string> {
  const element = byId('key-secret')
  return (await element.inputValue().catch(() => undefined)) ?? (await element.textContent()) ?? ''
}
