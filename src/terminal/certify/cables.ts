import { setTimeout as wait } from 'node:timers/promises'
import type { Write } from '../line.ts'

/** Hangs up as soon as the request is out: it arrives, the answer does not. */
export const cutAfterSending: Write = (request, body) => {
  request.once('finish', () => setTimeout(() => request.destroy(new Error('网线在发送之后断开（验收所为）')), 5))
  request.end(body)
}

/** Hangs up in the middle of the body. */
export const cutWhileSending: Write = (request, body) => {
  request.write(body.subarray(0, Math.floor(body.length / 2)), () =>
    request.destroy(new Error('网线在发送途中断开（验收所为）')),
  )
}

/** In pieces with pauses between them, over about a second and a half. */
export const slowly: Write = (request, body) => {
  const size = Math.ceil(body.length / 4)
  const send = async () => {
    for (let at = 0; at < body.length; at += size) {
      request.write(body.subarray(at, at + size))
      await wait(400)
    }
    request.end()
  }
  // A line that breaks meanwhile is told by the request itself.
  send().catch(() => undefined)
}
