import { connect, createServer, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'

/** One connection on its way through. */
interface Wire {
  readonly near: Socket
  readonly far: Socket
  /** Everything its caller has said, and what of it came last. */
  said: string
  last: string
  /** What is kept back of the answers; null: nothing is. */
  held: (() => void)[] | null
}

/** A cable between two processes, byte for byte: what passes can be looked at, held back and cut. */
export interface Line {
  readonly url: string
  readonly port: number
  /** Resolves when each of these texts has gone through in a message. */
  heard(texts: readonly string[]): Promise<void>
  /** From now on no answer gets through. */
  hold(): void
  /** Resolves when so many connections have an answer that is held back. */
  holds(answers: number): Promise<void>
  /** Lets answers through again, what was held back after as many ms as `delay` says for the message it answers. */
  release(delay?: (message: string) => number): void
  /** Breaks every connection: what was held back is lost. */
  cut(): void
  close(): Promise<void>
}

const LOOK_MS = 5
const WAIT_MS = 30_000

/** Waits until something is so; says what never was. */
export async function waitUntil(what: string, isSo: () => boolean | Promise<boolean>, ms = WAIT_MS): Promise<void> {
  for (const end = performance.now() + ms; !(await isSo()); await setTimeout(LOOK_MS))
    if (performance.now() > end) throw new Error(`waited ${ms} ms in vain: ${what}`)
}

export async function openLine(target: () => number): Promise<Line> {
  const wires = new Set<Wire>()
  const told: string[] = []
  let holding = false
  const server = createServer((near) => {
    const far = connect(target(), '127.0.0.1')
    const wire: Wire = { near, far, said: '', last: '', held: holding ? [] : null }
    wires.add(wire)
    const back = (pass: () => void) => (wire.held ? void wire.held.push(pass) : pass())
    near.on('data', (bytes) => {
      const text = bytes.toString('latin1')
      wire.last = text.startsWith('POST') ? text : wire.last + text
      wire.said += text
      far.write(bytes)
    })
    far.on('data', (bytes) => back(() => near.write(bytes)))
    far.on('close', () => back(() => near.destroySoon()))
    near.on('close', () => {
      wires.delete(wire)
      told.push(wire.said)
      far.destroy()
    })
    // Who broke the line is told by the end of the other side.
    for (const side of [near, far]) side.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    heard: (texts) =>
      waitUntil('messages on the line', () => {
        const all = [...told, ...[...wires].map((wire) => wire.said)].join('\n')
        return texts.every((text) => all.includes(text))
      }),
    hold() {
      holding = true
      for (const wire of wires) wire.held ??= []
    },
    holds: (answers) =>
      waitUntil('answers to hold back', () => [...wires].filter((w) => (w.held?.length ?? 0) > 0).length >= answers),
    release(delay = () => 0) {
      holding = false
      for (const wire of wires)
        void setTimeout(delay(wire.last)).then(() => {
          const passes = wire.held ?? []
          wire.held = null
          for (const pass of passes) pass()
        })
    },
    cut() {
      holding = false
      for (const wire of wires) wire.near.destroy()
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const wire of wires) wire.near.destroy()
      }),
  }
}
