import { createHash } from 'node:crypto'
import { seedRules } from '../src/rules/seed.ts'
import { done } from './people.ts'
import { type Answer, type Asking, HOSPITAL, type Terminal, type World } from './world.ts'

let sent = 0

/** A message of the national interface as most clients write it; what is not said is as it should be. */
export function message(infno: string, input: unknown, change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    infno,
    msgid: `${HOSPITAL}20261101100000${String(++sent).padStart(4, '0')}`,
    mdtrtarea_admvs: '654002',
    insuplc_admdvs: '654002',
    recer_sys_code: 'MBS_LOCAL',
    dev_no: '',
    dev_safe_info: '',
    cainfo: '',
    signtype: '',
    infver: 'V1.0',
    opter_type: '1',
    opter: '1001',
    opter_name: '收费员',
    inf_time: '2026-11-01 10:00:00',
    fixmedins_code: HOSPITAL,
    fixmedins_name: '医院 1',
    sign_no: '',
    input,
    ...change,
  }
}

export const signIn = (change: Record<string, unknown> = {}) =>
  message('9001', { signIn: { opter_no: '1001', mac: '00-00-00-00-00-00', ip: '10.1.1.1' } }, change)

/** A way to the service: the world's own, or a real line to a process. */
export type Way = Pick<World, 'call' | 'terminal'>

/** Sends a message with the key in `apikey`, as hospitals do. */
export const his = (w: Way, body: unknown, asking: Asking & { path?: string; as?: Terminal } = {}): Promise<Answer> => {
  const { path = '/his', as = w.terminal, headers, ...rest } = asking
  return w.call('POST', path, { body, ...rest, headers: { apikey: as.key, ...headers } })
}

/** What a message was refused for; null: it was not. */
export function refusedFor({ status, json }: Answer): string | null {
  if (status !== 200) throw new Error(`the national interface answers with 200, not ${status}`)
  if (json.infcode === '0') return null
  if (json.infcode !== '-1' || json.err_msg.length > 200 || 'output' in json) throw new Error(JSON.stringify(json))
  return /\[(\w+)\]$/.exec(json.err_msg)?.[1] ?? json.err_msg
}

/** Whether it was done, whatever a platform writes for success. */
export const isTaken = ({ json }: Pick<Answer, 'json'>): boolean => String(json.infcode) === '0'

/** The headers of a TIF gateway, as four clients were found to make them. */
export function tifHeaders(paasid: string, secret: string, seconds: number, nonce: string): Record<string, string> {
  const signature = createHash('sha256').update(`${seconds}${secret}${nonce}${seconds}`).digest('hex')
  return {
    'x-tif-paasid': paasid,
    'x-tif-timestamp': String(seconds),
    'x-tif-nonce': nonce,
    'x-tif-signature': signature,
  }
}

/** The headers of a CA gateway: SM3 over secret, time and body. */
export function caHeaders(key: string, secret: string, seconds: number | string, body: string): Record<string, string> {
  const signature = createHash('sm3').update(`${secret}${seconds}${body}`).digest('hex')
  return { 'x-ca-key': key, 'x-ca-timestamp': String(seconds), 'x-ca-signature': signature }
}

/** The code tables as they are reviewed: a store with rules but without them gets them alone. */
export const publishCodes = (w: World) => done(seedRules(w.service.deps, new URL('../rules', import.meta.url).pathname))
