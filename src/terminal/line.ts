import { type ClientRequest, request as http, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { request as https } from 'node:https'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly ms: number
}

/** No answer came; `sent`: the request may have reached the service, so nobody knows what became of it. */
export interface Lost {
  readonly lost: string
  readonly sent: boolean
}
export type Outcome = Answer | Lost

export const isLost = (outcome: Outcome): outcome is Lost => 'lost' in outcome

export interface Message {
  readonly method: 'GET' | 'POST'
  /** Below the address of the service, with a slash in front. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** Puts the body on the wire; another way of doing it is how a broken line is played. */
export type Write = (request: ClientRequest, body: Uint8Array) => void

export interface Line {
  readonly url: URL
  send(message: Message, write?: Write): Promise<Outcome>
}

const MAX_ANSWER = 16 * 1024 * 1024
const writeWhole: Write = (request, body) => void request.end(body)

/** A connection of its own for every request: a terminal asks seldom, and a kept connection may have died unseen. */
export function openLine(url: URL, timeoutMs: number): Line {
  const secure = url.protocol === 'https:'
  const base = url.pathname.replace(/\/$/, '')
  return {
    url,
    send({ method, path, headers = {}, body }, write = writeWhole) {
      const start = performance.now()
      const bytes = body === undefined ? new Uint8Array() : Buffer.from(body)
      const length = body === undefined ? {} : { 'content-length': String(bytes.length) }
      return new Promise((resolve) => {
        let sent = false
        const lose = (error: unknown) => {
          clearTimeout(late)
          resolve({ lost: error instanceof Error ? errorText(error) : 'no answer', sent })
        }
        const options = {
          method,
          headers: { accept: 'application/json', ...length, ...headers },
          agent: false as const,
        }
        const target = new URL(`${base}${path}`, url)
        const request = (secure ? https : http)(target, options, (response) => {
          readAnswer(response, start).then((answer) => {
            clearTimeout(late)
            resolve(answer)
          }, lose)
        })
        const late = setTimeout(() => request.destroy(new Error(`${timeoutMs} ms without an answer`)), timeoutMs)
        // Before the connection stands nothing can have left this machine.
        request.on('socket', (socket) => socket.once(secure ? 'secureConnect' : 'connect', () => (sent = true)))
        request.on('error', lose)
        write(request, bytes)
      })
    },
  }
}

async function readAnswer(response: IncomingMessage, start: number): Promise<Answer> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    size += part.length
    if (size > MAX_ANSWER) throw new Error('the answer is too large')
    parts.push(part)
  }
  const text = Buffer.concat(parts).toString('utf8')
  return { status: response.statusCode ?? 0, headers: response.headers, text, ms: performance.now() - start }
}

/** Failed connections to several addresses come as one error without words of its own. */
function errorText(error: Error): string {
  if (error instanceof AggregateError) return error.errors.map((e: unknown) => (e as Error).message).join('; ')
  return error.message || ((error as NodeJS.ErrnoException).code ?? error.name)
}

/** The body as a JSON object; null for anything else, such as the page of a proxy. */
export function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}
