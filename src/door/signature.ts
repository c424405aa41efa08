import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import { httpbis } from 'http-message-signatures'
import type { Terminal } from '../hospitals/hospital.ts'
import type { Instant } from '../kernel/day.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import { type Keys, unseal } from '../kernel/seal.ts'
import { type FirstUse, MAX_SKEW_MS } from './nonces.ts'

export type SignatureCheck = (c: Context, body: Uint8Array, terminal: Terminal) => Promise<Refusal | null>

const FIELDS_OF_BODY = ['@method', '@target-uri', 'content-type', 'content-digest']

/** RFC 9530: the digest the client states must be the digest of the bytes that arrived. */
function digestHolds(header: string | undefined, body: Uint8Array): boolean {
  const stated = /(?:^|,)\s*sha-256=:([A-Za-z0-9+/=]+):/.exec(header ?? '')?.[1]
  return stated !== undefined && stated === hash('sha256', body, 'base64')
}

/**
 * RFC 9421 with hmac-sha256 under the terminal's key, over method, address, type, digest and idempotency key.
 * `created` may be 60 s off; a nonce is good once. An unsigned request verifies as null, so only `true` counts.
 */
export function createSignatureCheck(keys: Keys, now: () => Instant, firstUse: FirstUse): SignatureCheck {
  return async (c, body, terminal) => {
    const headers = c.req.header()
    if (!headers.signature || !headers['signature-input'])
      return refuse('signature_required', '缺少 Signature 或 Signature-Input')
    if (c.req.method === 'POST' && !digestHolds(headers['content-digest'], body)) {
      return refuse('signature_invalid', 'Content-Digest 与请求体不符')
    }
    const secret = unseal(keys, `terminal.signing_key:${terminal.id}`, terminal.signing_key ?? '')
    let created = Number.NaN
    let nonce = ''
    const fields = c.req.method === 'POST' ? FIELDS_OF_BODY : ['@method', '@target-uri']
    const required = headers['idempotency-key'] === undefined ? fields : [...fields, 'idempotency-key']
    const holds = (url: string) =>
      httpbis.verifyMessage(
        {
          requiredFields: required,
          requiredParams: ['created', 'nonce', 'keyid'],
          notAfter: new Date(8.64e15),
          keyLookup: async (params) => {
            // Another's signature beside the terminal's own is passed over; its time and nonce must not count.
            if (params.keyid !== terminal.id) return null
            created = params.created instanceof Date ? params.created.getTime() : Number.NaN
            nonce = String(params.nonce ?? '')
            return {
              id: terminal.id,
              algs: ['hmac-sha256'],
              verify: async (data, signature) => {
                const mac = createHmac('sha256', secret).update(data).digest()
                return mac.length === signature.length && timingSafeEqual(mac, signature)
              },
            }
          },
        },
        { method: c.req.method, url, headers },
      )
    // The caller signs https where a TLS proxy stands in front, and the proxy speaks plain HTTP to the service.
    const sent = c.req.url
    const verified = await Promise.any(
      [sent, sent.replace(/^http:/, 'https:')].map(async (url) => (await holds(url)) === true || Promise.reject()),
    ).catch(() => false)
    if (verified !== true) return refuse('signature_invalid', '签名不符、覆盖的字段不全，或 keyid 不是本终端')
    const skew = Math.abs(now() - created)
    if (!(skew <= MAX_SKEW_MS)) return refuse('clock_skew', `签名时间与服务器相差 ${Math.round(skew / 1000)} 秒`)
    if (!firstUse(`${terminal.id}|${nonce}`, now())) return refuse('signature_replayed', 'nonce 已被使用过')
    return null
  }
}
