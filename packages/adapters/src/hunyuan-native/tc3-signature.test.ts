import { expect, it } from 'vitest'
import { tc3Authorization } from './tc3-signature.ts'

it('signs the example that the vendor publishes', () => {
  const authorization = tc3Authorization({
    secretId: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE',
    secretKey: 'Gu5t9xGARNpq86cd98joQYCN3EXAMPLE',
    service: 'cvm',
    path: '/',
    headers: { host: 'cvm.tencentcloudapi.com', 'content-type': 'application/json; charset=utf-8' },
    body: String.raw`{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}`,
    timestampSeconds: 1_551_113_065,
  })
  expect(authorization).toBe(
    'TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, ' +
      'SignedHeaders=content-type;host, ' +
      'Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168',
  )
})

const hello = {
  secretId: 'AKIDEXAMPLE0000000000000000000000001',
  secretKey: 'SECRETKEYEXAMPLE0000000000000001',
  service: 'hunyuan',
  path: '/',
  headers: { 'content-type': 'application/json', host: 'hunyuan.tencentcloudapi.com' },
  body: '{"Model":"hunyuan-lite","Messages":[{"Role":"user","Content":"你好"}],"Stream":false}',
  timestampSeconds: 1_735_689_600,
}

it('signs a chat as the vendor’s own package for Node does', () => {
  expect(tc3Authorization(hello)).toBe(
    'TC3-HMAC-SHA256 Credential=AKIDEXAMPLE0000000000000000000000001/2025-01-01/hunyuan/tc3_request, ' +
      'SignedHeaders=content-type;host, ' +
      'Signature=ee6769906bda3dadab08b8b26c883e48178deb21be1e18cd83194e8bc0f874f2',
  )
})

it('signs further headers in the order of their names', () => {
  const headers = { 'x-tc-action': 'chatcompletions', ...hello.headers }
  expect(tc3Authorization({ ...hello, headers })).toContain(
    'SignedHeaders=content-type;host;x-tc-action, ' +
      'Signature=92ec8528bc434401d11e268d53e41b0346538f285fd6a2def533e3681c0a98c7',
  )
})

it('takes the date of UTC', () => {
  const lateInUtc = Date.UTC(2025, 0, 1, 23, 59, 59) / 1000
  expect(tc3Authorization({ ...hello, timestampSeconds: lateInUtc })).toContain('/2025-01-01/')
  expect(tc3Authorization({ ...hello, timestampSeconds: lateInUtc + 1 })).toContain('/2025-01-02/')
})
