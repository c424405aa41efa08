import type { Instant } from '../kernel/day.ts'
import { clockTime } from './fields.ts'
import { post } from './post.ts'
import { isNode } from './read-node.ts'

const utf8 = new TextDecoder()

/** Where the insurance platform of an area answers, and how long we wait for it. */
export interface Platform {
  readonly url: string
  /** `one`: one address for all; `infno`: …/2207; `fsi`: …/fsi/api/service/method. */
  readonly style: 'one' | 'infno' | 'fsi'
  readonly timeout_ms: number
}

/** One message to the platform: what is sent, and to which of its addresses. */
export interface Sending {
  readonly infno: string
  readonly service: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/** What the platform said: its own text, and what can be read of it. */
export interface PlatformAnswer {
  readonly text: string
  readonly success: boolean
  readonly err_msg: string
  readonly output: Readonly<Record<string, unknown>> | null
}

/**
 * Three outcomes of a call. `not_sent`: it never reached the platform, so nothing has happened there. `unknown`:
 * it may have been done; only the platform's books can tell.
 */
export type Outcome =
  | { readonly kind: 'answered'; readonly answer: PlatformAnswer }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly media: string }
  | { readonly kind: 'not_sent'; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string }

function addressAt(platform: Platform, infno: string, service: string): string {
  const base = platform.url.replace(/\/+$/, '')
  if (platform.style === 'infno') return `${base}/${infno}`
  return platform.style === 'fsi' ? `${base}/fsi/api/${service}` : base
}

/** Reads an answer of the platform; null where it is not one, and then nobody knows what was done. */
export function readPlatformAnswer(text: string): PlatformAnswer | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (!isNode(value)) return null
  // Numbers and texts are both in use for this code.
  const infcode = String(value.infcode ?? '').trim()
  if (!/^-?\d{1,4}$/.test(infcode)) return null
  const output = typeof value.output === 'string' ? parsed(value.output) : value.output
  return {
    text,
    success: Number(infcode) === 0,
    err_msg: typeof value.err_msg === 'string' ? value.err_msg : '',
    output: isNode(output) ? output : null,
  }
}

/** Whether an answer may be about this visit: what names another person and another visit is somebody else's answer. */
export function mayBeAbout({ output }: PlatformAnswer, of: { psn_no: string; mdtrt_id: string }): boolean {
  const info = isNode(output?.setlinfo) ? output.setlinfo : {}
  const isOther = (said: unknown, ours: string) => !['', ours].includes(String(said ?? '').trim())
  return !(isOther(info.psn_no, of.psn_no) && isOther(info.mdtrt_id, of.mdtrt_id))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Sends one message and waits as long as the platform is given. Never throws: what went wrong is an outcome. */
export async function sendTo(platform: Platform, sending: Sending, wait = platform.timeout_ms): Promise<Outcome> {
  const { infno, service, headers, body } = sending
  const posted = await post(addressAt(platform, infno, service), headers, body, wait)
  if ('why' in posted) return { kind: posted.sent ? 'unknown' : 'not_sent', why: posted.why }
  const { status, media, bytes } = posted
  if (status !== 200) return { kind: 'unknown', why: `HTTP ${status}` }
  if (/octet-stream|zip/.test(media)) return { kind: 'bytes', bytes, media }
  const answer = readPlatformAnswer(utf8.decode(bytes))
  return answer ? { kind: 'answered', answer } : { kind: 'unknown', why: '答复无法辨认' }
}

/** An envelope of our own to the platform, in the words of the hospital's. */
export function ownEnvelope(
  like: Readonly<Record<string, unknown>>,
  infno: string,
  msgid: string,
  at: Instant,
  input: Readonly<Record<string, unknown>>,
): string {
  return JSON.stringify({ ...like, infno, msgid, inf_time: clockTime(at), input })
}
