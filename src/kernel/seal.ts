import { createCipheriv, createDecipheriv, createSecretKey, hash, type KeyObject, randomBytes } from 'node:crypto'

/** The keys of one installation: they live outside the database, so that a stolen database tells nothing. */
export interface Keys {
  readonly id: string
  /** AES-256-GCM key of sealed fields. */
  readonly field: Buffer
  /** HMAC-SHA-256 key of blind indexes. */
  readonly blind: Buffer
}

const BLOCK = 64

/** Inner and outer pad of HMAC (RFC 2104), prepared once a key. */
const pads = new WeakMap<Buffer, { inner: Buffer; outer: Buffer }>()
function padsOf(key: Buffer) {
  const known = pads.get(key)
  if (known) return known
  const inner = Buffer.alloc(BLOCK, 0x36)
  const outer = Buffer.alloc(BLOCK, 0x5c)
  for (let i = 0; i < key.length; i++) {
    inner[i] = 0x36 ^ (key[i] ?? 0)
    outer[i] = 0x5c ^ (key[i] ?? 0)
  }
  pads.set(key, { inner, outer })
  return { inner, outer }
}

/**
 * Blind index: HMAC-SHA-256 in hex under a key of at most 64 bytes. Two one-shot hashes, because
 * `createHmac` costs thirty times as much for texts this short; a test holds it against `createHmac`.
 */
export function blindIndex(keys: Keys, text: string): string {
  const { inner, outer } = padsOf(keys.blind)
  const first = hash('sha256', Buffer.concat([inner, Buffer.from(text, 'utf8')]), 'buffer')
  return hash('sha256', Buffer.concat([outer, first]), 'hex')
}

/** Made once a key: from the bare bytes it is made for every field, which costs more than the sealing itself. */
const fieldKeys = new WeakMap<Buffer, KeyObject>()
function fieldKeyOf(keys: Keys): KeyObject {
  const known = fieldKeys.get(keys.field) ?? createSecretKey(keys.field)
  fieldKeys.set(keys.field, known)
  return known
}

/** AES-256-GCM; `place` (table.column:row) is authenticated, so that a sealed field cannot be moved elsewhere. */
export function seal(keys: Keys, place: string, plain: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', fieldKeyOf(keys), nonce)
  cipher.setAAD(Buffer.from(`${keys.id}|${place}`))
  const sealed = Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return `${keys.id}.${sealed.toString('base64url')}`
}

/** Opens a sealed field; throws when the key, the place or a single bit differs. */
export function unseal(keys: Keys, place: string, sealed: string): string {
  const dot = sealed.indexOf('.')
  if (sealed.slice(0, dot) !== keys.id)
    throw new Error(`field sealed with key ${sealed.slice(0, dot)}, which is not at hand`)
  const bytes = Buffer.from(sealed.slice(dot + 1), 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', fieldKeyOf(keys), bytes.subarray(0, 12))
  decipher.setAAD(Buffer.from(`${keys.id}|${place}`))
  decipher.setAuthTag(bytes.subarray(bytes.length - 16))
  return Buffer.concat([decipher.update(bytes.subarray(12, bytes.length - 16)), decipher.final()]).toString('utf8')
}
