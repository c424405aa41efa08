import { type ClientRequest, type IncomingMessage, request as openRequest } from 'node:http'
import { pipeline, type Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { keepLines, type Line } from './lines.ts'

/** What came of posting something: an answer, or why there is none and whether anything had been sent by then. */
export type Posted =
  | { readonly status: number; readonly media: string; readonly bytes: Uint8Array }
  | { readonly sent: boolean; readonly why: string }

const MAX_ANSWER = 8 * 1024 * 1024

const UNPACKERS: Readonly<Record<string, () => NodeJS.ReadWriteStream & Readable>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/** Nobody asked for it to be packed; some gateways pack all the same. */
function unpacked(response: IncomingMessage): Readable {
  const packing = (response.headers['content-encoding'] ?? 'identity').toLowerCase().trim()
  if (packing === 'identity' || packing === '') return response
  const unpacker = UNPACKERS[packing]
  if (!unpacker) throw new Error(`unknown encoding ${packing.slice(0, 20)}`)
  // What goes wrong on the way is thrown to whoever reads.
  return pipeline(response, unpacker(), () => undefined) as unknown as Readable
}

/** What an answer says, unpacked, as far as it is reasonable; null: it says more, and nobody listens to the rest. */
function bytesOf(response: IncomingMessage): Promise<Uint8Array | null> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let size = 0
    const body = unpacked(response)
    body.on('data', (part: Buffer) => {
      size += part.length
      if (size > MAX_ANSWER) resolve(null)
      else parts.push(part)
    })
    body.once('end', () => resolve(Buffer.concat(parts)))
    body.on('error', reject)
    // What ends without an end has been cut off.
    body.once('close', () => reject(Object.assign(new Error('closed within an answer'), { code: 'ECONNRESET' })))
  })
}

function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve)
    // More than one thing may go wrong, also after the answer.
    request.on('error', reject)
    // An offer to speak something else ends the line without an answer and without an error.
    request.once('close', () => reject(new Error('closed without an answer')))
  })
}

const codeOf = (error: unknown): string => {
  const { code, name, message } = error as { code?: unknown; name?: string; message?: string }
  return typeof code === 'string' ? code : (message ?? name ?? 'error')
}

const lines = keepLines()

/**
 * Posts JSON over a line of its own (`lines.ts`). `wait` in ms is for all of it. Redirections are not followed; never
 * throws.
 */
export async function post(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array,
  wait: number,
): Promise<Posted> {
  let line: Line | undefined
  let spoken = false
  let late = false
  let timer: NodeJS.Timeout | undefined
  try {
    const address = new URL(url)
    const taken = lines.take(address)
    line = taken
    const request = openRequest({
      createConnection: () => taken.socket,
      method: 'POST',
      path: `${address.pathname}${address.search}`,
      headers: {
        ...headers,
        host: address.host,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        connection: 'close',
        'accept-encoding': 'identity',
      },
    })
    const answered = answerTo(request)
    // What goes wrong before anybody waits for it is told when they do.
    answered.catch(() => undefined)
    timer = setTimeout(() => {
      late = true
      request.destroy(new Error('no answer in time'))
    }, wait)
    spoken = true
    request.end(body)
    lines.expectNext(address)
    const response = await answered
    const bytes = await bytesOf(response)
    const { statusCode: status = 0 } = response
    return bytes === null
      ? { sent: true, why: '答复过大' }
      : { status, media: response.headers['content-type'] ?? '', bytes }
  } catch (error) {
    return { sent: spoken && line?.isOpen === true, why: late ? 'TIMEOUT' : codeOf(error) }
  } finally {
    clearTimeout(timer)
    // Nobody listens any longer, whatever may still come.
    line?.socket.destroy()
  }
}
