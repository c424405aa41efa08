import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { problemText, type RefusalCode, refuse } from '../kernel/refusal.ts'

/** Below node's own limits: a slow or endless sender must not hold a place for minutes. */
export const CONNECTION_LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 30_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16_384,
  requireHostHeader: true,
} as const
const MAX_CONNECTIONS = 4096
const MAX_REQUESTS_OF_CONNECTION = 10_000
const SWEEP_MS = 50

const CODES: Readonly<Record<string, { status: string; code: RefusalCode; detail: string }>> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    code: 'headers_too_large',
    detail: '请求头过大',
  },
  ERR_HTTP_REQUEST_TIMEOUT: { status: '408 Request Timeout', code: 'request_timeout', detail: '请求没有按时到齐' },
}
const MALFORMED = { status: '400 Bad Request', code: 'malformed_http', detail: '不是合格的 HTTP/1.1 报文' } as const

/** The answer to bytes that never became a request; written to the bare socket, which is then closed. */
function rawProblem(error: NodeJS.ErrnoException): string {
  const { status, code, detail } = CODES[error.code ?? ''] ?? MALFORMED
  const body = problemText(refuse(code, detail))
  const headers = `Content-Type: application/problem+json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}`
  return `HTTP/1.1 ${status}\r\n${headers}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n${body}`
}

/**
 * Puts limits on the connections of a server, and tells how to end them: `close` takes no new connection, lets
 * running requests end, and resolves when the last one is gone or the time is up.
 */
export function guardConnections(server: Server): (withinMs: number) => Promise<void> {
  const answering = new WeakMap<Socket, ServerResponse>()
  let closing = false
  server.maxConnections = MAX_CONNECTIONS
  server.maxRequestsPerSocket = MAX_REQUESTS_OF_CONNECTION
  server.prependListener('request', (request, response) => {
    answering.set(request.socket, response)
    if (closing) response.shouldKeepAlive = false
    response.once('close', () => answering.delete(request.socket))
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // Behind an answer under way a second one would be taken for a part of the first.
    const begun = answering.get(socket as Socket)?.headersSent === true
    if (!socket.writable || error.code === 'ECONNRESET' || begun) socket.destroy()
    else socket.end(rawProblem(error))
  })
  return async (withinMs) => {
    closing = true
    const closed = new Promise((resolve) => server.close(resolve))
    // A connection falls idle only after its answer: without the sweep it would be waited for in vain.
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS)
    const late = new Promise((resolve) => setTimeout(resolve, withinMs).unref())
    await Promise.race([closed, late])
    clearInterval(sweep)
    server.closeAllConnections()
  }
}
