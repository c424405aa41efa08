import type { Fen } from '../kernel/money.ts'

/**
 * What both sides list, by one published rule: a document counts on the day of its settlement (`setl_day`); a
 * cancellation is a document of its own with negative amounts; `fund` includes medical assistance and excludes the
 * personal account; documents whose fund is zero count. What 2601 took back never happened, for nobody was told of it.
 */
export interface Line {
  readonly id: string
  readonly visit: string | null
  /** Compared as it stands: the caller gives both sides in one form. */
  readonly person: string | null
  readonly medfee: Fen
  readonly fund: Fen
  readonly acct: Fen
  /** Whether it is one half of a refunded pair; null: not said. */
  readonly refunded: boolean | null
}

export interface OwnLine extends Line {
  /** The document this one takes back; hospitals list a cancellation under either number. */
  readonly reverses: string | null
  /** Our own number of the same document. */
  readonly alias: string | null
  readonly assistance: Fen
  readonly refunded: boolean
}

export type Field = 'visit' | 'person' | 'medfee' | 'fund' | 'acct' | 'refunded'

export type Difference<T extends Line, O extends OwnLine> =
  | { readonly kind: 'centre_only'; readonly theirs: null; readonly ours: O }
  | { readonly kind: 'hospital_only'; readonly theirs: T; readonly ours: null }
  | { readonly kind: 'differs'; readonly theirs: T; readonly ours: O; readonly fields: readonly Field[] }
  /** Listed once more than it exists; `first` is the row that counts. */
  | { readonly kind: 'duplicate'; readonly theirs: T; readonly ours: O | null; readonly first: T }

export type DifferenceKind = Difference<Line, OwnLine>['kind']

/**
 * `stmt_rslt` of a row. Clients agree on 000000, 000102 and 000103; 000101 is by analogy with their short forms
 * 0, 1, 2, 3. A row listed twice is one the hospital has more.
 */
export const STMT_RSLT = {
  equal: '000000',
  centre_only: '000101',
  hospital_only: '000102',
  duplicate: '000102',
  differs: '000103',
} as const satisfies Record<DifferenceKind | 'equal', string>

const SHORT: Readonly<Record<string, string>> = { 0: '000000', 1: '000101', 2: '000102', 3: '000103' }

/** A `stmt_rslt` of somebody else in the long form, so that one answer never holds both. */
export const longCode = (code: string): string => SHORT[code] ?? code

export interface Compared<T extends Line, O extends OwnLine> {
  /** In the order of their rows, then what only we have, in the order of ours. */
  readonly differences: readonly Difference<T, O>[]
  readonly equal: number
}

const isNegative = (line: Line): boolean => (line.medfee || line.fund || line.acct) < 0

/** Their rows by the document they mean: `+` a settlement, `-` its cancellation. */
const keyOf = (negative: boolean, id: string): string => (negative ? `-${id}` : `+${id}`)

function indexOf<O extends OwnLine>(ours: readonly O[]): ReadonlyMap<string, O> {
  const index = new Map<string, O>()
  for (const own of ours) {
    const negative = own.reverses !== null
    for (const id of [own.reverses, own.alias]) if (id !== null) index.set(keyOf(negative, id), own)
  }
  // Last, so that a document's own number is never hidden by what another one is also called.
  for (const own of ours) index.set(keyOf(own.reverses !== null, own.id), own)
  return index
}

/**
 * A row marked as refunded that we know as live is a difference; the other way round only where the filter hides
 * the cancellation, for otherwise the missing cancellation is told by itself and many hospitals mark that row alone.
 */
function flagDiffers(theirs: Line, ours: OwnLine, filter: boolean | null): boolean {
  const said = theirs.refunded ?? filter
  return said === true ? !ours.refunded : said === false && ours.refunded && filter === false
}

function fieldsThatDiffer(theirs: Line, ours: OwnLine, filter: boolean | null): Field[] {
  const fields: Field[] = []
  if (theirs.visit !== null && theirs.visit !== ours.visit) fields.push('visit')
  if (theirs.person !== null && theirs.person !== ours.person) fields.push('person')
  if (theirs.medfee !== ours.medfee) fields.push('medfee')
  if (theirs.fund !== ours.fund) fields.push('fund')
  if (theirs.acct !== ours.acct) fields.push('acct')
  if (flagDiffers(theirs, ours, filter)) fields.push('refunded')
  return fields
}

/** Which of our documents each of their rows means; rows whose sign fits none may mean one that nobody else means. */
function targetsOf<T extends Line, O extends OwnLine>(theirs: readonly T[], ours: readonly O[]): (O | undefined)[] {
  const index = indexOf(ours)
  const targets = theirs.map((t) => index.get(keyOf(isNegative(t), t.id)))
  const meant = new Set(targets)
  return targets.map((target, i) => {
    const row = theirs[i]
    if (target !== undefined || row === undefined) return target
    const other = index.get(keyOf(!isNegative(row), row.id))
    return other !== undefined && !meant.has(other) ? other : undefined
  })
}

/** Holds their rows against ours; `filter` keeps only rows of refunded pairs (true), or only the others (false). */
export function reconcile<T extends Line, O extends OwnLine>(
  theirs: readonly T[],
  ours: readonly O[],
  filter: boolean | null = null,
): Compared<T, O> {
  const targets = targetsOf(theirs, ours)
  // Of several rows of one document the first that is right counts, or else the first.
  const counting = new Map<unknown, { row: T; fields: readonly Field[] }>()
  theirs.forEach((row, i) => {
    const own = targets[i]
    const place = own ?? keyOf(isNegative(row), row.id)
    const known = counting.get(place)
    if (known && known.fields.length === 0) return
    const fields = own ? fieldsThatDiffer(row, own, filter) : []
    if (!known || fields.length === 0) counting.set(place, { row, fields })
  })
  const differences: Difference<T, O>[] = []
  let equal = 0
  theirs.forEach((row, i) => {
    const own = targets[i]
    const first = counting.get(own ?? keyOf(isNegative(row), row.id))
    if (first && first.row !== row)
      differences.push({ kind: 'duplicate', theirs: row, ours: own ?? null, first: first.row })
    else if (!own) differences.push({ kind: 'hospital_only', theirs: row, ours: null })
    else if (first && first.fields.length > 0)
      differences.push({ kind: 'differs', theirs: row, ours: own, fields: first.fields })
    else equal++
  })
  for (const own of ours)
    if (!counting.has(own) && (filter === null || own.refunded === filter))
      differences.push({ kind: 'centre_only', theirs: null, ours: own })
  return { differences, equal }
}

/** Their rows as the insurer's platform knows them: without what we added to each document. */
export function lessAssistance<T extends Line>(theirs: readonly T[], ours: readonly OwnLine[]): T[] {
  const targets = targetsOf(theirs, ours)
  return theirs.map((row, i) => ({ ...row, fund: row.fund - (targets[i]?.assistance ?? 0) }))
}
