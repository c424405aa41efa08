import { type CompiledVersion, compileRepeal, compileVersion } from './compile.ts'
import type { Scheme } from './in-force.ts'
import { parseVersion } from './parse.ts'

/** A published text has been checked; one that cannot be read any more is a bug of this program, not of the law. */
export function compilePublished(text: string, file: string): CompiledVersion {
  const parsed = parseVersion(text, file)
  if ('faults' in parsed) throw new Error(`published rule ${file} cannot be read: ${parsed.faults[0]?.message}`)
  const { document } = parsed
  return 'benefits' in document ? compileVersion(document, text) : compileRepeal(document, text)
}

/** Versions by scheme, each scheme's in the order of their start days. */
export function gatherSchemes(versions: readonly CompiledVersion[]): Scheme[] {
  const keys = [...new Set(versions.map((v) => v.scheme))].sort()
  return keys.map((key) => ({
    key,
    versions: versions.filter((v) => v.scheme === key).sort((a, b) => (a.version < b.version ? -1 : 1)),
  }))
}
