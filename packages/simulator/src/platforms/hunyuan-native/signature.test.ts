import { describe, expect, it } from 'vitest'
import { type SignedRequest, canonicalRequest, sha256, signTc3 } from './signature.ts'

interface Vector {
  readonly name: string
  readonly request: SignedRequest
  readonly secretKey: string
  readonly payloadHash: string
  readonly canonicalHash: string
  readonly signature: string
}

const published: Vector = {
  name: "0: Tencent's own example",
  request: {
    method: 'POST',
    query: '',
    body: String.raw`{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}`,
    headers: [
      ['content-type', 'application/json; charset=utf-8'],
      ['host', 'cvm.tencentcloudapi.com'],
    ],
    timestamp: '1551113065',
    date: '2019-02-25',
    service: 'cvm',
  },
  secretKey: 'Gu5t9xGARNpq86cd98joQYCN3EXAMPLE',
  payloadHash: '35e9c5b0e3ae67532d3c9f17ead6c90222632e5b1ff7f6e89887f1398934f064',
  canonicalHash: '5ffe6a04c0664d6b969fab9a13bdab201d63ee709638e2749d62a09ca18d7031',
  signature: '72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168',
}

const chinese: Vector = {
  name: '1: Chinese in the body',
  request: {
    method: 'POST',
    query: '',
    body: '{"Model":"hunyuan-lite","Messages":[{"Role":"user","Content":"你好"}],"Stream":false}',
    headers: [
      ['content-type', 'application/json'],
      ['host', 'hunyuan.tencentcloudapi.com'],
    ],
    timestamp: '1735689600',
    date: '2025-01-01',
    service: 'hunyuan',
  },
  secretKey: 'SECRETKEYEXAMPLE0000000000000001',
  payloadHash: '18e6af1a5dc2dc8cd6509e0f3a727c58a5617de0d607dca61c932dcb465ce608',
  canonicalHash: '1f238472164ef74149fd8b170c550a7cee3ffdda15ddb793161a63015eba8b14',
  signature: 'ee6769906bda3dadab08b8b26c883e48178deb21be1e18cd83194e8bc0f874f2',
}

const withAction: Vector = {
  ...chinese,
  name: '2: the action signed as well, in lower case whatever was sent',
  request: { ...chinese.request, headers: [...chinese.request.headers, ['X-TC-Action', 'ChatCompletions']] },
  canonicalHash: '96cbab666426173613fdd22cc519bb373fa91bfbdf32f1f3acec10112f3933e8',
  signature: '92ec8528bc434401d11e268d53e41b0346538f285fd6a2def533e3681c0a98c7',
}

describe('a TC3 signature is the one of the test vector', () => {
  it.each([published, chinese, withAction])(
    '$name',
    ({ request, secretKey, payloadHash, canonicalHash, signature }) => {
      expect(sha256(request.body)).toBe(payloadHash)
      expect(sha256(canonicalRequest(request))).toBe(canonicalHash)
      expect(signTc3(request, secretKey)).toBe(signature)
    },
  )
})
