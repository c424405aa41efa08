import { createHmac, hash } from 'node:crypto'
import { sha256 } from '../kernel/canonical.ts'
import type { Instant } from '../kernel/day.ts'
import { randomText } from '../kernel/ids.ts'

/** What a terminal that was added with `--signed` signs with: its number and its key. */
export interface Signer {
  readonly terminalId: string
  readonly key: string
}

interface Signed {
  readonly method: string
  readonly url: string
  /** In lower case; only what the signature covers is read. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | null
}

const COVERED = ['content-type', 'content-digest', 'idempotency-key']

/** RFC 9421 with hmac-sha256 and RFC 9530: the headers to add. A new nonce every time, also when a request is repeated. */
export function signMessage({ method, url, headers, body }: Signed, by: Signer, at: Instant): Record<string, string> {
  const digest = body === null ? {} : { 'content-digest': `sha-256=:${hash('sha256', body, 'base64')}:` }
  const all: Record<string, string> = { ...headers, ...digest }
  const fields = COVERED.filter((name) => all[name] !== undefined)
  const lines: (readonly [string, string])[] = [
    ['@method', method],
    ['@target-uri', url],
    ...fields.map((name) => [name, all[name] ?? ''] as const),
  ]
  const names = lines.map(([name]) => `"${name}"`).join(' ')
  const created = Math.floor(at / 1000)
  const parameters = `(${names});created=${created};nonce="${randomText(26)}";keyid="${by.terminalId}";alg="hmac-sha256"`
  const base = [...lines, ['@signature-params', parameters]].map(([name, value]) => `"${name}": ${value}`).join('\n')
  const mac = createHmac('sha256', by.key).update(base).digest('base64')
  return { ...digest, 'signature-input': `sig1=${parameters}`, signature: `sig1=:${mac}:` }
}

/** The name and secret of a terminal at the gateway of the national interface. */
export interface Tif {
  readonly paasid: string
  readonly secret: string
}

/** The `x-tif-*` headers: SHA-256 over time, secret, nonce and time again; the body is not signed. */
export function tifHeaders({ paasid, secret }: Tif, at: Instant): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000))
  const nonce = randomText(26)
  return {
    'x-tif-paasid': paasid,
    'x-tif-timestamp': timestamp,
    'x-tif-nonce': nonce,
    'x-tif-signature': sha256(timestamp + secret + nonce + timestamp),
  }
}
