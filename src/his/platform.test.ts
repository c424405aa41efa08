import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sendTo } from './platform.ts'

const textOf = (no: string) => JSON.stringify({ infcode: '0', output: { no } })
const respond = (body: string) =>
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: keep-alive\r\ncontent-length: ${body.length}\r\n\r\n${body}`

/** A platform that answers every message twice: what is left of an answer waits on the line for the next message. */
let server: Server
let url = ''
beforeAll(async () => {
  server = createServer((socket) => {
    let left = ''
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      const [, no = ''] = /"no":"(\d+)"/.exec(bytes.toString()) ?? []
      if (no === '') return
      socket.write(left === '' ? respond(textOf(no)) : left)
      left = respond(textOf(no))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

test('每条报文各用一条连接：前一条报文多出来的答复，不会成为后一条的答复', async () => {
  const heard: unknown[] = []
  for (let i = 1; i <= 4; i++) {
    const body = JSON.stringify({ no: String(i) })
    const outcome = await sendTo(
      { url, style: 'one', timeout_ms: 2000 },
      { infno: '2207', service: '', headers: {}, body },
    )
    heard.push(outcome.kind === 'answered' ? outcome.answer.output?.no : outcome)
  }
  expect(heard).toEqual(['1', '2', '3', '4'])
})
