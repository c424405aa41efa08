interface Entry {
  readonly ledger_seq: number
  readonly facts: string
}

/** Running totals as their entries add up, so far. */
export interface CounterFold {
  readonly values: Map<string, number>
  readonly seen: Set<string>
  upto: number
}

export const newFold = (): CounterFold => ({ values: new Map(), seen: new Set(), upto: 0 })

function deltasOf(facts: string): { owner: string; key: string; delta: number }[] | null {
  try {
    const { deltas } = JSON.parse(facts) as { deltas?: unknown }
    if (!Array.isArray(deltas)) return null
    return deltas.every(
      (d) => typeof d?.owner === 'string' && typeof d.key === 'string' && Number.isSafeInteger(d.delta),
    )
      ? deltas
      : null
  } catch {
    return null
  }
}

/** Adds the deltas a row stored with its facts; a row whose deltas cannot be read is a fault of its own. */
export function foldRow(fold: CounterFold, row: Entry): string[] {
  fold.upto = row.ledger_seq
  const deltas = deltasOf(row.facts)
  if (!deltas) return ['the stored facts hold no readable deltas']
  for (const { owner, key, delta } of deltas) {
    const name = `${owner}|${key}`
    fold.values.set(name, (fold.values.get(name) ?? 0) + delta)
  }
  return []
}
