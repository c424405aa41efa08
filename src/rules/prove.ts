import { checkAllCodes, checkVersion, type RuleFault, readFiles } from './check.ts'
import { checkChanges } from './check-structure.ts'
import { isCodesKey, isCodesText, parseCodes } from './codes.ts'
import type { CodesDocument } from './codes-schema.ts'
import { gatherSchemes } from './in-force.ts'
import { type FileFault, parseVersion, sayPath } from './parse.ts'
import type { RepealDocument, VersionDocument } from './schema.ts'

/** A text as the store keeps it. */
export interface VersionText {
  readonly scheme: string
  readonly version: string
  readonly text: string
}

const fileOf = (scheme: string, version: string): string => `${scheme}/${version}.yaml`

type DraftDocument = VersionDocument | RepealDocument | CodesDocument

/** A proposed text by itself: its document, or every fault of form and of names. */
export function readDraft(
  text: string,
): { readonly document: DraftDocument } | { readonly faults: readonly FileFault[] } {
  const parsed = isCodesText(text) ? parseCodes(text, 'draft') : parseVersion(text, 'draft')
  return 'faults' in parsed ? parsed : { document: parsed.document }
}

/** The name under which a document is kept: that of its scheme, or of its code tables. */
export const keyOf = (document: DraftDocument): string => ('codes' in document ? document.codes : document.scheme)

/**
 * What stands against publishing a text among those in force: faults of its own with the bill that shows them, holes
 * where one version hands over to the next, and places that another scheme already covers.
 */
export function proveDraft(text: string, inForce: readonly VersionText[]): readonly RuleFault[] {
  const read = readDraft(text)
  if ('faults' in read) return read.faults
  if ('codes' in read.document) return proveCodes(read.document, text, inForce)
  const { scheme, start, jurisdiction } = read.document
  const others = inForce.filter((one) => one.scheme === scheme && one.version !== start)
  const own = fileOf(scheme, start)
  const files = [...others.map((one) => ({ path: fileOf(scheme, one.version), text: one.text })), { path: own, text }]
  const { loaded, faults } = readFiles(files)
  const draft = loaded.find((one) => one.source.file === own)
  if (!draft) return faults
  const found: RuleFault[] = [...faults, ...checkVersion(draft)]
  for (const one of gatherSchemes(loaded.map((l) => l.version)).flatMap(checkChanges)) {
    const source = loaded.find((l) => l.version.version === one.version)?.source ?? draft.source
    const bill = one.bill === undefined ? {} : { bill: one.bill }
    found.push({
      file: source.file,
      line: source.lineOf(one.path),
      path: sayPath(one.path),
      message: one.message,
      ...bill,
    })
  }
  const taken = placesOf(inForce.filter((one) => one.scheme !== scheme))
  jurisdiction.forEach((place, i) => {
    const holder = taken.get(place)
    const path = ['jurisdiction', i]
    if (holder)
      found.push({
        file: own,
        line: draft.source.lineOf(path),
        path: sayPath(path),
        message: `参保地 ${place} 已由 ${holder} 管辖`,
      })
  })
  return found
}

/** Code tables stand among those of all areas, and name categories of any scheme. */
function proveCodes({ codes: key, start }: CodesDocument, text: string, inForce: readonly VersionText[]) {
  const own = fileOf(key, start)
  const others = inForce
    .map((one) => ({ path: fileOf(one.scheme, one.version), text: one.text }))
    .filter((one) => one.path !== own)
  const { loaded, codes, faults } = readFiles([...others, { path: own, text }])
  const found = checkAllCodes(codes, gatherSchemes(loaded.map((one) => one.version)))
  return [...faults, ...found].filter((one) => one.file === own)
}

function placesOf(texts: readonly VersionText[]): ReadonlyMap<string, string> {
  const taken = new Map<string, string>()
  for (const { scheme, text } of texts) {
    if (isCodesKey(scheme)) continue
    const parsed = parseVersion(text, scheme)
    if ('document' in parsed) for (const place of parsed.document.jurisdiction) taken.set(place, scheme)
  }
  return taken
}
