/** One measured figure with its target, if it has one. */
export interface Figure {
  readonly part: 'a' | 'b' | 'c' | 'd' | 'e'
  readonly name: string
  readonly value: number
  readonly unit: string
  /** `>= 0.6`: what it must reach. */
  readonly target?: { readonly at: 'least' | 'most'; readonly value: number }
  readonly note?: string
}

export const reached = (f: Figure): boolean | null =>
  f.target === undefined ? null : f.target.at === 'least' ? f.value >= f.target.value : f.value <= f.target.value

export const atLeast = (value: number) => ({ at: 'least', value }) as const
export const atMost = (value: number) => ({ at: 'most', value }) as const

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}

const digits = (n: number): string => (n >= 1000 ? n.toFixed(0) : n >= 100 ? n.toFixed(1) : n.toFixed(2))

/** Columns padded for a terminal; East Asian text does not occur in a figure's name. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((r) => (r[i] ?? '').length)))
  return rows
    .map((r) =>
      r
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

export function figuresTable(figures: readonly Figure[]): string {
  const rows = figures.map((f) => {
    const ok = reached(f)
    const target = f.target ? `${f.target.at === 'least' ? '>=' : '<='} ${f.target.value}` : ''
    return [f.part, f.name, digits(f.value), f.unit, target, ok === null ? '' : ok ? 'reached' : 'MISSED', f.note ?? '']
  })
  return table([['part', 'figure', 'value', 'unit', 'target', '', 'note'], ...rows])
}
