import { rmSync } from 'node:fs'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openStore } from '../src/store/open.ts'
import type { Place } from './engines.ts'
import { signIn } from './his-message.ts'
import { type Running, startService } from './process.ts'
import { openWorld, type World } from './world.ts'

/** What a hospital's network may put on the line of the national interface, byte by byte, against the service as it runs. */
let w: World
let service: Running
beforeAll(async () => {
  w = await openWorld('sqlite', (place?: Place) => openStore(place as Place))
  await w.store.close()
  service = await startService(w.place, { env: { ALLOWED_HOSTS: '127.0.0.1' } })
})
afterAll(async () => {
  await service.stop()
  rmSync(w.place.dataDir, { recursive: true, force: true })
})

/** Sends bytes and listens until the line is closed, or silent after something was heard. */
function say(parts: readonly (string | Uint8Array)[], patience = 300): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(service.port, '127.0.0.1', () => {
      for (const part of parts) socket.write(part)
    })
    let text = ''
    let timer: NodeJS.Timeout | undefined
    const end = () => {
      clearTimeout(timer)
      socket.destroy()
      resolve(text)
    }
    socket.on('data', (part) => {
      text += part.toString('utf8')
      clearTimeout(timer)
      timer = setTimeout(end, patience)
    })
    socket.on('error', end)
    socket.on('close', end)
  })
}

const head = (path: string, ...lines: string[]) => `${[`POST ${path} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`
const HOST = 'Host: 127.0.0.1'
const TYPE = 'Content-Type: application/json'
const key = () => `apikey: ${w.terminal.key}`
const length = (body: string | Uint8Array) => `Content-Length: ${Buffer.byteLength(body)}`
const body = () => JSON.stringify(signIn())
const statuses = (heard: string) => [...heard.matchAll(/HTTP\/1\.1 (\d+)/g)].map((m) => Number(m[1]))
const answers = (heard: string) =>
  [...heard.matchAll(/\{"infcode".*?\}(?=HTTP\/|$)/g)].map(
    (m) => JSON.parse(m[0]) as { infcode: string; err_msg: string },
  )
const codes = (heard: string) => answers(heard).map((a) => /\[(\w+)\]$/.exec(a.err_msg)?.[1] ?? a.infcode)

test('一份报文，一份答复，长度写明', async () => {
  const text = body()
  const heard = await say([head('/his', HOST, TYPE, key(), length(text)), text])
  expect([statuses(heard), codes(heard)]).toEqual([[200], ['0']])
  expect(heard).toMatch(/^content-type: application\/json; charset=utf-8$/im)
  expect(heard).toMatch(/^content-length: \d+$/im)
})

test('一口气两份，按先后作答', async () => {
  const [one, two] = [body(), JSON.stringify(signIn({ infno: '9999' }))]
  const both = [one, two].flatMap((text) => [head('/his', HOST, TYPE, key(), length(text)), text])
  const heard = await say(both)
  expect([statuses(heard), codes(heard)]).toEqual([
    [200, 200],
    ['0', 'his_unknown_infno'],
  ])
})

describe('不合要求的报文，也是 HTTP 200 和信封', () => {
  const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
  test.each<[string, string, () => (string | Uint8Array)[]]>([
    ['别的主机名', 'wrong_host', () => [head('/his', 'Host: evil.example', TYPE, key(), length(body())), body()]],
    ['说要发 2 MiB', 'body_too_large', () => [head('/his', HOST, TYPE, key(), 'Content-Length: 2097152')]],
    [
      '分块发来 2 MiB',
      'body_too_large',
      () => [
        head('/his', HOST, TYPE, key(), 'Transfer-Encoding: chunked'),
        ...Array(32).fill(chunk(' '.repeat(65_536))),
      ],
    ],
    [
      '分块、不是 JSON',
      'malformed_json',
      () => [head('/his', HOST, TYPE, key(), 'Transfer-Encoding: chunked'), `${chunk('{')}0\r\n\r\n`],
    ],
    ['空的', 'malformed_json', () => [head('/his', HOST, TYPE, key(), 'Content-Length: 0')]],
    ['GBK 的中文', 'malformed_json', () => gbk()],
    ['压缩的', 'unsupported_media_type', () => zipped()],
    [
      '表单',
      'unsupported_media_type',
      () => [head('/his', HOST, 'Content-Type: application/x-www-form-urlencoded', key(), 'Content-Length: 3'), 'a=1'],
    ],
    ['没有内容类型', 'unsupported_media_type', () => [head('/his', HOST, key(), length('{}')), '{}']],
    ['没有密钥', 'unauthenticated', () => [head('/his', HOST, TYPE, length('{}')), '{}']],
    ['密钥带了两个', 'unauthenticated', () => [head('/his', HOST, TYPE, key(), key(), length('{}')), '{}']],
    ['没有的服务地址', 'not_found', () => [head('/fsi/api/a/b/c', HOST, TYPE, key(), length('{}')), '{}']],
    ['GET', 'method_not_allowed', () => [`GET /his HTTP/1.1\r\n${HOST}\r\n\r\n`]],
    [
      'PUT',
      'method_not_allowed',
      () => [head('/his/2207', HOST, TYPE, key(), length('{}')).replace('POST', 'PUT'), '{}'],
    ],
  ])('%s：%s', async (_, code, parts) => {
    const heard = await say(parts())
    expect([statuses(heard), codes(heard)]).toEqual([[200], [code]])
  })

  function gbk(): Uint8Array[] {
    const text = Buffer.concat([
      Buffer.from('{"opter_name":"'),
      Buffer.from([0xd5, 0xc5, 0xc8, 0xfd]),
      Buffer.from('"}'),
    ])
    return [Buffer.from(head('/his', HOST, TYPE, key(), length(text))), text]
  }
  function zipped(): Uint8Array[] {
    const bytes = gzipSync(body())
    return [Buffer.from(head('/his', HOST, TYPE, key(), 'Content-Encoding: gzip', length(bytes))), bytes]
  }
})

test('还不成其为 HTTP 的，谁也认不出是哪个接口', async () => {
  const heard = await say([head('/his', HOST, TYPE, key(), 'Content-Length: x'), '{}'])
  expect(statuses(heard)).toEqual([400])
  expect(heard).toContain('"code":"malformed_http"')
})

test('说要发却没有发完的，不算发过', async () => {
  const text = body()
  const socket = connect(service.port, '127.0.0.1')
  socket.end(head('/his', HOST, TYPE, key(), length(`${text}xx`)) + text)
  let heard = ''
  for await (const part of socket) heard += part
  expect(heard).not.toContain('"infcode":"0"')
})
