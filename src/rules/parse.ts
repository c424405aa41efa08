import { isMap, isNode, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import type { z } from 'zod'
import { findReferences } from './references.ts'
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
  if (problems.length > 0) {
    return problems.map((one) => ({
      file,
      line: lines.linePos(one.pos[0]).line,
      path: '',
      message: sayYaml(one.code, one.message),
    }))
  }
  const lineOf = (path: Path): number => {
    const offset = offsetOf(document.contents, path)
    return offset === null ? 0 : lines.linePos(offset).line
  }
  return { file, text, value: document.toJS({ maxAliasCount: 200 }), lineOf }
}

const sayYaml = (code: string, message: string): string =>
  code === 'DUPLICATE_KEY' ? '同一个键写了两次' : `不是合格的 YAML：${message}`

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

type Issue = z.core.$ZodIssue

/** How near an issue shows a branch of a union to be to what was meant. */
function nearness(issue: Issue): number {
  switch (issue.code) {
    case 'invalid_union':
      return 5
    case 'invalid_value':
      return issue.values.length > 1 ? 3 : 1
    case 'invalid_type':
      return OUR_WORDS.test(issue.message) ? 2 : 0
    default:
      return 4
  }
}

const OUR_WORDS = /[\u4e00-\u9fff]/

/** An issue of a union is that of the branch that came furthest: the one with the deepest or nearest complaint. */
function unfold(issue: Issue): readonly Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue]
  const rank = (branch: readonly Issue[]): number =>
    Math.max(...branch.map((one) => one.path.length * 10 + nearness(one)))
  const best = issue.errors.toSorted((a, b) => rank(b) - rank(a))[0] ?? []
  return best.flatMap((one) => unfold({ ...one, path: [...issue.path, ...one.path] } as Issue))
}

function sayIssue(issue: Issue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `不认识的键：${issue.keys.join('、')}`
    case 'invalid_type':
      return issue.input === undefined && issue.message.includes('undefined') ? '缺少这一项' : issue.message
    case 'invalid_value':
      return `只能是 ${issue.values.map(String).join('、')} 之一`
    default:
      return issue.message
  }
}

/** Checks a value against a schema; every fault with the line of its place and, for a wrong key, those allowed there. */
export function checkShape<T>(source: Source, schema: z.ZodType<T>): Parsed<T> {
  const result = schema.safeParse(source.value)
  if (result.success) return { source, document: result.data }
  const faults = result.error.issues.flatMap(unfold).flatMap((issue) => {
    const paths = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path]
    return paths.map((path) => {
      const allowed = issue.code === 'unrecognized_keys' ? allowedAt(schema, issue.path) : ''
      return {
        file: source.file,
        line: source.lineOf(path),
        path: sayPath(path),
        message: `${sayIssue(issue)}${allowed}`,
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
  readonly valueType?: z.ZodType
  readonly options?: readonly z.ZodType[]
}

/** The keys a schema allows at a path, to help whoever misspelt one. */
function allowedAt(schema: z.ZodType, path: Path): string {
  let candidates: readonly z.ZodType[] = [schema]
  for (const part of path) candidates = candidates.flatMap((one) => childrenOf(one, part))
  const keys = candidates.flatMap((one) => objectsIn(one)).flatMap((def) => Object.keys(def.shape ?? {}))
  return keys.length === 0 ? '' : `；这里可以写：${[...new Set(keys)].join('、')}`
}

const defOf = (schema: z.ZodType): Def => schema._zod.def as unknown as Def

function peel(schema: z.ZodType): readonly Def[] {
  const def = defOf(schema)
  if (def.innerType !== undefined) return peel(def.innerType)
  if (def.options !== undefined) return def.options.flatMap(peel)
  return [def]
}

const objectsIn = (schema: z.ZodType): readonly Def[] => peel(schema).filter((def) => def.shape !== undefined)

const childrenOf = (schema: z.ZodType, part: PropertyKey): readonly z.ZodType[] =>
  peel(schema).flatMap((def) => {
    const child = def.shape?.[String(part)] ?? def.element ?? def.valueType
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
