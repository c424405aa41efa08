import { canonical, sha256 } from '../kernel/canonical.ts'

type Row = Readonly<Record<string, unknown>> & { readonly id: number }

/** Everything a batch appended, and the people it speaks of, as the store holds them. */
export interface BatchRows {
  readonly people: readonly Row[]
  readonly records: readonly Row[]
  readonly holdings: readonly Row[]
}

/** What the audit record of a batch vouches for: every column of every row, in the order of their numbers. */
export function batchDigest(rows: BatchRows): string {
  const part = (name: string, all: readonly Row[]) =>
    all.toSorted((a, b) => a.id - b.id).map((row) => `${name}:${sha256(canonical(row))}`)
  return sha256(
    [...part('person', rows.people), ...part('person_record', rows.records), ...part('holding', rows.holdings)].join(
      '\n',
    ),
  )
}
