import { type CasesDocument, casesSchema } from './cases.ts'
import { checkCases } from './check-cases.ts'
import { checkCodes } from './check-codes.ts'
import { searchBills } from './check-search.ts'
import { checkChanges, checkStructure, type Finding } from './check-structure.ts'
import { type CodeDocument, compileCodes, isCodesKey, isCodesText, parseCodes } from './codes.ts'
import { type CompiledVersion, compileDocument } from './compile.ts'
import { gatherSchemes, type Scheme } from './in-force.ts'
import { checkShape, type FileFault, type Parsed, parseVersion, readYaml, type Source, sayPath } from './parse.ts'

/** A fault of the rules, with the bill that shows it where there is one. */
export interface RuleFault extends FileFault {
  readonly bill?: string
}

/** A file of a scheme's folder, by its path below the rules directory: "kashgar/2023-01-01.yaml". */
export interface RuleFile {
  readonly path: string
  readonly text: string
}

export interface Checked {
  readonly schemes: readonly Scheme[]
  readonly codes: readonly CodeDocument[]
  readonly faults: readonly RuleFault[]
  /** How many cases were run. */
  readonly cases: number
}

interface Loaded {
  readonly version: CompiledVersion
  readonly source: Source
}

interface LoadedCodes {
  readonly document: CodeDocument
  readonly source: Source
}

interface Read {
  readonly loaded: readonly Loaded[]
  readonly codes: readonly LoadedCodes[]
  readonly faults: readonly FileFault[]
}

/** Reads the version files; faults of form and of names only, for a start that need not prove everything again. */
export function readFiles(files: readonly RuleFile[]): Read {
  const loaded: Loaded[] = []
  const codes: LoadedCodes[] = []
  const faults: FileFault[] = []
  const expect = (source: Source, key: 'scheme' | 'codes', folder: string, start: string) => {
    const expected = `${folder}/${start}.yaml`
    const message = `文件应放在 ${expected}：文件夹是 ${key}，文件名是 start`
    if (expected !== source.file)
      faults.push({ file: source.file, line: source.lineOf(['start']), path: 'start', message })
  }
  for (const { path, text } of files) {
    if (path.endsWith('/cases.yaml')) continue
    if (isCodesText(text)) {
      const parsed = parseCodes(text, path)
      if ('faults' in parsed) faults.push(...parsed.faults)
      else {
        expect(parsed.source, 'codes', parsed.document.codes, parsed.document.start)
        codes.push({ document: compileCodes(parsed.document, text), source: parsed.source })
      }
      continue
    }
    const parsed = parseVersion(text, path)
    if ('faults' in parsed) faults.push(...parsed.faults)
    else {
      expect(parsed.source, 'scheme', parsed.document.scheme, parsed.document.start)
      loaded.push({ version: compileDocument(parsed.document, text), source: parsed.source })
    }
  }
  return { loaded, codes, faults }
}

/** Every document of code tables, by itself and among the others; `schemes` name the categories there are. */
export function checkAllCodes(codes: readonly LoadedCodes[], schemes: readonly Scheme[]): readonly RuleFault[] {
  const all = codes.map((one) => one.document)
  const categories = new Set(schemes.flatMap((s) => s.versions.flatMap((v) => v.categories.map((c) => c.key))))
  return codes.flatMap(({ document, source }) =>
    checkCodes(document, all, categories).map((one) => faultAt(source, one)),
  )
}

/** One version by itself: what reading and what trying bills shows. */
export function checkVersion({ version, source }: Loaded): readonly RuleFault[] {
  return [...checkStructure(version), ...searchBills(version)].map((one) => faultAt(source, one))
}

const faultAt = (source: Source, { path, message, bill }: Finding): RuleFault => ({
  file: source.file,
  line: source.lineOf(path),
  path: sayPath(path),
  message,
  ...(bill === undefined ? {} : { bill }),
})

/** The whole proof before rules may pay: every version, every change of version, every case. */
export function checkFiles(files: readonly RuleFile[]): Checked {
  const { loaded, codes, faults } = readFiles(files)
  const schemes = gatherSchemes(loaded.map((one) => one.version))
  const all: RuleFault[] = [...faults, ...checkAllCodes(codes, schemes)]
  for (const one of loaded) all.push(...checkVersion(one))
  let cases = 0
  for (const scheme of schemes) {
    for (const { version, ...finding } of checkChanges(scheme)) {
      const source = loaded.find((one) => one.version.scheme === scheme.key && one.version.version === version)?.source
      if (source !== undefined) all.push(faultAt(source, finding))
    }
    const path = `${scheme.key}/cases.yaml`
    const file = files.find((one) => one.path === path)
    if (file === undefined) {
      all.push({ file: path, line: 0, path: '', message: '没有 cases.yaml：每个办法都要有例子' })
      continue
    }
    const parsed = readCases(file)
    if ('faults' in parsed) all.push(...parsed.faults)
    else {
      cases += parsed.document.cases.length
      all.push(...checkCases(scheme, parsed.document).map((one) => faultAt(parsed.source, one)))
    }
  }
  for (const { path } of files) {
    const folder = path.split('/')[0] ?? ''
    if (path.endsWith('/cases.yaml') && isCodesKey(folder))
      all.push({ file: path, line: 0, path: '', message: '码表没有例子：这些例子一个也没有运行' })
    else if (
      path.endsWith('/cases.yaml') &&
      !files.some((one) => one.path !== path && one.path.startsWith(`${folder}/`))
    )
      all.push({ file: path, line: 0, path: '', message: '只有例子，没有版本文件：例子一个也没有运行' })
  }
  return { schemes, codes: codes.map((one) => one.document), faults: all, cases }
}

export function readCases({ path, text }: RuleFile): Parsed<CasesDocument> {
  const source = readYaml(text, path)
  return 'value' in source ? checkShape(source, casesSchema) : { faults: source }
}
