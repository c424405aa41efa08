import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { canSelfSign, selfSigned } from '../../test/self-signed.ts'
import { sendTo } from './platform.ts'

const found = canSelfSign('the platform behind TLS')

const folder = mkdtempSync(join(tmpdir(), 'platform-tls-'))
const before = getCACertificates('default')
let server: Server
let cert = ''
let port = 0
const heard: string[] = []

beforeAll(async () => {
  if (!found) return
  const made = selfSigned(folder, 2)
  cert = made.cert
  server = createServer({ key: made.key, cert }, (request, response) => {
    heard.push(`${request.method} ${request.url} ${request.headers.host}`)
    request.resume().on('end', () => response.end('{"infcode":0}'))
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(async () => {
  setDefaultCACertificates(before)
  rmSync(folder, { recursive: true, force: true })
  if (found) await new Promise((resolve) => server.close(resolve))
})

const send = (url: string) =>
  sendTo({ url, style: 'infno', timeout_ms: 2000 }, { infno: '2207', service: '', headers: {}, body: '{}' })

describe.skipIf(!found)('医保平台用 HTTPS', () => {
  test('不认识的证书：报文没有发出', async () => {
    expect(await send(`https://localhost:${port}/a/`)).toMatchObject({
      kind: 'not_sent',
      why: expect.stringMatching(/SELF_SIGNED/),
    })
    expect(heard).toEqual([])
  })

  test('认识的证书：报文送到，紧接着的几条也是', async () => {
    setDefaultCACertificates([...before, cert])
    for (let n = 0; n < 4; n++) expect(await send(`HTTPS://localhost:${port}/a/`)).toMatchObject({ kind: 'answered' })
    expect(heard).toEqual(Array(4).fill(`POST /a/2207 localhost:${port}`))
  })

  test('证书不是这个主机的：报文没有发出', async () => {
    heard.length = 0
    const known = await send(`https://127.0.0.1:${port}/a/`)
    expect(known).toMatchObject({ kind: 'not_sent' })
    expect(heard).toEqual([])
  })
})
