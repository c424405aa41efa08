import { connect, isIP, type Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'

/** A connection nobody has spoken on. */
export interface Line {
  readonly socket: Socket
  /** Whether it stands: what is said on it from then on may be heard. */
  isOpen: boolean
}

/**
 * A gateway that hangs up on the silent sooner, or serves one line at a time, would turn messages into unknown ones or
 * keep others waiting: enough for messages that follow each other, and no longer.
 */
const SPARE_MS = 300
/** Whatever happens on a line before anybody speaks ends it. */
const EVENTS = ['data', 'end', 'error', 'timeout', 'close'] as const

function open(url: URL): Line {
  const isSecure = url.protocol === 'https:'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port || (isSecure ? 443 : 80))
  const socket = isSecure
    ? connectSecurely({ host, port, ...(isIP(host) ? {} : { servername: host }) })
    : connect({ host, port })
  const line: Line = { socket, isOpen: false }
  socket.setNoDelay(true)
  // Whoever speaks on it hears of it too; between two listeners it must not end the process.
  socket.on('error', () => undefined)
  socket.once(isSecure ? 'secureConnect' : 'connect', () => {
    line.isOpen = true
  })
  return line
}

/**
 * Lines to platforms, each for one message: what one answer says too much must not wait on the line to be taken for the
 * answer to another patient's message. Where messages follow each other closely the line of the next is opened ahead.
 */
export function keepLines(spareMs = SPARE_MS) {
  const spares = new Map<string, { readonly line: Line; readonly release: () => void }>()
  const lastExpected = new Map<string, number>()

  function openAhead(url: URL): void {
    const line = open(url)
    const { socket } = line
    const drop = () => {
      if (spares.get(url.origin)?.line === line) spares.delete(url.origin)
      socket.destroy()
    }
    // A platform that speaks before it is spoken to would be taken to answer the next message.
    for (const event of EVENTS) socket.on(event, drop)
    socket.setTimeout(spareMs).unref()
    const release = () => {
      for (const event of EVENTS) socket.off(event, drop)
      socket.setTimeout(0).ref()
    }
    spares.set(url.origin, { line, release })
  }

  return {
    /** A line for one message; whoever takes it hangs up. */
    take(url: URL): Line {
      const spare = spares.get(url.origin)
      spares.delete(url.origin)
      if (!spare || spare.line.socket.destroyed) return open(url)
      spare.release()
      return spare.line
    },
    /** A message has gone out: opens the line of the next, where it may be expected soon. */
    expectNext(url: URL): void {
      const now = performance.now()
      const isSoon = now - (lastExpected.get(url.origin) ?? Number.NEGATIVE_INFINITY) < spareMs
      lastExpected.set(url.origin, now)
      if (isSoon && !spares.has(url.origin)) openAhead(url)
    },
  }
}
