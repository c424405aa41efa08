/** Order of the group of the recommended curve (GB/T 32918.5). */
const ORDER = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n
/** The identity every signature is made under unless both sides agree on another (GM/T 0009). */
const USER_ID = '1234567812345678'
const PREFIX_OF_SPKI = '3059301306072a8648ce3d020106082a811ccf5501822d034200'

/** Loaded with the first key or signature: most installations need it never, and their start should not wait for it. */
const library = async () => (await import('sm-crypto-v2')).sm2

/** Bytes written in hex or in base 64, as hex; null: neither. */
function hexOf(text: string): string | null {
  const compact = text.replace(/\s+/g, '')
  if (/^(?:[0-9a-f]{2})+$/i.test(compact)) return compact.toLowerCase()
  return /^[0-9a-z+/]+={0,2}$/i.test(compact) ? Buffer.from(compact, 'base64').toString('hex') : null
}

/**
 * An SM2 public key as 65 bytes in hex (`04`, x, y), read from hex or base 64, PEM too: the bare point, with or
 * without the `04` in front, compressed, or inside a SubjectPublicKeyInfo. Null where it is no point of the curve.
 */
export async function readSm2Key(text: string): Promise<string | null> {
  const hex = hexOf(text.replace(/-----[A-Z ]+-----/g, ''))
  if (hex === null) return null
  const point = hex.startsWith(PREFIX_OF_SPKI) ? hex.slice(PREFIX_OF_SPKI.length) : hex
  const full = point.length === 128 ? `04${point}` : point
  if (!/^(?:04.{128}|0[23].{64})$/.test(full)) return null
  const sm2 = await library()
  try {
    return sm2.verifyPublicKey(full) ? uncompressed(full, sm2) : null
  } catch {
    return null
  }
}

function uncompressed(point: string, sm2: Awaited<ReturnType<typeof library>>): string {
  return point.length === 130 ? point : sm2.precomputePublicKey(point).toHex(false)
}

/** Two numbers of a DER signature as hex; null where it is not exactly that. */
function numbersOfDer(hex: string): [string, string] | null {
  const outer = /^30(..)(.*)$/.exec(hex)
  if (!outer || Number.parseInt(outer[1] ?? '', 16) * 2 !== outer[2]?.length) return null
  let rest = outer[2]
  const numbers: string[] = []
  while (rest.startsWith('02') && numbers.length < 2) {
    const end = 4 + Number.parseInt(rest.slice(2, 4), 16) * 2
    numbers.push(rest.slice(4, end))
    rest = rest.slice(end)
  }
  const [r, s] = numbers
  return rest === '' && r && s ? [r, s] : null
}

/** r and s as 64 bytes in hex, from hex or base 64, bare or in ASN.1 DER; null: no signature anybody could have made. */
export function readSm2Signature(text: string): string | null {
  const hex = hexOf(text)
  if (hex === null) return null
  const numbers = hex.length === 128 ? [hex.slice(0, 64), hex.slice(64)] : numbersOfDer(hex)
  if (numbers === null) return null
  const values = numbers.map((n) => BigInt(`0x${n}`))
  if (values.some((n) => n <= 0n || n >= ORDER)) return null
  return values.map((n) => n.toString(16).padStart(64, '0')).join('')
}

/** SM2 with SM3 (GB/T 32918.2) under the default identity; `key` as `readSm2Key` gives it. */
export async function sm2Verifies(key: string, message: string, signature: string): Promise<boolean> {
  const raw = readSm2Signature(signature)
  if (raw === null) return false
  const sm2 = await library()
  return sm2.doVerifySignature(Buffer.from(message, 'utf8'), raw, key, { hash: true, userId: USER_ID })
}
