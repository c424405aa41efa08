import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

export const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SKIP = new Set(['node_modules', '.git', 'data', 'coverage', 'reports', '.stryker-tmp', 'dist'])

/** Every file below a folder of the project, by its path from the root. */
export function filesUnder(folder: string): string[] {
  const at = join(ROOT, folder)
  return readdirSync(at).flatMap((name) => {
    const path = join(folder, name)
    if (SKIP.has(name)) return []
    return statSync(join(ROOT, path)).isDirectory() ? filesUnder(path) : [relative('.', path)]
  })
}

export const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

export interface Import {
  /** A path from the root for files of ours, else the name of the package. */
  readonly target: string
  readonly ours: boolean
  /** Only for types: nothing is left of it when the program runs. */
  readonly typeOnly: boolean
}

export interface Source {
  readonly path: string
  readonly text: string
  /** The text without its comments. */
  readonly code: string
  readonly lines: number
  readonly imports: readonly Import[]
  readonly functions: readonly { readonly name: string; readonly lines: number }[]
  readonly usesAny: boolean
  readonly hasDefaultExport: boolean
}

const isFunction = (n: ts.Node): n is ts.FunctionLikeDeclaration =>
  ts.isFunctionDeclaration(n) || ts.isFunctionExpression(n) || ts.isArrowFunction(n) || ts.isMethodDeclaration(n)

/** A list of tests is a table, not a function: `describe('…', () => { … })` and its kin are not counted. */
const SUITES = /^(describe|eachEngine)\b/
const isSuite = (n: ts.Node): boolean => ts.isCallExpression(n.parent) && SUITES.test(n.parent.expression.getText())

function importOf(node: ts.Node, path: string): Import | null {
  let name: ts.Node | undefined
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) name = node.moduleSpecifier
  else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) name = node.arguments[0]
  if (!name || !ts.isStringLiteral(name)) return null
  const typeOnly = ts.isImportDeclaration(node) && node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
  if (!name.text.startsWith('.')) return { target: name.text, ours: false, typeOnly }
  return { target: relative(ROOT, resolve(ROOT, dirname(path), name.text)), ours: true, typeOnly }
}

function readSource(path: string): Source {
  const text = textOf(path)
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const tokens: string[] = []
  const imports: Import[] = []
  const functions: { name: string; lines: number }[] = []
  let usesAny = false
  let hasDefaultExport = false
  const lineOf = (at: number) => file.getLineAndCharacterOfPosition(at).line
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return
    const found = importOf(node, path)
    if (found) imports.push(found)
    if (node.kind === ts.SyntaxKind.AnyKeyword) usesAny = true
    if (node.kind === ts.SyntaxKind.DefaultKeyword && ts.isExportAssignment(node.parent)) hasDefaultExport = true
    if (isFunction(node) && !isSuite(node)) {
      const name = node.name?.getText() ?? `line ${lineOf(node.getStart()) + 1}`
      functions.push({ name, lines: lineOf(node.end) - lineOf(node.getStart()) + 1 })
    }
    const children = node.getChildren(file)
    if (children.length === 0) tokens.push(node.getText())
    else for (const child of children) visit(child)
  }
  visit(file)
  if (/^export default /m.test(text)) hasDefaultExport = true
  const lines = text.split('\n').length - 1
  return { path, text, code: tokens.join(' '), lines, imports, functions, usesAny, hasDefaultExport }
}

/** Our TypeScript, read once. */
export const SOURCES: readonly Source[] = ['src', 'test', 'fixtures', 'bench']
  .flatMap(filesUnder)
  .filter((path) => /\.tsx?$/.test(path))
  .map(readSource)
