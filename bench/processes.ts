import { type ChildProcess, fork, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { LoadOrder, LoadResult } from './load.ts'

const START_MS = 30_000

export interface RunningServer {
  readonly port: number
  /** Resident memory now and at its highest since the start, in MiB; 0 where the system does not tell. */
  memory(): { readonly now: number; readonly peak: number }
  /** Processor time used so far, in ms; 0 where the system does not tell. */
  cpu(): number
  stop(): Promise<void>
}

const TICK_MS = 10
function cpuOf(pid: number): number {
  try {
    // The name of the process, in brackets, may hold blanks; what follows it does not.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS
  } catch {
    return 0
  }
}

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

function memoryOf(pid: number): { now: number; peak: number } {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const read = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0) / 1024
    return { now: read('VmRSS'), peak: read('VmHWM') }
  } catch {
    return { now: 0, peak: 0 }
  }
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const { stdout } = child
    if (!stdout) return reject(new Error('a server without stdout'))
    const late = setTimeout(() => reject(new Error('a server did not start in time')), START_MS)
    child.once('exit', (code) => reject(new Error(`a server ended with ${code}`)))
    createInterface({ input: stdout }).on('line', (line) => {
      const said = line.startsWith('{') ? (JSON.parse(line) as { msg?: string; address?: { port: number } }) : {}
      if (said.msg === 'listening' && said.address) {
        clearTimeout(late)
        resolve(said.address.port)
      } else if (said.msg !== 'stopping') console.error(line)
    })
  })
}

const manifest = z.object({ scripts: z.object({ start: z.string() }) })

/** The flags that `npm start` gives to Node, so that what is measured is what is run. */
export function startFlags(): string[] {
  const { scripts } = manifest.parse(JSON.parse(readFileSync(file('../package.json'), 'utf8')))
  return scripts.start.split(' ').filter((word) => word.startsWith('--'))
}

/** Starts a server in a process of its own, as `npm start` would, on a port of its own choosing, and waits until it listens. */
export async function startServer(entry: string, env: Readonly<Record<string, string>>): Promise<RunningServer> {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, [...startFlags(), file(entry)], {
    env: { PATH, HOME, PORT: '0', HOST: '127.0.0.1', NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = await portOf(child)
  return {
    port,
    memory: () => memoryOf(child.pid ?? 0),
    cpu: () => cpuOf(child.pid ?? 0),
    stop: () =>
      new Promise((resolve) => {
        child.removeAllListeners('exit')
        child.once('exit', () => resolve())
        child.kill('SIGTERM')
      }),
  }
}

export interface Generator {
  run(order: LoadOrder): Promise<LoadResult>
  stop(): void
}

/** Starts the load generator in a process of its own. */
export function startGenerator(): Generator {
  const child = fork(file('./load.ts'))
  return {
    run: (order) =>
      new Promise((resolve, reject) => {
        child.once('message', (message: { result?: LoadResult; error?: string }) => {
          if (message.result) resolve(message.result)
          else reject(new Error(message.error))
        })
        child.send(order)
      }),
    stop: () => {
      child.kill()
    },
  }
}
