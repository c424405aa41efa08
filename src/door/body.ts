import type { Context } from 'hono'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import { type Admit, tooHeavy } from './heavy.ts'
import { isJsonMediaType } from './json.ts'

export const MAX_BODY = 1024 * 1024
const tooLarge = () => refuse('body_too_large', `请求体超过 ${MAX_BODY} 字节`)

/** The raw bytes of a JSON body, read no further than the limit; compressed bodies are not opened. */
export async function readBody(c: Context, admit: Admit): Promise<Uint8Array | Refusal> {
  const encoding = c.req.header('content-encoding')
  if (encoding !== undefined && encoding !== 'identity')
    return refuse('unsupported_media_type', `不接受压缩的请求体（${encoding.slice(0, 20)}）`)
  if (!isJsonMediaType(c.req.header('content-type')))
    return refuse('unsupported_media_type', 'Content-Type 须为 application/json')
  const length = c.req.header('content-length')
  if (length !== undefined) {
    if (Number(length) > MAX_BODY) return tooLarge()
    if (!admit(Number(length))) return tooHeavy()
    return new Uint8Array(await c.req.arrayBuffer())
  }
  const stream = c.req.raw.body
  if (!stream) return new Uint8Array()
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of stream) {
    size += part.length
    if (size > MAX_BODY) return tooLarge()
    if (!admit(size)) return tooHeavy()
    parts.push(part)
  }
  return Buffer.concat(parts)
}
