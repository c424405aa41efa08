import { createHash, createHmac } from 'node:crypto'
import { httpbis } from 'http-message-signatures'
import { beforeAll, describe, expect, test } from 'vitest'
import { revokeTerminal } from '../src/hospitals/revoke-terminal.ts'
import { eachEngine } from './engines.ts'
import { checkLedger } from './oracle.ts'
import { done, OPERATOR } from './people.ts'
import { type Answer, bill, HOSPITAL, newKey, openWorld, type Terminal, type World } from './world.ts'

const ADDRESS = 'http://localhost/v1/settlements'
const FIELDS = ['@method', '@target-uri', 'content-type', 'content-digest', 'idempotency-key']
const code = (a: Answer) => [a.status, a.json?.code]

interface Signing {
  readonly at: number
  readonly nonce: string
  readonly fields?: readonly string[]
  readonly keyid?: string
  readonly secret?: string
  readonly alg?: string
  readonly params?: readonly string[]
  readonly address?: string
}

/** Signs the way a hospital's system would: RFC 9421 by the library, the digest of RFC 9530 by hand. */
async function sign(terminal: Terminal, body: string, key: string, s: Signing): Promise<Record<string, string>> {
  const digest = `sha-256=:${createHash('sha256').update(body).digest('base64')}:`
  const headers = { 'content-type': 'application/json', 'content-digest': digest, 'idempotency-key': key }
  const signer = {
    id: s.keyid ?? terminal.id,
    alg: s.alg ?? 'hmac-sha256',
    sign: async (data: Buffer) =>
      createHmac('sha256', s.secret ?? terminal.key)
        .update(data)
        .digest(),
  }
  const signed = await httpbis.signMessage(
    {
      key: signer,
      fields: [...(s.fields ?? FIELDS)],
      params: [...(s.params ?? ['created', 'nonce', 'keyid', 'alg'])],
      paramValues: { created: new Date(s.at), nonce: s.nonce },
    },
    { method: 'POST', url: s.address ?? ADDRESS, headers },
  )
  return Object.fromEntries(Object.entries(signed.headers).map(([k, v]) => [k.toLowerCase(), String(v)]))
}

/** Rows 21–24 of the attack list. */
eachEngine((engine, open) => {
  let w: World
  let terminal: Terminal
  let nonces = 0
  const nonce = () => `nonce-${++nonces}`
  beforeAll(async () => {
    w = await openWorld(engine, open)
    terminal = await w.addTerminal(HOSPITAL, true)
  })
  const send = (raw: string, headers: Record<string, string>) =>
    w.call('POST', '/v1/settlements', { raw, headers, terminal })
  /** Signs and sends one bill; what is not said is as it should be. */
  async function post(change: Partial<Signing> = {}, body = JSON.stringify(bill()), key = newKey()) {
    const headers = await sign(terminal, body, key, { at: w.clock, nonce: nonce(), ...change })
    return send(body, headers)
  }

  test('a signed bill is settled', async () => {
    expect((await post()).status).toBe(201)
  })

  test('a bill signed for https, as it is behind a TLS proxy, is settled; for another host or path it is not', async () => {
    expect((await post({ address: ADDRESS.replace('http:', 'https:') })).status).toBe(201)
    for (const address of ['https://elsewhere/v1/settlements', 'https://localhost/v1/settlements/preview'])
      expect(code(await post({ address }))).toEqual([401, 'signature_invalid'])
  })

  describe('row 21: a signed request sent again', () => {
    test('with a second signature of nobody, whose time and nonce are fresh: refused', async () => {
      const body = JSON.stringify(bill())
      const headers = await sign(terminal, body, newKey(), { at: w.clock - 120_000, nonce: nonce() })
      const params = `("@method");created=${Math.floor(w.clock / 1000)};nonce="${nonce()}";keyid="nobody"`
      const both = {
        ...headers,
        signature: `${headers.signature}, other=:AAAA:`,
        'signature-input': `${headers['signature-input']}, other=${params}`,
      }
      expect(code(await send(body, both))).toEqual([401, 'clock_skew'])
    })

    test('inside the window: refused, and nothing is booked twice', async () => {
      const [body, key] = [JSON.stringify(bill()), newKey()]
      const headers = await sign(terminal, body, key, { at: w.clock, nonce: nonce() })
      expect((await send(body, headers)).status).toBe(201)
      const before = await checkLedger(w.store)
      expect(code(await send(body, headers))).toEqual([401, 'signature_replayed'])
      expect(await checkLedger(w.store)).toEqual(before)
    })

    test('signed anew under the same key: the stored answer', async () => {
      const [body, key] = [JSON.stringify(bill()), newKey()]
      const first = await post({}, body, key)
      const again = await post({}, body, key)
      expect([again.text, again.headers.get('idempotent-replayed')]).toEqual([first.text, 'true'])
    })

    test('after the window: refused for its age, however often the nonces have been forgotten', async () => {
      const [body, key] = [JSON.stringify(bill()), newKey()]
      const headers = await sign(terminal, body, key, { at: w.clock, nonce: nonce() })
      await send(body, headers)
      for (const later of [61_000, 301_000, 86_400_000]) {
        w.clock += later
        expect(code(await send(body, headers))).toEqual([401, 'clock_skew'])
        w.clock -= later
      }
    })

    test('a refused signature does not use up its nonce for the real one', async () => {
      const once = nonce()
      expect(code(await post({ nonce: once, secret: 'wrong' }))).toEqual([401, 'signature_invalid'])
      expect((await post({ nonce: once })).status).toBe(201)
    })
  })

  describe('row 22: a signature that does not vouch for the request', () => {
    test('none at all', async () => {
      const unsigned = await w.call('POST', '/v1/settlements', { body: bill(), key: newKey(), terminal })
      expect(code(unsigned)).toEqual([401, 'signature_required'])
    })

    test.each(FIELDS)('%s is not covered', async (field) => {
      expect(code(await post({ fields: FIELDS.filter((f) => f !== field) }))).toEqual([401, 'signature_invalid'])
    })

    test.each(['created', 'nonce', 'keyid'])('%s is not stated', async (param) => {
      const params = ['created', 'nonce', 'keyid', 'alg'].filter((p) => p !== param)
      expect(code(await post({ params }))).toEqual([401, 'signature_invalid'])
    })

    test.each<[string, Partial<Signing>]>([
      ['another key', { secret: 'mak_00000000000000000000000000000000' }],
      ['the keyid of nobody', { keyid: 'T0000000000' }],
      ['algorithm none', { alg: 'none' }],
      ['an algorithm of public keys', { alg: 'ed25519' }],
    ])('%s', async (_, change) => {
      expect(code(await post(change))).toEqual([401, 'signature_invalid'])
    })

    test('the keyid of another terminal, signed with its key', async () => {
      const other = await w.addTerminal(HOSPITAL, true)
      expect(code(await post({ keyid: other.id, secret: other.key }))).toEqual([401, 'signature_invalid'])
    })

    test('signed for another address', async () => {
      const body = JSON.stringify(bill())
      const headers = await sign(terminal, body, newKey(), { at: w.clock, nonce: nonce() })
      const elsewhere = await w.call('POST', '/v1/settlements/preview', { raw: body, headers, terminal })
      expect(code(elsewhere)).toEqual([401, 'signature_invalid'])
    })
  })

  describe('row 23: what was signed is changed on the way', () => {
    test('the body', async () => {
      const headers = await sign(terminal, JSON.stringify(bill()), newKey(), { at: w.clock, nonce: nonce() })
      expect(code(await send(JSON.stringify(bill()), headers))).toEqual([401, 'signature_invalid'])
    })

    test('the body and its digest', async () => {
      const headers = await sign(terminal, JSON.stringify(bill()), newKey(), { at: w.clock, nonce: nonce() })
      const body = JSON.stringify(bill())
      const digest = `sha-256=:${createHash('sha256').update(body).digest('base64')}:`
      expect(code(await send(body, { ...headers, 'content-digest': digest }))).toEqual([401, 'signature_invalid'])
    })

    test('the idempotency key, which would book it once more', async () => {
      const body = JSON.stringify(bill())
      const headers = await sign(terminal, body, newKey(), { at: w.clock, nonce: nonce() })
      expect(code(await send(body, { ...headers, 'idempotency-key': newKey() }))).toEqual([401, 'signature_invalid'])
    })

    test('a second, empty digest beside the right one', async () => {
      const body = JSON.stringify(bill())
      const headers = await sign(terminal, body, newKey(), { at: w.clock, nonce: nonce() })
      const twice = { ...headers, 'content-digest': `${headers['content-digest']}, sha-256=::` }
      expect(code(await send(body, twice))).toEqual([401, 'signature_invalid'])
    })
  })

  describe('row 24: who may not speak any more, and whose clock is wrong', () => {
    test.each([-600_000, -61_000, 61_000, 600_000])('a clock %i ms off', async (off) => {
      expect(code(await post({ at: w.clock + off }))).toEqual([401, 'clock_skew'])
    })

    test.each([-59_000, 59_000])('a clock %i ms off is near enough', async (off) => {
      expect((await post({ at: w.clock + off })).status).toBe(201)
    })

    test('a revoked terminal', async () => {
      const lost = await w.addTerminal(HOSPITAL)
      await done(revokeTerminal(w.service.deps, OPERATOR, lost.id))
      await new Promise((resolve) => setTimeout(resolve, 1100))
      const refused = await w.call('POST', '/v1/settlements', { body: bill(), key: newKey(), terminal: lost })
      expect(code(refused)).toEqual([401, 'terminal_revoked'])
    })

    test('nobody, and a key that was never given out', async () => {
      expect(code(await w.call('POST', '/v1/settlements', { body: bill(), key: newKey() }))).toEqual([
        401,
        'unauthenticated',
      ])
      for (const authorization of [
        'Bearer ',
        'Bearer x',
        `Basic ${terminal.key}`,
        `Bearer ${terminal.key}x`,
        terminal.key,
      ]) {
        const refused = await w.call('POST', '/v1/settlements', {
          body: bill(),
          key: newKey(),
          headers: { authorization },
        })
        expect(code(refused)).toEqual([401, 'unauthenticated'])
        expect(refused.headers.get('www-authenticate')).toBe('Bearer')
      }
    })
  })
})
