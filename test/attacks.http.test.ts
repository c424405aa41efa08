import { rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openStore } from '../src/store/open.ts'
import type { Place } from './engines.ts'
import { type Running, startService } from './process.ts'
import { bill, newKey, openWorld, type World } from './world.ts'

/** Rows 1–9 and 18 of the attack list: what reaches the socket, byte by byte, against the service as it runs. */
let w: World
let service: Running
beforeAll(async () => {
  w = await openWorld('sqlite', (place?: Place) => openStore(place as Place))
  await w.store.close()
  service = await startService(w.place, { env: { ALLOWED_HOSTS: '127.0.0.1,assist.example' } })
})
afterAll(async () => {
  await service.stop()
  rmSync(w.place.dataDir, { recursive: true, force: true })
})

interface Heard {
  readonly text: string
  readonly closed: boolean
}

/** Sends bytes and listens until the line is closed, or silent for `patience` ms after something was heard. */
function say(bytes: string, patience = 300, then?: (socket: Socket) => void): Promise<Heard> {
  return new Promise((resolve) => {
    const socket = connect(service.port, '127.0.0.1', () => {
      socket.write(Buffer.from(bytes, 'latin1'))
      then?.(socket)
    })
    let text = ''
    let timer: NodeJS.Timeout | undefined
    const end = (closed: boolean) => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ text, closed })
    }
    socket.on('data', (part) => {
      text += part.toString('utf8')
      clearTimeout(timer)
      timer = setTimeout(() => end(false), patience)
    })
    socket.on('error', () => end(true))
    socket.on('close', () => end(true))
  })
}

const head = (...lines: string[]) => `${['POST /v1/settlements HTTP/1.1', ...lines].join('\r\n')}\r\n\r\n`
const HOST = 'Host: 127.0.0.1'
const JSON_TYPE = 'Content-Type: application/json'
const auth = () => `Authorization: Bearer ${w.terminal.key}`
const status = (heard: Heard) => Number(/^HTTP\/1\.1 (\d+)/.exec(heard.text)?.[1])
const problem = (heard: Heard) => JSON.parse(heard.text.slice(heard.text.indexOf('{'))) as { code: string }

describe('row 1: broken framing is refused and the line is closed', () => {
  test.each([
    ['Content-Length and Transfer-Encoding', head(HOST, 'Content-Length: 5', 'Transfer-Encoding: chunked')],
    ['two Content-Lengths', head(HOST, 'Content-Length: 5', 'Content-Length: 6')],
    ['a folded header', head(HOST, 'X-A: a\r\n b')],
    ['bare LF', 'POST /v1/settlements HTTP/1.1\nHost: 127.0.0.1\n\n'],
    ['a space before the colon', head(HOST, 'Content-Length : 5')],
    ['a bad chunk', `${head(HOST, JSON_TYPE, 'Transfer-Encoding: chunked')}zz\r\n`],
    ['a method nobody knows', 'STEAL / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'],
    ['something that is not HTTP', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['a NUL in a header', head(HOST, 'X-A: a\0b')],
  ])('%s', async (_, bytes) => {
    const heard = await say(bytes)
    expect([status(heard), heard.closed]).toEqual([400, true])
    expect([heard.text.includes('application/problem+json'), problem(heard).code]).toEqual([true, 'malformed_http'])
  })
})

test('row 1: a request without Host is refused by node itself, before anybody can word it', async () => {
  const heard = await say(head('Content-Length: 0'))
  expect([status(heard), heard.closed]).toEqual([400, true])
})

test('row 2: a header of 20 KB is 431', async () => {
  const heard = await say(head(HOST, `X-A: ${'a'.repeat(20_000)}`))
  expect([status(heard), problem(heard).code, heard.closed]).toEqual([431, 'headers_too_large', true])
})

describe('row 3: a body over the limit is 413 and is not read to its end', () => {
  test('announced by Content-Length', async () => {
    const heard = await say(head(HOST, auth(), JSON_TYPE, 'Content-Length: 2000000', `Idempotency-Key: ${newKey()}`))
    expect([status(heard), problem(heard).code]).toEqual([413, 'body_too_large'])
  })

  test('in chunks without end', async () => {
    const chunk = `10000\r\n${'a'.repeat(65_536)}\r\n`
    let sent = 0
    const heard = await say(head(HOST, auth(), JSON_TYPE, 'Transfer-Encoding: chunked'), 1000, (socket) => {
      const more = () => {
        while (!socket.destroyed && sent < 200_000_000 && socket.write(chunk)) sent += chunk.length
      }
      socket.on('drain', more)
      more()
    })
    expect([status(heard), problem(heard).code]).toEqual([413, 'body_too_large'])
    expect(sent).toBeLessThan(20_000_000)
  })
})

test('row 4: a compressed body is 415, it is not opened', async () => {
  const answer = await supertest(`http://127.0.0.1:${service.port}`)
    .post('/v1/settlements')
    .set({ authorization: `Bearer ${w.terminal.key}`, 'content-type': 'application/json', 'content-encoding': 'gzip' })
    .send('x')
  expect([answer.status, answer.body.code]).toEqual([415, 'unsupported_media_type'])
})

describe('row 6: a method the address does not know is 405 and says which it knows', () => {
  test.each(['PUT', 'DELETE', 'PATCH', 'TRACE', 'OPTIONS'])('%s', async (method) => {
    const heard = await say(`${method} /v1/settlements HTTP/1.1\r\n${HOST}\r\nConnection: close\r\n\r\n`)
    expect([status(heard), problem(heard).code]).toEqual([405, 'method_not_allowed'])
    expect(/^allow: (.*)$/im.exec(heard.text)?.[1]?.split(', ').sort()).toEqual(['GET', 'POST'])
  })

  test('CONNECT is no proxy', async () => {
    expect((await say('CONNECT example.org:443 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')).closed).toBe(true)
  })
})

describe('row 7: the host must be ours, whichever way it is said', () => {
  const ask = (target: string, ...lines: string[]) =>
    say(`GET ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`)
  test.each([
    ['Host of another', '/healthz', 'Host: evil.example'],
    ['absolute address of another', 'http://evil.example/healthz', HOST],
    ['absolute address of ours, Host of another', 'http://127.0.0.1/healthz', 'Host: evil.example'],
    ['our name as a prefix', '/healthz', 'Host: 127.0.0.1.evil.example'],
    ['two Hosts, both ours', '/healthz', `${HOST}\r\n${HOST}`],
    ['our name before an @', '/healthz', 'Host: 127.0.0.1@evil.example'],
  ])('%s: refused', async (_, target, host) => {
    const heard = await ask(target, host)
    expect([400, 421]).toContain(status(heard))
    if (status(heard) === 421) expect(problem(heard).code).toBe('wrong_host')
  })

  test.each(['Host: 127.0.0.1', 'Host: 127.0.0.1:8080', 'Host: ASSIST.example'])('%s: served', async (host) => {
    expect(status(await ask('/healthz', host))).toBe(200)
  })

  test('forwarded headers are not believed', async () => {
    const plain = await ask('/healthz', HOST)
    const spoofed = await ask(
      '/healthz',
      HOST,
      'X-Forwarded-Host: evil.example',
      'X-Forwarded-For: 1.1.1.1',
      'Forwarded: host=e',
    )
    expect(spoofed.text.replace(/^date.*$/im, '')).toBe(plain.text.replace(/^date.*$/im, ''))
  })
})

test('row 8: 200 senders that never finish hold nobody up, and are shown out', async () => {
  const slow = Array.from({ length: 200 }, () => say('GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A:', 20_000))
  const client = supertest(`http://127.0.0.1:${service.port}`)
  for (let i = 0; i < 5; i++) expect((await client.get('/healthz')).status).toBe(200)
  const heard = await Promise.all(slow)
  expect(heard.every((h) => h.closed && status(h) === 408)).toBe(true)
  expect(problem(heard[0] as Heard).code).toBe('request_timeout')
}, 25_000)

test('row 9: 200 requests in one breath are answered in their order', async () => {
  const path = (i: number) => `/problems/${i % 2 ? 'overloaded' : 'forbidden'}`
  const requests = Array.from({ length: 200 }, (_, i) => `GET ${path(i)} HTTP/1.1\r\n${HOST}\r\n\r\n`)
  const { text } = await say(requests.join(''), 1000)
  const codes = [...text.matchAll(/"code":"(\w+)"/g)].map((m) => m[1])
  expect(codes).toEqual(requests.map((_, i) => (i % 2 ? 'overloaded' : 'forbidden')))
})

describe('row 18: no path leads out of the addresses there are', () => {
  test.each([
    '/docs/../../package.json',
    '/docs/%2e%2e/%2e%2e/package.json',
    '/docs/..%2f..%2fpackage.json',
    '/docs/swagger-ui.css%00',
    '/docs//etc/passwd',
    '/v1/settlements/%2e%2e%2fhealthz',
    '/v1/settlements/..%5c..%5cx',
  ])('%s', async (path) => {
    const heard = await say(`GET ${path} HTTP/1.1\r\n${HOST}\r\n${auth()}\r\nConnection: close\r\n\r\n`)
    expect([400, 404]).toContain(status(heard))
    expect(heard.text).toContain('application/problem+json')
    expect(heard.text).not.toMatch(/root:|dependencies/)
  })

  test('a broken escape in the path is the sender’s fault, not ours', async () => {
    const heard = await say(`GET /v1/settlements/%zz HTTP/1.1\r\n${HOST}\r\n${auth()}\r\nConnection: close\r\n\r\n`)
    expect([400, 404]).toContain(status(heard))
  })
})

test('an address that is none is 404, whoever asks', async () => {
  const heard = await say(`GET /v1/nothing HTTP/1.1\r\n${HOST}\r\nConnection: close\r\n\r\n`)
  expect([status(heard), problem(heard).code]).toEqual([404, 'not_found'])
})

test('an ordinary settlement over a real socket, and its repetition', async () => {
  const [body, key] = [bill(), newKey()]
  const post = () =>
    supertest(`http://127.0.0.1:${service.port}`)
      .post('/v1/settlements')
      .set({ authorization: `Bearer ${w.terminal.key}`, 'idempotency-key': key })
      .send(body)
  const first = await post()
  const second = await post()
  expect([first.status, second.status, second.text]).toEqual([201, 201, first.text])
  expect([first.headers['cache-control'], second.headers['idempotent-replayed']]).toEqual(['no-store', 'true'])
})
