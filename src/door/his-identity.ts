import { timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import type { Caller } from '../access/caller.ts'
import type { Directory, DirectoryKeeper } from '../access/directory.ts'
import { secretOf, type Tif, tifSignature } from '../hospitals/his.ts'
import type { Terminal } from '../hospitals/hospital.ts'
import { sha256, sm3 } from '../kernel/canonical.ts'
import type { Instant } from '../kernel/day.ts'
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'
import type { Keys } from '../kernel/seal.ts'
import { type Authenticate, bearerOf, type Identity, knownTo } from './authenticate.ts'
import { type FirstUse, MAX_SKEW_MS } from './nonces.ts'
import type { SignatureCheck } from './signature.ts'

interface Needs {
  readonly directory: DirectoryKeeper
  readonly keys: Keys
  readonly now: () => Instant
  readonly checkSignature: SignatureCheck
  readonly firstUse: FirstUse
}

/** What a caller has said in headers about who it is. */
interface Stated {
  readonly key: string | null
  readonly tif: {
    readonly paasid: string
    readonly timestamp: string
    readonly nonce: string
    readonly mac: string
  } | null
  readonly ca: { readonly paasid: string; readonly timestamp: string; readonly mac: string } | null
}

const stranger = (detail: string): Refusal => refuse('unauthenticated', detail)
const NOBODY = '请求头 apikey 须为终端密钥，或以 x-tif-paasid、x-ca-key 签名'
const MAX_NONCE = 128

/** Headers by which a HIS is known, for the OpenAPI document. */
export const HIS_CREDENTIALS = {
  apikey: { header: 'apikey', description: 'The key of a terminal, as it is sent to many insurance platforms.' },
  tif: {
    header: 'x-tif-signature',
    description:
      'With `x-tif-paasid`, `x-tif-timestamp` (Unix seconds) and `x-tif-nonce` (once): SHA-256 in lower-case hex of timestamp + secret + nonce + timestamp.',
  },
  ca: {
    header: 'x-ca-signature',
    description: 'With `x-ca-key` and `x-ca-timestamp` (Unix seconds): SM3 in hex of secret + timestamp + body.',
  },
} as const

function statedBy(c: Context): Stated | Refusal {
  const header = (name: string): string => c.req.header(name) ?? ''
  const [apikey, bearer] = [c.req.header('apikey') || null, bearerOf(c)]
  if (apikey !== null && bearer !== null && apikey !== bearer) return stranger('apikey 与 Authorization 中的密钥不同')
  const tif = {
    paasid: header('x-tif-paasid'),
    timestamp: header('x-tif-timestamp'),
    nonce: header('x-tif-nonce'),
    mac: header('x-tif-signature'),
  }
  const ca = { paasid: header('x-ca-key'), timestamp: header('x-ca-timestamp'), mac: header('x-ca-signature') }
  return { key: apikey ?? bearer, tif: tif.paasid ? tif : null, ca: ca.paasid ? ca : null }
}

const same = (a: string, b: string): boolean => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

/** Text of a header that cannot be a part of what was signed is refused before anything is computed. */
const isHex = (text: string): boolean => /^[0-9a-f]{64}$/i.test(text)

function skewOf(timestamp: string, now: Instant): Refusal | null {
  const at = /^\d{10}$/.test(timestamp)
    ? Number(timestamp) * 1000
    : /^\d{13}$/.test(timestamp)
      ? Number(timestamp)
      : null
  if (at === null) return refuse('signature_invalid', '时间戳须为 Unix 秒数')
  const skew = Math.abs(now - at)
  return skew <= MAX_SKEW_MS ? null : refuse('clock_skew', `签名时间与服务器相差 ${Math.round(skew / 1000)} 秒`)
}

/** The headers of the TIF gateway: they vouch for who calls and when, not for the body. */
function tifFault({ keys, now, firstUse }: Needs, tif: Tif, stated: NonNullable<Stated['tif']>): Refusal | null {
  const { timestamp, nonce, mac } = stated
  if (!timestamp || !nonce || !mac)
    return refuse('signature_required', '缺少 x-tif-timestamp、x-tif-nonce 或 x-tif-signature')
  if (!/^\d{10}$/.test(timestamp)) return refuse('signature_invalid', 'x-tif-timestamp 须为 Unix 秒数')
  if (nonce.length > MAX_NONCE) return refuse('signature_invalid', `x-tif-nonce 最多 ${MAX_NONCE} 个字符`)
  const wanted = tifSignature(secretOf(keys, tif), timestamp, nonce)
  if (!isHex(mac) || !same(mac.toLowerCase(), wanted)) return refuse('signature_invalid', 'x-tif-signature 不符')
  const skew = skewOf(timestamp, now())
  if (skew) return skew
  return firstUse(`tif|${tif.terminal_id}|${nonce}`, now()) ? null : refuse('signature_replayed', 'nonce 已被使用过')
}

/** The headers of the CA gateway: SM3 over secret, time and body. Without a nonce, the same signature is good once. */
function caFault(
  { keys, now, firstUse }: Needs,
  tif: Tif,
  stated: NonNullable<Stated['ca']>,
  body: Uint8Array,
): Refusal | null {
  const { timestamp, mac } = stated
  if (!timestamp || !mac) return refuse('signature_required', '缺少 x-ca-timestamp 或 x-ca-signature')
  const wanted = sm3(Buffer.concat([Buffer.from(secretOf(keys, tif) + timestamp), body]))
  if (!isHex(mac) || !same(mac.toLowerCase(), wanted)) return refuse('signature_invalid', 'x-ca-signature 不符')
  const skew = skewOf(timestamp, now())
  if (skew) return skew
  return firstUse(`ca|${tif.terminal_id}|${wanted}`, now()) ? null : refuse('signature_replayed', '签名已被使用过')
}

/**
 * The terminal all that was stated agrees on. A signature under a name we never gave out is passed over where a key
 * tells who calls: a HIS between two platforms may carry the headers of the other one.
 */
function terminalOf(known: Directory, stated: Stated): { terminal: Terminal; tif: Tif | null } | Caller | Refusal {
  const hash = stated.key === null ? null : sha256(stated.key)
  const byKey = hash === null ? null : known.terminalByKey.get(hash)
  if (hash !== null && !byKey) {
    const staff = known.staffByToken.get(hash)
    return staff && !staff.revoked ? { kind: 'staff', id: staff.id, roles: staff.roles } : stranger(NOBODY)
  }
  const names = [stated.tif?.paasid, stated.ca?.paasid].filter((name) => name !== undefined)
  const tifs = names.map((name) => known.tifByPaasid.get(name))
  if (!byKey && (names.length === 0 || tifs.includes(undefined))) return stranger(NOBODY)
  const holders = new Set([...tifs.flatMap((t) => (t ? [t.terminal_id] : [])), ...(byKey ? [byKey.id] : [])])
  const [id] = holders
  const terminal = id === undefined ? undefined : known.terminals.get(id)
  if (!terminal) return stranger(NOBODY)
  if (holders.size > 1) return stranger('apikey、x-tif-paasid、x-ca-key 不属于同一终端')
  if (terminal.revoked) return refuse('terminal_revoked', `终端 ${terminal.id} 的密钥已停用`)
  const tif = known.tifByTerminal.get(terminal.id) ?? null
  if (tif && !tifs.includes(tif)) return refuse('signature_required', '本终端须以 x-tif-* 或 x-ca-* 请求头签名')
  return { terminal, tif }
}

/**
 * Who calls at the national interface: a terminal by its key (`apikey`, or Bearer as everywhere), or by the signature
 * headers of a gateway. Whoever was given a name and secret for these must use them, and what is stated twice must
 * agree. A terminal that must sign by RFC 9421 must do so here too.
 */
export function createHisIdentity(needs: Needs): Authenticate {
  return async (c): Promise<Identity | Refusal> => {
    const stated = statedBy(c)
    if (isRefusal(stated)) return stated
    const hash = stated.key === null ? '' : sha256(stated.key)
    const name = stated.tif?.paasid ?? stated.ca?.paasid ?? ''
    const known = await knownTo(
      needs.directory,
      (d) => d.terminalByKey.has(hash) || d.staffByToken.has(hash) || d.tifByPaasid.has(name),
    )
    const found = terminalOf(known, stated)
    if (isRefusal(found)) return found
    if (!('terminal' in found)) return { caller: found, check: null }
    const { terminal, tif } = found
    const { ca } = stated
    const signed = tif && stated.tif?.paasid === tif.paasid ? stated.tif : null
    const fault = tif && signed ? tifFault(needs, tif, signed) : null
    if (fault) return fault
    const check = async (body: Uint8Array): Promise<Refusal | null> => {
      const unsure = tif && ca?.paasid === tif.paasid ? caFault(needs, tif, ca, body) : null
      return unsure ?? (terminal.signing_key === null ? null : needs.checkSignature(c, body, terminal))
    }
    return { caller: { kind: 'terminal', id: terminal.id, hospital: terminal.hospital_code }, check }
  }
}
