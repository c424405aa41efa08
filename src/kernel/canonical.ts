import { hash } from 'node:crypto'

/** A value of JSON, as parsed from the wire or written to an archive. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** Names of members come again and again; those of strangers are many, and may be as long as a message. */
const MOST_NAMES = 2000
const LONGEST_NAME = 40
const names = new Map<string, string>()
function nameText(name: string): string {
  const known = names.get(name)
  if (known !== undefined) return known
  const text = `${JSON.stringify(name)}:`
  if (name.length <= LONGEST_NAME && names.size < MOST_NAMES) names.set(name, text)
  return text
}

/** Text that JSON writes as it is. */
const PLAIN = /^[ !#-[\]-~]*$/
const leaf = (value: unknown): string =>
  typeof value === 'string' && PLAIN.test(value) ? `"${value}"` : JSON.stringify(value)

/**
 * Canonical text of a JSON value: keys in code-unit order, no white space (the subset of RFC 8785 we use:
 * strings, safe integers, booleans, null). Undefined members are left out, as JSON.stringify does.
 */
export function canonical(value: unknown): string {
  if (value === null || typeof value !== 'object') return leaf(value)
  if (Array.isArray(value)) return `[${value.map((v) => (v === undefined ? 'null' : canonical(v))).join(',')}]`
  const object = value as Record<string, unknown>
  let text = ''
  for (const key of Object.keys(object).sort()) {
    if (object[key] === undefined) continue
    text += `${text ? ',' : ''}${nameText(key)}${canonical(object[key])}`
  }
  return `{${text}}`
}

/** SHA-256 of UTF-8 text, in lower-case hex. */
export const sha256 = (text: string): string => hash('sha256', text, 'hex')

/** SM3 (GB/T 32905) of text or bytes, in lower-case hex. */
export const sm3 = (data: string | Uint8Array): string => hash('sm3', data, 'hex')
