import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Place } from './engines.ts'
import type { Terminal } from './world.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

/** The service as it runs in production: a process of its own, reached through a socket. */
export interface Running {
  readonly port: number
  readonly child: ChildProcess
  readonly log: string[]
  /** Ends it at once, as a power cut ends it; resolves when it is gone. */
  kill(): Promise<void>
  /** Asks it to stop and gives its exit code. */
  stop(): Promise<number | null>
}

interface Starting {
  /** Runs before the service, in its process. */
  readonly preload?: string
  /** A program that runs node, such as strace with its options. */
  readonly under?: readonly string[]
  readonly env?: Record<string, string>
}

/** Starts the service on a place and waits until it listens. */
export async function startService(place: Place, { preload, under = [], env = {} }: Starting = {}): Promise<Running> {
  const command = [...under, process.execPath, ...(preload ? ['--import', preload] : []), MAIN]
  const child = spawn(command[0] ?? '', command.slice(1), {
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      PORT: '0',
      DATA_DIR: place.dataDir,
      ...(place.databaseUrl ? { DATABASE_URL: place.databaseUrl } : {}),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log: string[] = []
  child.stderr?.on('data', (text) => log.push(String(text)))
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', (status) => reject(new Error(`the service ended with ${status}:\n${log.join('\n')}`)))
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      log.push(line)
      const said = line.startsWith('{') ? (JSON.parse(line) as { msg?: string; address?: { port: number } }) : {}
      if (said.msg === 'listening' && said.address) resolve(said.address.port)
    })
  })
  const gone = once(child, 'exit')
  return {
    port,
    child,
    log,
    async kill() {
      child.kill('SIGKILL')
      await gone
    },
    async stop() {
      child.kill('SIGTERM')
      return ((await gone) as [number | null])[0]
    },
  }
}

export interface Received {
  readonly status: number
  readonly text: string
  readonly headers: NodeJS.Dict<string | string[]>
}

/** A terminal's line to the service: one connection, kept open. Rejects when the line breaks. */
export function openLine(terminal: Terminal) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const post = (port: number, path: string, key: string, body: unknown): Promise<Received> =>
    new Promise((resolve, reject) => {
      const text = JSON.stringify(body)
      const headers = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
        authorization: `Bearer ${terminal.key}`,
        'idempotency-key': key,
      }
      const sent = request({ host: '127.0.0.1', port, path, method: 'POST', agent, headers }, (response) => {
        const parts: Buffer[] = []
        response.on('data', (part) => parts.push(part))
        response.on('error', reject)
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            text: Buffer.concat(parts).toString('utf8'),
            headers: response.headers,
          }),
        )
      })
      sent.on('error', reject)
      sent.end(text)
    })
  return { post, close: () => agent.destroy() }
}
