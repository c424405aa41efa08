import { type ClientRequest, type IncomingMessage, request as plain } from 'node:http'
import { request as secure } from 'node:https'
import { pipeline, type Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

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
async function bytesOf(response: IncomingMessage): Promise<Uint8Array | null> {
  const parts: Buffer[] = []
  let size = 0
  // Leaving the loop closes the line.
  for await (const part of unpacked(response) as AsyncIterable<Buffer>) {
    size += part.length
    if (size > MAX_ANSWER) return null
    parts.push(part)
  }
  return Buffer.concat(parts)
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

/**
 * Posts JSON over a connection of its own: what one answer says too much must not wait on the line to be taken for the
 * answer to another patient's message. `wait` in ms is for all of it. Redirections are not followed; never throws.
 */
export async function post(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array,
  wait: number,
): Promise<Posted> {
  let sent = false
  let late = false
  let timer: NodeJS.Timeout | undefined
  let request: ClientRequest | undefined
  try {
    const isSecure = new URL(url).protocol === 'https:'
    request = (isSecure ? secure : plain)(url, {
      method: 'POST',
      agent: false,
      headers: {
        ...headers,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        connection: 'close',
        'accept-encoding': 'identity',
      },
    })
    request.once('socket', (socket) =>
      socket.once(isSecure ? 'secureConnect' : 'connect', () => {
        sent = true
      }),
    )
    timer = setTimeout(() => {
      late = true
      request?.destroy(new Error('no answer in time'))
    }, wait)
    const answered = answerTo(request)
    request.end(body)
    const response = await answered
    const bytes = await bytesOf(response)
    const { statusCode: status = 0 } = response
    return bytes === null ? { sent, why: '答复过大' } : { status, media: response.headers['content-type'] ?? '', bytes }
  } catch (error) {
    return { sent, why: late ? 'TIMEOUT' : codeOf(error) }
  } finally {
    clearTimeout(timer)
    // Nobody listens any longer, whatever may still come.
    request?.destroy()
  }
}
