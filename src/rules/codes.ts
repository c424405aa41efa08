import { sha256 } from '../kernel/canonical.ts'
import type { Day } from '../kernel/day.ts'
import type { CareType, Circumstance, InsuranceType, Referral } from './claim.ts'
import { type CodesDocument, codesSchema, type MeaningfulTables, type Payer } from './codes-schema.ts'
import { checkShape, type Parsed, readYaml } from './parse.ts'
import { trimPlace } from './scene.ts'

export interface ListedCode {
  readonly value: string
  readonly label: string
}

/** What a kind of visit means to the rules; what is left out the code does not tell. */
export interface Care {
  readonly care_type: CareType
  readonly referral?: Referral | undefined
  readonly circumstances?: readonly Circumstance[] | undefined
}

interface Row<T> extends ListedCode {
  readonly to?: T | undefined
  readonly sent?: true | undefined
}

interface Table<T> {
  readonly exact: ReadonlyMap<string, Row<T>>
  /** Rows for all codes that begin alike, the longest beginning first. */
  readonly starts: readonly { readonly start: string; readonly row: Row<T> }[]
  /** The one code that is sent for each meaning. */
  readonly out: ReadonlyMap<T, Row<T>>
}

interface Tables {
  readonly med_type: Table<Care> | null
  readonly insutype: Table<InsuranceType> | null
  readonly fund_pay_type: Table<Payer> | null
  readonly psn_idet_type: Table<string> | null
  readonly hosp_lv: Table<1 | 2 | 3> | null
  readonly admdvs: Table<string> | null
}

/** The code tables of one area from a day on, ready to be asked. */
export interface CodeDocument {
  readonly codes: string
  readonly area: string
  readonly start: Day
  readonly title: string
  /** "sha256:" and the hash of the text. */
  readonly hash: string
  readonly text: string
  readonly tables: Tables
  /** Every table as a list of values, in the order of the text; rows for many codes are no values. */
  readonly lists: ReadonlyMap<string, readonly ListedCode[]>
  readonly document: CodesDocument
}

export interface CodesVersion {
  readonly codes: string
  readonly start: Day
  readonly hash: string
}

/** The codes that hold in an area on a day. A code nobody defined is null, never a guess. */
export interface Codes {
  careOf(med_type: string): Care | null
  insuranceOf(insutype: string): InsuranceType | null
  payerOf(fund_pay_type: string): Payer | null
  /** The one code by which a category is told to a hospital. */
  identityCodeOf(category: string): { readonly code: string; readonly name: string } | null
  categoryOf(psn_idet_type: string): string | null
  /** The place of GB/T 2260 an insurance code stands for; itself where no table says otherwise. */
  areaOf(admdvs: string): string
  levelCode(level: 1 | 2 | 3): string
  /** One table as a list; the type in upper or lower case. */
  list(type: string): readonly ListedCode[] | null
  types(): readonly string[]
  /** The document a table is taken from. */
  versionOf(type: string): CodesVersion | null
  /** The document of the most specific area. */
  readonly version: CodesVersion
  /** Every document tables are taken from, the most specific first. */
  readonly versions: readonly CodesVersion[]
}

/** The area of codes that hold everywhere. */
export const NATION = '000000'

/** A text is one of code tables when it has the key `codes` where a scheme has `scheme`. */
export const isCodesText = (text: string): boolean => /^codes\s*:/m.test(text)

/** Code tables and schemes share one shelf; their ids tell them apart. */
export const isCodesKey = (id: string): boolean => id.startsWith('codes-')

/** Reads one file of code tables: its document, or every fault of form with its line. */
export function parseCodes(text: string, file: string): Parsed<CodesDocument> {
  const source = readYaml(text, file)
  return 'value' in source ? checkShape(source, codesSchema) : { faults: source }
}

function tableOf<T>(rows: readonly Row<T>[] | undefined): Table<T> | null {
  if (rows === undefined) return null
  const exact = new Map<string, Row<T>>()
  const starts: { start: string; row: Row<T> }[] = []
  const out = new Map<T, Row<T>>()
  for (const row of rows) {
    if (row.value.endsWith('*')) starts.push({ start: row.value.slice(0, -1), row })
    else exact.set(row.value, row)
    if (row.to !== undefined && (row.sent || !out.has(row.to))) out.set(row.to, row)
  }
  return { exact, starts: starts.toSorted((a, b) => b.start.length - a.start.length), out }
}

const isValue = ({ value }: ListedCode): boolean => !/[*?]/.test(value)

/** Makes a checked document ready: every table indexed once. */
export function compileCodes(document: CodesDocument, text: string): CodeDocument {
  const { codes, area, start, title, tables } = document
  const meant: MeaningfulTables = tables
  const lists = Object.entries(tables).map(([type, rows]): [string, readonly ListedCode[]] => [
    type,
    (rows as readonly ListedCode[]).filter(isValue).map(({ value, label }) => ({ value, label })),
  ])
  return {
    codes,
    area,
    start,
    title,
    hash: `sha256:${sha256(text)}`,
    text,
    tables: {
      med_type: tableOf<Care>(meant.med_type),
      insutype: tableOf<InsuranceType>(meant.insutype),
      fund_pay_type: tableOf<Payer>(meant.fund_pay_type),
      psn_idet_type: tableOf<string>(meant.psn_idet_type),
      hosp_lv: tableOf<1 | 2 | 3>(meant.hosp_lv),
      admdvs: tableOf<string>(meant.admdvs),
    },
    lists: new Map(lists),
    document,
  }
}

/** Compiles a text that was checked before it was published; faults in it are a bug of whoever stored it. */
export function compileCodesText(text: string, file: string): CodeDocument {
  const parsed = parseCodes(text, file)
  if ('faults' in parsed)
    throw new Error(parsed.faults.map((one) => `${one.file}:${one.line} ${one.path} ${one.message}`).join('\n'))
  return compileCodes(parsed.document, text)
}

const prefixOf = (area: string): string => (area === NATION ? '' : trimPlace(area))

/** What holds for an area on a day, one document an area, the most specific first. */
function chainFor(documents: readonly CodeDocument[], admdvs: string, day: Day): readonly CodeDocument[] {
  const newest = new Map<string, CodeDocument>()
  for (const one of documents) {
    if (one.start > day || !admdvs.startsWith(prefixOf(one.area))) continue
    if ((newest.get(one.area)?.start ?? '') < one.start) newest.set(one.area, one)
  }
  return [...newest.values()].toSorted((a, b) => prefixOf(b.area).length - prefixOf(a.area).length)
}

const find = <T>({ exact, starts }: Table<T>, value: string): T | null =>
  (exact.get(value) ?? starts.find(({ start }) => value.startsWith(start))?.row)?.to ?? null

/** The tables `chainFor` finds no document for; a set of codes is whole when there are none. */
export function missingTables(documents: readonly CodeDocument[], admdvs: string, day: Day): readonly string[] {
  const chain = chainFor(documents, admdvs, day)
  const all = ['med_type', 'insutype', 'fund_pay_type', 'psn_idet_type', 'hosp_lv', 'admdvs'] as const
  return all.filter((type) => chain.every((one) => one.tables[type] === null))
}

function readCodes(documents: readonly CodeDocument[], admdvs: string, day: Day): Codes | null {
  const chain = chainFor(documents, admdvs, day)
  const first = chain[0]
  const table = <K extends keyof Tables>(type: K): Tables[K] | null =>
    chain.find((one) => one.tables[type] !== null)?.tables[type] ?? null
  const [visits, insurances, funds] = [table('med_type'), table('insutype'), table('fund_pay_type')]
  const [identities, levels, places] = [table('psn_idet_type'), table('hosp_lv'), table('admdvs')]
  if (!first || !visits || !insurances || !funds || !identities || !levels || !places) return null
  const asVersion = ({ codes, start, hash }: CodeDocument): CodesVersion => ({ codes, start, hash })
  const holderOf = (type: string) => chain.find((one) => one.lists.has(type.toLowerCase()))
  return {
    careOf: (code) => find(visits, code),
    insuranceOf: (code) => find(insurances, code),
    payerOf: (code) => find(funds, code),
    categoryOf: (code) => find(identities, code),
    identityCodeOf(category) {
      const row = identities.out.get(category)
      return row ? { code: row.value, name: row.label } : null
    },
    areaOf: (code) => placeMeant(places, code),
    levelCode(level) {
      const row = levels.out.get(level)
      if (!row) throw new Error(`no code for hospitals of level ${level}: the check of code tables asks for one`)
      return row.value
    },
    list: (type) => holderOf(type)?.lists.get(type.toLowerCase()) ?? null,
    types: () => [...new Set(chain.flatMap((one) => [...one.lists.keys()]))].toSorted(),
    versionOf(type) {
      const holder = holderOf(type)
      return holder ? asVersion(holder) : null
    },
    version: asVersion(first),
    versions: chain.map(asVersion),
  }
}

/** Every message asks for the codes of its day; a hospital may ask for any other. */
const KEPT = 1000
const known = new WeakMap<readonly CodeDocument[], Map<string, Codes | null>>()

/**
 * The codes of an area on a day: of every area that holds the place its newest document that has begun; a table is
 * taken whole from the most specific document that names it. Null where some table nobody defines is needed.
 */
export function codesFor(documents: readonly CodeDocument[], admdvs: string, day: Day): Codes | null {
  const kept = known.get(documents)
  const ofDocuments = kept && kept.size < KEPT ? kept : new Map<string, Codes | null>()
  known.set(documents, ofDocuments)
  const of = `${admdvs} ${day}`
  const codes = ofDocuments.get(of) ?? readCodes(documents, admdvs, day)
  ofDocuments.set(of, codes)
  return codes
}

/** A row of its own first; then "????99": the first four digits are kept. */
function placeMeant({ exact }: Table<string>, code: string): string {
  const own = exact.get(code)
  if (own) return own.to ?? code
  const common = exact.get(`????${code.slice(4)}`)?.to
  return common === undefined ? code : common.replace('????', code.slice(0, 4))
}
