import { Inflate } from 'fflate'
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'

/** What the directory of an archive says of a file; nothing of it is believed until the bytes are there. */
interface Entry {
  readonly name: string
  readonly method: number
  readonly encrypted: boolean
  readonly crc: number
  readonly packed: number
  readonly size: number
  readonly at: number
}

const END = 0x06054b50
const DIRECTORY = 0x02014b50
const LOCAL = 0x04034b50
const MAX_COMMENT = 0xffff
const MAX_ENTRIES = 100
/** So little at a time that a bomb is noticed after a few megabytes, for deflate gives back at most 1032 times as much. */
const STEP = 4096

const faulty = (detail: string): Refusal => refuse('file_faulty', detail)
const notZip = () => faulty('不是 ZIP 压缩包，或文件不完整')
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Where the record at the end of an archive begins; a comment may follow it. */
function endOf(view: DataView): number | null {
  const first = Math.max(0, view.byteLength - 22 - MAX_COMMENT)
  for (let at = view.byteLength - 22; at >= first; at--) if (view.getUint32(at, true) === END) return at
  return null
}

function entriesOf(bytes: Uint8Array): Entry[] | Refusal {
  const view = viewOf(bytes)
  const end = endOf(view)
  if (end === null) return notZip()
  const count = view.getUint16(end + 10, true)
  if (count > MAX_ENTRIES) return faulty(`压缩包里有 ${count} 个文件，只应有 1 个 .txt`)
  const entries: Entry[] = []
  let at = view.getUint32(end + 16, true)
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== DIRECTORY) return notZip()
    const named = view.getUint16(at + 28, true)
    entries.push({
      // Only the ending is looked at, so the encoding of the name does not matter.
      name: String.fromCharCode(...bytes.subarray(at + 46, at + 46 + named).slice(-200)),
      method: view.getUint16(at + 10, true),
      encrypted: (view.getUint16(at + 8, true) & 1) === 1,
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true),
    })
    at += 46 + named + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return entries
}

/** The bytes of an entry as they are packed. */
function packedOf(bytes: Uint8Array, entry: Entry): Uint8Array | Refusal {
  const view = viewOf(bytes)
  if (entry.at + 30 > bytes.length || view.getUint32(entry.at, true) !== LOCAL) return notZip()
  const start = entry.at + 30 + view.getUint16(entry.at + 26, true) + view.getUint16(entry.at + 28, true)
  return start + entry.packed <= bytes.length ? bytes.subarray(start, start + entry.packed) : notZip()
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c
})
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8)
  return ~crc >>> 0
}

/** Unpacks no further than the size the directory promised; null where the bytes are anything else. */
function inflate(packed: Uint8Array, size: number): Uint8Array | null {
  const out = new Uint8Array(size)
  let held = 0
  const stream = new Inflate((part) => {
    // Thrown through the library, which cannot be stopped otherwise; caught below.
    if (held + part.length > size) throw new Error('longer than promised')
    out.set(part, held)
    held += part.length
  })
  try {
    for (let at = 0; at < packed.length; at += STEP)
      stream.push(packed.subarray(at, at + STEP), at + STEP >= packed.length)
  } catch {
    return null
  }
  return held === size ? out : null
}

/**
 * The one text file of an archive. Its name and path are looked at only for `.txt`; sizes are judged before anything
 * is unpacked, and what turns out longer than promised is given up at once.
 */
export function textOfZip(bytes: Uint8Array, maxSize: number): Uint8Array | Refusal {
  const entries = entriesOf(bytes)
  if (isRefusal(entries)) return entries
  // macOS adds a shadow of every file in a folder of its own.
  const texts = entries.filter((e) => /\.txt$/i.test(e.name) && !/(^|\/)__MACOSX\//.test(e.name))
  const [entry] = texts
  if (!entry) return faulty('压缩包里没有 .txt 文件')
  if (texts.length > 1) return faulty(`压缩包里有 ${texts.length} 个 .txt 文件，只应有 1 个`)
  if (entry.encrypted) return faulty('压缩包加了密码，请不要加密')
  if (entry.size > maxSize) return faulty(`解压后 ${entry.size} 字节，超过上限 ${maxSize} 字节，请分段对账`)
  if (entry.method !== 0 && entry.method !== 8)
    return faulty(`不支持的压缩方法 ${entry.method}，请用 ZIP 默认的 deflate`)
  const packed = packedOf(bytes, entry)
  if (isRefusal(packed)) return packed
  const text = entry.method === 8 ? inflate(packed, entry.size) : packed.length === entry.size ? packed : null
  if (!text || crc32(text) !== entry.crc) return faulty('压缩包已损坏，解压后与其目录不符')
  return text
}
