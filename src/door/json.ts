import { type Refusal, refuse } from '../kernel/refusal.ts'

const MAX_DEPTH = 32
/** Characters that hide or reorder text, and the byte-order mark: none has business in a bill. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const HIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Strict JSON of RFC 8259 plus what it leaves open: bytes must be UTF-8, keys must be unique, text must be
 * well-formed and visible, nesting at most 32. Everything that a lenient parser would repair in silence is refused.
 */
export function parseStrictJson(bytes: Uint8Array): { readonly value: unknown } | Refusal {
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch {
    return refuse('malformed_json', '请求体不是合格的 UTF-8')
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    // Only the place: the engine's own message quotes the text around it, and that may be somebody's number.
    const at = /position (\d+)/.exec((error as Error).message)?.[1]
    return refuse('malformed_json', `不是合格的 JSON${at ? `：第 ${Number(at) + 1} 个字符` : ''}`)
  }
  const scan = scanStructure(text)
  if (scan.depth > MAX_DEPTH) return refuse('malformed_json', `嵌套超过 ${MAX_DEPTH} 层`)
  const escapes = text.includes('\\u')
  const keys = countKeys(value)
  if (keys !== scan.colons) return refuse('malformed_json', `有重复的键：${duplicateKey(text) ?? '未知位置'}`)
  if (HIDDEN.test(text) || (escapes && hasHidden(value))) {
    return refuse('malformed_json', '文本中有不可见字符、控制字符或不成对的代理字符')
  }
  return { value }
}

/** One pass over the text outside strings: each colon belongs to one key. */
function scanStructure(text: string): { colons: number; depth: number } {
  let colons = 0
  let depth = 0
  let open = 0
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case 34:
        i = endOfString(text, i)
        break
      case 58:
        colons++
        break
      case 123:
      case 91:
        open++
        if (open > depth) depth = open
        break
      case 125:
      case 93:
        open--
    }
  }
  return { colons, depth }
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0
  while (text.charCodeAt(at - 1 - slashes) === 92) slashes++
  return slashes % 2 === 1
}

function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  let count = 0
  if (Array.isArray(value)) {
    for (const item of value) count += countKeys(item)
    return count
  }
  for (const key of Object.keys(value)) count += 1 + countKeys((value as Record<string, unknown>)[key])
  return count
}

function hasHidden(value: unknown): boolean {
  if (typeof value === 'string') return HIDDEN.test(value) || !value.isWellFormed()
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(hasHidden)
  return Object.entries(value).some(([k, v]) => hasHidden(k) || hasHidden(v))
}

/** The slow way, only for the message: the path of the first key that stands twice in one object. */
function duplicateKey(text: string): string | null {
  const stack: { keys: Set<string> | null; path: string; index: number; key: string }[] = []
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    const top = stack.at(-1)
    if (c === '"') {
      const end = endOfString(text, i)
      const isKey = top?.keys && /^\s*:/.test(text.slice(end + 1, end + 40))
      if (top?.keys && isKey) {
        const key = JSON.parse(text.slice(i, end + 1)) as string
        if (top.keys.has(key)) return [...stack.map((s) => s.path), key].filter(Boolean).join('.')
        top.keys.add(key)
        top.key = key
      }
      i = end
    } else if (c === '{' || c === '[') {
      const path = top ? (top.keys ? top.key : String(top.index)) : ''
      stack.push({ keys: c === '{' ? new Set() : null, path, index: 0, key: '' })
    } else if (c === '}' || c === ']') stack.pop()
    else if (c === ',' && top) top.index++
  }
  return null
}

/** Media types we read: JSON in UTF-8, however its name is spelt, nothing else. */
export const isJsonMediaType = (header: string | undefined): boolean =>
  /^application\/json(?:\s*;\s*charset\s*=\s*"?utf-?8"?)?\s*;?$/i.test((header ?? '').trim())
