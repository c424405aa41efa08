import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { type Dialect, isJson, type Json, text } from './wire.ts'

/** How the platform behaves until it is told otherwise; kept in the state file. */
export interface Settings {
  /** Milliseconds that every answer waits. */
  readonly latency: number
  /** Milliseconds that its clock is ahead of the machine's. */
  readonly clock: number
  /** What a 2601 for an original it never saw does: a late original is refused, or goes through, or the 2601 fails. */
  readonly unknown_original: 'tombstone' | 'forget' | 'refuse'
  /** Visits must be registered and their fees uploaded before they are settled. */
  readonly strict: boolean
  readonly dialect: Dialect
  /** What a caller must prove; null: nothing. */
  readonly auth: { readonly paasid: string; readonly secret: string } | { readonly apikey: string } | null
}

export const DEFAULTS: Settings = {
  latency: 0,
  clock: 0,
  unknown_original: 'tombstone',
  strict: false,
  dialect: { infcode: 'number', amounts: 'number', idetinfo: 'list' },
  auth: null,
}

const CHOICES = {
  infcode: ['number', 'string'],
  amounts: ['number', 'string'],
  idetinfo: ['list', 'object', 'null', 'absent'],
}
const UNKNOWN_ORIGINAL = ['tombstone', 'forget', 'refuse']

function faultOf(asked: Json, dialect: Json): string | null {
  for (const [name, choices] of Object.entries(CHOICES))
    if (dialect[name] !== undefined && !choices.includes(text(dialect[name])))
      return `${name} is one of ${choices.join(', ')}`
  if (asked.unknown_original !== undefined && !UNKNOWN_ORIGINAL.includes(text(asked.unknown_original)))
    return `unknown_original is one of ${UNKNOWN_ORIGINAL.join(', ')}`
  if (asked.latency !== undefined && !(typeof asked.latency === 'number' && asked.latency >= 0))
    return 'latency is a number of milliseconds'
  if (asked.strict !== undefined && typeof asked.strict !== 'boolean') return 'strict is true or false'
  if (asked.now !== undefined && Number.isNaN(Date.parse(text(asked.now)))) return 'now is a time in ISO 8601'
  const { auth } = asked
  const proof =
    isJson(auth) &&
    (typeof auth.apikey === 'string' || (typeof auth.paasid === 'string' && typeof auth.secret === 'string'))
  return auth === undefined || auth === null || proof ? null : 'auth is {paasid, secret}, {apikey} or null'
}

/** The settings after what a control call asks; a text says what is wrong with it. */
export function changed(settings: Settings, asked: Json): Settings | string {
  const dialect = isJson(asked.dialect) ? asked.dialect : {}
  const fault = faultOf(asked, dialect)
  if (fault) return fault
  const settled = ['latency', 'unknown_original', 'strict', 'auth', 'now', 'dialect']
  if (settled.every((name) => asked[name] === undefined)) return settings
  const picked = ['latency', 'unknown_original', 'strict', 'auth'].filter((name) => asked[name] !== undefined)
  return {
    ...settings,
    ...Object.fromEntries(picked.map((name) => [name, asked[name]])),
    ...(asked.now === undefined ? {} : { clock: Date.parse(text(asked.now)) - Date.now() }),
    dialect: { ...settings.dialect, ...dialect },
  }
}

/** Whether the headers prove what the settings ask for; the gateway's own rule, the body is not signed. */
export function proves(auth: Settings['auth'], headers: IncomingHttpHeaders): boolean {
  if (auth === null) return true
  if ('apikey' in auth) return headers.apikey === auth.apikey
  const of = (name: string) => text(headers[`x-tif-${name}`])
  const time = of('timestamp')
  const signature = createHash('sha256')
    .update(time + auth.secret + of('nonce') + time)
    .digest('hex')
  const recent = Math.abs(Number(time) - Date.now() / 1000) <= 300
  return of('paasid') === auth.paasid && of('nonce') !== '' && recent && of('signature') === signature
}
