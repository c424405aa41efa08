import { createServer, type Server, type Socket } from 'node:net'
import { deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sendTo } from './platform.ts'

const DONE = '{"infcode":0,"output":{"setl_id":"S1"}}'
const head = (status: string, length: number, more = '') =>
  `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n${more}\r\n`
function answer(socket: Socket, body: string | Buffer, more = '', status = '200 OK'): void {
  socket.write(head(status, Buffer.byteLength(body), more))
  socket.end(body)
}

/** What a platform may do with a message it has received, and what we then know. */
const HABITS: Readonly<Record<string, readonly [does: (socket: Socket) => void, known: unknown]>> = {
  答复: [(s) => answer(s, DONE), { kind: 'answered', answer: { success: true, output: { setl_id: 'S1' } } }],
  压缩了再答: [(s) => answer(s, gzipSync(DONE), 'content-encoding: gzip\r\n'), { kind: 'answered' }],
  用另一种压缩: [(s) => answer(s, deflateSync(DONE), 'content-encoding: deflate\r\n'), { kind: 'answered' }],
  不认识的压缩: [
    (s) => answer(s, DONE, 'content-encoding: zip9\r\n'),
    { kind: 'unknown', why: 'unknown encoding zip9' },
  ],
  说是压缩了其实没有: [
    (s) => answer(s, DONE, 'content-encoding: gzip\r\n'),
    { kind: 'unknown', why: expect.stringMatching(/^Z_/) },
  ],
  解开后太大: [
    (s) => answer(s, gzipSync(Buffer.alloc(9 * 1024 * 1024, 32)), 'content-encoding: gzip\r\n'),
    { kind: 'unknown', why: '答复过大' },
  ],
  不答: [() => undefined, { kind: 'unknown', why: 'TIMEOUT' }],
  只答一半就停: [(s) => s.write(head('200 OK', 500) + DONE), { kind: 'unknown', why: 'TIMEOUT' }],
  只答一半就断: [(s) => s.end(head('200 OK', 500) + DONE), { kind: 'unknown', why: 'ECONNRESET' }],
  不答就断: [(s) => s.destroy(), { kind: 'unknown', why: 'ECONNRESET' }],
  答的不是HTTP: [(s) => s.end('pong'), { kind: 'unknown', why: expect.stringMatching(/^HPE_/) }],
  请去别处: [
    (s) => answer(s, '', 'location: http://127.0.0.1:9/\r\n', '302 Found'),
    { kind: 'unknown', why: 'HTTP 302' },
  ],
  要换一种协议: [
    (s) => s.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
    { kind: 'unknown', why: 'closed without an answer' },
  ],
  说不可用: [(s) => answer(s, 'busy', '', '503 Unavailable'), { kind: 'unknown', why: 'HTTP 503' }],
}

let server: Server
let port = 0
beforeAll(async () => {
  server = createServer((socket) => {
    socket.on('error', () => undefined)
    let heard = ''
    socket.on('data', (bytes) => {
      heard += bytes
      const habit = /"habit":"([^"]+)"\}$/.exec(heard)?.[1]
      if (habit) HABITS[habit]?.[0](socket)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as { port: number }).port
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

const send = (url: string, habit: string, headers = {}) =>
  sendTo(
    { url, style: 'one', timeout_ms: 400 },
    { infno: '2207', service: '', headers, body: Buffer.from(JSON.stringify({ habit })) },
  )

describe('报文已到平台', () => {
  test.each(Object.entries(HABITS))('%s', async (habit, [, known]) => {
    expect(await send(`http://127.0.0.1:${port}/`, habit)).toMatchObject(known as object)
  })
})

describe('报文没有到平台', () => {
  test('没有开机', async () =>
    expect(await send('http://127.0.0.1:9/', '')).toEqual({ kind: 'not_sent', why: 'ECONNREFUSED' }))
  test('没有这个主机', async () =>
    expect(await send('http://no-such-host.invalid/', '')).toMatchObject({ kind: 'not_sent' }))
  test('不是加密的端口', async () =>
    expect(await send(`https://127.0.0.1:${port}/`, '')).toMatchObject({ kind: 'not_sent' }))
  test('请求头写不出来', async () =>
    expect(await send(`http://127.0.0.1:${port}/`, '', { apikey: 'a\nb' })).toEqual({
      kind: 'not_sent',
      why: 'ERR_INVALID_CHAR',
    }))
})
