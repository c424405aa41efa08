import { rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { setHis, setUpstream } from '../src/hospitals/set-his.ts'
import { openStore } from '../src/store/open.ts'
import type { Engine, Place } from './engines.ts'
import { type Line, openLine } from './his-line.ts'
import { publishCodes } from './his-message.ts'
import { hisWindow, psnOf } from './his-window.ts'
import { done, OPERATOR, type Person } from './people.ts'
import { type PlatformProcess, startPlatform } from './platform/start.ts'
import { type Running, startService } from './process.ts'
import { type Answer, HOSPITAL, openWorld, type Terminal, type World } from './world.ts'

/** A file comes back as bytes. */
export type Heard = Answer & { readonly bytes: Buffer }

/**
 * A terminal's way to a server over real sockets, a connection for each message. Rejects when the line breaks, or when
 * the hospital has waited long enough.
 */
export function overSocket(port: () => number, terminal: Terminal, patience = 30_000) {
  const agent = new Agent({ keepAlive: false })
  const call = (method: string, path: string, asking: { body?: unknown; headers?: Record<string, string> } = {}) =>
    new Promise<Heard>((resolve, reject) => {
      const text = JSON.stringify(asking.body)
      const headers = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
        ...asking.headers,
      }
      const options = { host: '127.0.0.1', port: port(), path, method, agent, headers, timeout: patience }
      const sent = request(options, (response) => {
        const parts: Buffer[] = []
        response.on('data', (part) => parts.push(part))
        response.on('error', reject)
        response.on('end', () => {
          const bytes = Buffer.concat(parts)
          const isJson = String(response.headers['content-type']).startsWith('application/json')
          const json = isJson ? JSON.parse(bytes.toString('utf8')) : null
          resolve({
            status: response.statusCode ?? 0,
            text: bytes.toString('utf8'),
            bytes,
            headers: new Headers(),
            json,
          })
        })
      })
      sent.on('timeout', () => sent.destroy(new Error('no answer in time')))
      sent.on('error', reject)
      sent.end(text)
    })
  return { call, terminal }
}

export type Window = ReturnType<typeof hisWindow>

/** A hospital, the service and the insurance platform: three processes, and the two lines between them. */
export interface Site {
  readonly w: World
  readonly platform: PlatformProcess
  /** From the hospital to the service. */
  readonly front: Line
  /** From the service to the platform. */
  readonly back: Line
  readonly service: Running
  /** A window that waits so long for an answer. */
  window(patience?: number): Window
  way(patience?: number): ReturnType<typeof overSocket>
  /** How long the service waits for the platform from the next start on. */
  setTimeout(ms: number): Promise<void>
  start(): Promise<Running>
  kill(): Promise<void>
  close(): Promise<void>
}

export async function openSite(engine: Engine, people: readonly Person[]): Promise<Site> {
  const platform = await startPlatform()
  const w = await openWorld(engine, (place?: Place) => openStore(place as Place))
  const { deps } = w.service
  let service: Running | null = null
  const running = () => {
    if (!service) throw new Error('the service is not running')
    return service
  }
  const front = await openLine(() => running().port)
  const back = await openLine(() => platform.port)
  const setWait = async (timeout_ms: number) => {
    await done(setUpstream(deps, OPERATOR, { admdvs: '654002', url: back.url, style: 'one', timeout_ms }))
  }
  await publishCodes(w)
  await setWait(20_000)
  await done(setHis(deps, OPERATOR, { code: HOSPITAL, mode: 'in_between' }))
  await w.register(...people)
  const insured = people.map((p) => ({ certno: p.id, psn_name: p.name, psn_no: psnOf(p), balance: 0 }))
  await platform.control({ people: insured })
  const way = (patience?: number) => overSocket(() => front.port, w.terminal, patience)
  return {
    w,
    platform,
    front,
    back,
    get service() {
      return running()
    },
    way,
    window: (patience) => hisWindow(way(patience)),
    setTimeout: setWait,
    async start() {
      service = await startService(w.place)
      return service
    },
    async kill() {
      await running().kill()
      service = null
    },
    async close() {
      await Promise.all([front.close(), back.close()])
      await service?.kill()
      await platform.stop()
      await w.store.close()
      rmSync(w.place.dataDir, { recursive: true, force: true })
    },
  }
}
