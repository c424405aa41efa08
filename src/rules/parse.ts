import { isMap, isNode, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import type { z } from 'zod'
import { findReferences } from './references.ts'
import { amountsAsSuch, sayIssue, sayYaml, unfold } from './say-issue.ts'
import { inForceSchema, type RepealDocument, repealSchema, type VersionDocument } from './schema.ts'

/** One thing wrong with a file: where, and what to write instead. `line` counts from 1, 0 for the file as a whole. */
export interface FileFault {
  readonly file: string
  readonly line: number
  readonly path: string
  readonly message: string
}

export type Path = readonly PropertyKey[]

/** A YAML text, its value, and the line of every path in it. */
export interface Source {
  readonly file: string
  readonly text: string
  readonly value: unknown
  readonly lineOf: (path: Path) => number
}

export type Parsed<T> = { readonly source: Source; readonly document: T } | { readonly faults: readonly FileFault[] }

const MAX_CHARS = 1_000_000

/** Reads YAML 1.2 strictly: duplicate keys, unknown tags and texts above a million characters are refused. */
export function readYaml(text: string, file: string): Source | readonly FileFault[] {
  if (text.length > MAX_CHARS) return [{ file, line: 0, path: '', message: '文件超过一百万字符' }]
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false, version: '1.2' })
  const problems = [...document.errors, ...document.warnings]
  // After the first fault of syntax the parser only guesses; keys written twice are told one by one.
  const broken = problems.find((one) => one.code !== 'DUPLICATE_KEY')
  if (problems.length > 0) {
    return (broken === undefined ? problems : [broken]).map((one) => {
      const { line } = lines.linePos(one.pos[0])
      return { file, line, path: '', message: sayYaml(one.code, text.split('\n')[line - 1] ?? '') }
    })
  }
  const lineOf = (path: Path): number => {
    const offset = offsetOf(document.contents, path)
    return offset === null ? 0 : lines.linePos(offset).line
  }
  try {
    return { file, text, value: document.toJS({ maxAliasCount: 200 }), lineOf }
  } catch {
    // The parser throws for names that stand for nothing and for texts that grow without end.
    return [{ file, line: 0, path: '', message: '引用（*名字）没有先用 &名字 定义，或引用太多' }]
  }
}

/** Where a path stands in the text, or the nearest of its ancestors that is written there. */
function offsetOf(root: Node | null, path: Path): number | null {
  let node: unknown = root
  let offset = root?.range?.[0] ?? null
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find((one) => isPair(one) && isScalar(one.key) && String(one.key.value) === String(part))
      if (pair === undefined) return offset
      if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(part)]
      if (isNode(node)) offset = node.range?.[0] ?? offset
    } else {
      return offset
    }
  }
  return offset
}

export const sayPath = (path: Path): string =>
  path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    '',
  )

function valueAt(value: unknown, path: Path): unknown {
  let at = value
  for (const part of path)
    at = typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[part] : undefined
  return at
}

/** Checks a value against a schema; every fault with the line of its place and, for a wrong key, those allowed there. */
export function checkShape<T>(source: Source, schema: z.ZodType<T>): Parsed<T> {
  const result = schema.safeParse(source.value)
  if (result.success) return { source, document: result.data }
  const faults = amountsAsSuch(result.error.issues.flatMap(unfold)).flatMap((issue) => {
    const paths = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path]
    return paths.map((path) => {
      const allowed = issue.code === 'unrecognized_keys' ? allowedAt(schema, issue.path) : ''
      return {
        file: source.file,
        line: source.lineOf(path),
        path: sayPath(path),
        message: `${sayIssue(issue, valueAt(source.value, path))}${allowed}`,
      }
    })
  })
  return { faults }
}

interface Def {
  readonly type: string
  readonly shape?: Readonly<Record<string, z.ZodType>>
  readonly innerType?: z.ZodType
  readonly element?: z.ZodType
  readonly keyType?: z.ZodType
  readonly valueType?: z.ZodType
  readonly catchall?: z.ZodType
  readonly entries?: Readonly<Record<string, string>>
  readonly options?: readonly z.ZodType[]
}

/** The keys a schema allows at a path, to help whoever misspelt one. */
function allowedAt(schema: z.ZodType, path: Path): string {
  let candidates: readonly z.ZodType[] = [schema]
  for (const part of path) candidates = candidates.flatMap((one) => childrenOf(one, part))
  const keys = candidates.flatMap(peel).flatMap(keysOf)
  return keys.length === 0 ? '' : `；这里可以写：${[...new Set(keys)].join('、')}`
}

const defOf = (schema: z.ZodType): Def => schema._zod.def as unknown as Def

function peel(schema: z.ZodType): readonly Def[] {
  const def = defOf(schema)
  if (def.innerType !== undefined) return peel(def.innerType)
  if (def.options !== undefined) return def.options.flatMap(peel)
  return [def]
}

/** The keys of an object, or those of a record whose keys are a closed list. */
const keysOf = ({ shape, keyType }: Def): readonly string[] =>
  keyType === undefined ? Object.keys(shape ?? {}) : Object.keys(defOf(keyType).entries ?? {})

const childrenOf = (schema: z.ZodType, part: PropertyKey): readonly z.ZodType[] =>
  peel(schema).flatMap((def) => {
    const child = def.shape?.[String(part)] ?? def.element ?? def.valueType ?? def.catchall
    return child === undefined ? [] : [child]
  })

/** Reads one version file; every fault of form, of reference and of name, or the document. */
export function parseVersion(text: string, file: string): Parsed<VersionDocument | RepealDocument> {
  const source = readYaml(text, file)
  if (Array.isArray(source)) return { faults: source }
  const read = source as Source
  const repealed = (read.value as { repealed?: unknown } | null)?.repealed === true
  if (repealed) return checkShape(read, repealSchema)
  const parsed = checkShape(read, inForceSchema)
  if ('faults' in parsed) return parsed
  const faults = findReferences(parsed.document).map(({ path, message }) => ({
    file,
    line: read.lineOf(path),
    path: sayPath(path),
    message,
  }))
  return faults.length > 0 ? { faults } : parsed
}
