import { hash } from 'node:crypto'

/** A value of JSON, as parsed from the wire or written to an archive. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/**
 * Canonical text of a JSON value: keys in code-unit order, no white space (the subset of RFC 8785 we use:
 * strings, safe integers, booleans, null). Undefined members are left out, as JSON.stringify does.
 */
export function canonical(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map((v) => (v === undefined ? 'null' : canonical(v))).join(',')}]`
  const object = value as Record<string, unknown>
  let text = ''
  for (const key of Object.keys(object).sort()) {
    if (object[key] === undefined) continue
    text += `${text ? ',' : ''}${JSON.stringify(key)}:${canonical(object[key])}`
  }
  return `{${text}}`
}

/** SHA-256 of UTF-8 text, in lower-case hex. */
export const sha256 = (text: string): string => hash('sha256', text, 'hex')

/** SM3 (GB/T 32905) of text or bytes, in lower-case hex. */
export const sm3 = (data: string | Uint8Array): string => hash('sm3', data, 'hex')
