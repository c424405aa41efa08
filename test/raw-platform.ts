import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Heard {
  readonly infno: string
  readonly msgid: string
  readonly input: Record<string, unknown>
}
/** What comes back: a value as JSON, or whatever a test writes itself. */
export type Says = (heard: Heard) => object | ((response: ServerResponse) => void) | Promise<object>

export type RawPlatform = Awaited<ReturnType<typeof rawPlatform>>

/** A platform that says what a test wants it to say, word for word, and remembers what it heard. */
export async function rawPlatform() {
  const heard: Heard[] = []
  let says: Says = () => ({ infcode: 0 })
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    const message = JSON.parse(body) as Heard
    heard.push(message)
    const said = await says(message)
    if (typeof said === 'function') return said(response)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(said))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/base`,
    heard,
    says: (what: Says) => {
      says = what
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
