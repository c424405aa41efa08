import { createServer, type IncomingHttpHeaders, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request on its way through. */
export interface Passing {
  readonly nth: number
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface Passed {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** What the proxy does to a request and to its answer; what is left out is passed on as it is. */
export interface Carelessness {
  /** Changes what is sent on; null: hangs up instead. May wait, or send something on its own. */
  readonly going?: (passing: Passing, send: (p: Passing) => Promise<Passed>) => Passing | null | Promise<Passing | null>
  /** Changes the answer; null: hangs up instead of answering. */
  readonly coming?: (answer: Passed, passing: Passing) => Passed | null | Promise<Passed | null>
}

export interface Between {
  readonly url: string
  readonly seen: readonly Passing[]
  close(): Promise<void>
}

const HOP = new Set(['connection', 'keep-alive', 'transfer-encoding'])

function sendTo(target: string, { method, path, headers, body }: Passing): Promise<Passed> {
  return new Promise((resolve, reject) => {
    const own = Object.fromEntries(
      Object.entries(headers).filter(([name, value]) => value !== undefined && !HOP.has(name)),
    )
    const options = { method, headers: { ...own, 'content-length': String(body.length) }, agent: false as const }
    const sent = request(new URL(path, target), options, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part) => parts.push(part))
      response.on('error', reject)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

function answer(out: ServerResponse, { status, headers, body }: Passed): void {
  const own = Object.entries(headers).filter(([name]) => !HOP.has(name))
  out.writeHead(status, { ...Object.fromEntries(own), 'content-length': String(body.length) })
  out.end(body)
}

/** Stands between a terminal and the service as a hospital's network does, and does what such networks do. */
export async function carelessProxy(target: () => string, careless: Carelessness): Promise<Between> {
  const seen: Passing[] = []
  const server = createServer(async (incoming, out) => {
    try {
      const parts: Buffer[] = []
      for await (const part of incoming) parts.push(part as Buffer)
      const { method = 'GET', url: path = '/', headers } = incoming
      const passing = { nth: seen.length, method, path, headers, body: Buffer.concat(parts) }
      seen.push(passing)
      const send = (p: Passing) => sendTo(target(), p)
      const going = careless.going ? await careless.going(passing, send) : passing
      const came = going && (await send(going))
      const coming = came && careless.coming ? await careless.coming(came, passing) : came
      if (coming) answer(out, coming)
      else out.destroy()
    } catch {
      out.destroy()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
