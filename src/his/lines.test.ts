import { createServer, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { keepLines } from './lines.ts'

/** A platform with a manner towards those who have not spoken yet; what it heard on each line, `|` where that ended. */
async function at(greet: (socket: Socket, nth: number) => void, work: (url: URL, heard: string[]) => Promise<void>) {
  const heard: string[] = []
  const server = createServer((socket) => {
    const nth = heard.push('') - 1
    socket.on('error', () => undefined)
    socket.on('close', () => {
      heard[nth] = `${heard[nth]}|`
    })
    socket.on('data', (bytes) => {
      heard[nth] = `${heard[nth]}${bytes}`
    })
    greet(socket, nth)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await work(new URL(`http://127.0.0.1:${(server.address() as { port: number }).port}/his`), heard)
  } finally {
    server.close()
  }
}
async function until(holds: () => boolean): Promise<void> {
  for (let n = 0; n < 400 && !holds(); n++) await pause(5)
}
const quiet = () => undefined

/** Says something and hangs up, as whoever takes a line does. */
async function say(lines: ReturnType<typeof keepLines>, url: URL, word: string): Promise<boolean> {
  const line = lines.take(url)
  const wasOpen = line.isOpen
  line.socket.end(word)
  lines.expectNext(url)
  await new Promise((resolve) => line.socket.once('close', resolve).resume())
  return wasOpen
}

test('紧接着的报文用先拨通的线路；每条线路只说一件事', () =>
  at(quiet, async (url, heard) => {
    const lines = keepLines()
    expect(await say(lines, url, '1')).toBe(false)
    expect(await say(lines, url, '2')).toBe(false)
    await until(() => heard.length === 3)
    await pause(20)
    expect(heard).toEqual(['1|', '2|', ''])
    expect(await say(lines, url, '3')).toBe(true)
    await until(() => heard.length === 4 && heard[2] === '3|')
    expect(heard).toEqual(['1|', '2|', '3|', ''])
    lines.take(url).socket.destroy()
  }))

test('没有后来的报文：备用的线路自己挂断，隔得久的不先拨', () =>
  at(quiet, async (url, heard) => {
    const lines = keepLines(60)
    await say(lines, url, '1')
    await say(lines, url, '2')
    await until(() => heard[2] === '|')
    expect(heard).toEqual(['1|', '2|', '|'])
    await pause(80)
    await say(lines, url, '3')
    await pause(30)
    expect(heard).toEqual(['1|', '2|', '|', '3|'])
  }))

const MANNERS: readonly (readonly [string, (socket: Socket) => void])[] = [
  ['挂断', (socket) => socket.end()],
  ['断开', (socket) => socket.destroy()],
  ['还没有问就先答', (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}')],
]
test.each(MANNERS)('对方在备用线路上%s：不用这一条，另拨', (_, manner) =>
  at(
    (socket, nth) => nth === 2 && manner(socket),
    async (url, heard) => {
      const lines = keepLines()
      await say(lines, url, '1')
      await say(lines, url, '2')
      await until(() => heard[2] === '|')
      await pause(20)
      expect(await say(lines, url, '3')).toBe(false)
      await until(() => heard[3] === '3|')
      expect(heard.slice(0, 4)).toEqual(['1|', '2|', '|', '3|'])
      lines.take(url).socket.destroy()
    },
  ),
)

test('拨不通：说的时候才知道，备用的不拖累进程', async () => {
  const lines = keepLines()
  const url = new URL('http://127.0.0.1:9/')
  for (let n = 0; n < 3; n++) {
    const line = lines.take(url)
    const fault = new Promise((resolve) => line.socket.once('error', resolve))
    lines.expectNext(url)
    expect([line.isOpen, ((await fault) as { code?: string }).code]).toEqual([false, 'ECONNREFUSED'])
    await pause(10)
  }
})
