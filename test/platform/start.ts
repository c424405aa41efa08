import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Clearing, Document, Logged, Visit } from './books.ts'
import type { Person } from './people.ts'
import type { Json } from './wire.ts'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))

export interface BooksShown {
  readonly live: readonly Shown[]
  readonly documents: readonly Shown[]
  readonly visits: readonly Visit[]
  readonly tombstones: readonly string[]
  readonly people: readonly Person[]
  readonly clearings: readonly Clearing[]
}
type Shown = Document & { readonly taken_back_by: string | null }

/** The insurance platform as a process of its own. */
export interface PlatformProcess {
  readonly url: string
  readonly port: number
  /** A fault, settings, people: see `README.md` beside this file. Throws where the platform does not understand. */
  control(asked: Json): Promise<void>
  books(): Promise<BooksShown>
  log(): Promise<readonly Logged[]>
  /** Ends it and forgets its books. */
  stop(): Promise<void>
  /** Ends it at once, as a power cut ends it. */
  kill(): Promise<void>
  /** Starts it again after `kill`, at the same address with the same books. */
  again(): Promise<void>
}

async function spawned(port: number, stateFile: string): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, [MAIN, '--port', String(port), '--state-file', stateFile], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const listening = await new Promise<number>((resolve, reject) => {
    child.once('exit', (status) => reject(new Error(`the platform ended with ${status}`)))
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      const said = line.startsWith('{') ? (JSON.parse(line) as { msg?: string; address?: { port: number } }) : {}
      if (said.msg === 'listening' && said.address) resolve(said.address.port)
    })
  })
  return { child, port: listening }
}

export async function startPlatform(): Promise<PlatformProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'platform-'))
  const stateFile = join(folder, 'books.jsonl')
  let running: ChildProcess | null = null
  const first = await spawned(0, stateFile)
  running = first.child
  const url = `http://127.0.0.1:${first.port}`
  const end = async (signal: NodeJS.Signals) => {
    const child = running
    running = null
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }
  const get = async <T>(path: string) => (await (await fetch(`${url}${path}`)).json()) as T
  return {
    url,
    port: first.port,
    async control(asked) {
      const response = await fetch(`${url}/_control`, { method: 'POST', body: JSON.stringify(asked) })
      if (!response.ok) throw new Error(await response.text())
    },
    books: () => get<BooksShown>('/_books'),
    log: () => get<readonly Logged[]>('/_log'),
    async stop() {
      await end('SIGTERM')
      rmSync(folder, { recursive: true, force: true })
    },
    kill: () => end('SIGKILL'),
    async again() {
      if (running === null) running = (await spawned(first.port, stateFile)).child
    },
  }
}
