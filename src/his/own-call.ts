import { credentialOf, tifSignature, type Upstream, upstreamFor } from '../hospitals/his.ts'
import { randomText } from '../kernel/ids.ts'
import { digits } from './envelope.ts'
import { openCall, sealCall } from './kept.ts'
import { type Outcome, ownEnvelope, sendTo } from './platform.ts'
import { SERVICE_OF } from './services.ts'
import type { HisCall, HisDeps } from './transaction.ts'

/** What it takes to ask after a call, or to undo it; kept sealed before the call is made. */
export interface CallNotes {
  readonly terminal: { readonly id: string; readonly hospital: string }
  readonly infno: string
  readonly msgid: string
  readonly mdtrt_id: string
  readonly psn_no: string
  /** The document a cancellation takes back. */
  readonly setl_id: string | null
  /** The message a 2601 takes back. */
  readonly original: { readonly infno: string; readonly msgid: string } | null
  /** The envelope's own columns, for messages of ours in the hospital's name. */
  readonly envelope: Readonly<Record<string, unknown>>
  /** The address style the hospital itself uses, by which the platform is spoken to as well. */
  readonly path: string
}

/** What was signed belongs to one message only. */
const OWN_COLUMNS = ['cainfo', 'signtype', 'serv_sign', 'input', 'infno', 'msgid', 'inf_time']

export function notesOf(
  call: HisCall,
  about: Pick<CallNotes, 'mdtrt_id' | 'psn_no'> & Partial<Pick<CallNotes, 'setl_id' | 'original'>>,
): CallNotes {
  const kept = Object.entries(call.envelope.parameters).filter(([name]) => !OWN_COLUMNS.includes(name))
  const { infno, msgid } = call.envelope
  return {
    terminal: call.terminal,
    infno,
    msgid,
    setl_id: null,
    original: null,
    envelope: Object.fromEntries(kept),
    path: call.path,
    ...about,
  }
}

export const sealNotes = (deps: HisDeps, key: string, notes: CallNotes): string =>
  sealCall(deps.keys, notes.terminal.hospital, key, JSON.stringify(notes))
export const openNotes = (deps: HisDeps, hospital: string, key: string, sealed: string): CallNotes =>
  JSON.parse(openCall(deps.keys, hospital, key, sealed)) as CallNotes

/** The platform a hospital's messages go to; null: none is set for its area. */
export async function platformOf(deps: HisDeps, hospital: string): Promise<Upstream | null> {
  const { hospitals, upstreams } = await deps.directory.recent()
  const admdvs = hospitals.get(hospital)?.admdvs
  return admdvs === undefined ? null : upstreamFor(upstreams, admdvs)
}

/** What a call of ours to a platform is known by; nothing where it asks for nothing. */
export function credentials(deps: HisDeps, upstream: Upstream): Record<string, string> {
  const credential = credentialOf(deps.keys, upstream)
  if (credential === null) return {}
  if ('apikey' in credential) return { apikey: credential.apikey }
  const timestamp = String(Math.floor(deps.now() / 1000))
  const nonce = randomText(16)
  return {
    'x-tif-paasid': credential.paasid,
    'x-tif-timestamp': timestamp,
    'x-tif-nonce': nonce,
    'x-tif-signature': tifSignature(credential.secret, timestamp, nonce),
  }
}

/** Nobody waits at the counter for a question of ours longer than this. */
const OWN_WAIT_MS = 10_000

/** Sends a message of our own to the platform, in the hospital's name. */
export async function sendOwn(
  deps: HisDeps,
  upstream: Upstream,
  notes: Pick<CallNotes, 'terminal' | 'envelope'>,
  infno: string,
  input: Readonly<Record<string, unknown>>,
): Promise<Outcome & { readonly msgid: string }> {
  const at = deps.now()
  const msgid = `${notes.terminal.hospital.slice(0, 12)}${digits(at)}${randomText(4)}`
  const sending = {
    infno,
    service: SERVICE_OF(infno),
    headers: credentials(deps, upstream),
    body: ownEnvelope(notes.envelope, infno, msgid, at, input),
  }
  return { ...(await sendTo(upstream, sending, Math.min(OWN_WAIT_MS, upstream.timeout_ms))), msgid }
}

/** What brings a call of unknown outcome to an end. */
export const tellPlatform = (
  deps: HisDeps,
  upstream: Upstream,
  notes: CallNotes,
  infno: '2208' | '2305' | '2601' | '5203',
  data: Readonly<Record<string, string>>,
) => sendOwn(deps, upstream, notes, infno, { data })
