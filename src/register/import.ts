import { hash } from 'node:crypto'
import { act } from '../access/act.ts'
import { type Caller, may } from '../access/caller.ts'
import { dayOf } from '../kernel/day.ts'
import { randomText } from '../kernel/ids.ts'
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'
import { append, knownAmong, sealWrites } from './append.ts'
import { assess, namesOf, prepare, type RegisterDeps } from './assess.ts'
import type { Prepared, RowOutcome } from './plan.ts'
import { lockRegister } from './queries.ts'
import { countsOf, type ImportReport, reportOf } from './report.ts'
import { readRoster } from './roster.ts'

/** Rows a transaction: small enough that a settlement waiting for the writer does not notice. */
const PART = 500

/**
 * Reads a roster and tells what it changes; with `apply` the operator of the machine makes it so at once, while staff
 * draft and have a second person approve. Rows that cannot be taken are told and left out. A person whom the file
 * does not mention keeps what they hold: only a stated end ends a holding. A long roster is written in parts; should
 * it be cut off, importing the same file again writes the rest and nothing twice.
 */
export async function importRoster(
  deps: RegisterDeps,
  caller: Caller,
  bytes: Uint8Array,
  { apply }: { readonly apply: boolean },
): Promise<ImportReport | Refusal> {
  if (!may(caller, 'register.draft')) return refuse('forbidden', '需要权限 register.draft')
  if (apply && caller.kind !== 'operator') return refuse('own_change', '直接导入只限运维人员在服务器上办理')
  const roster = readRoster(bytes, dayOf(deps.now()), await namesOf(deps))
  const file_hash = `sha256:${hash('sha256', bytes, 'hex')}`
  const prepared = await prepare(deps.keys, roster.statements)
  const compared = await assess(deps.store.read, deps.store.tables, prepared)
  if (!apply || prepared.length === 0) return reportOf(roster, compared, { applied: false, batch_id: null, file_hash })
  const batch_id = `import-${randomText(16)}`
  const rows: RowOutcome[] = []
  const faults = compared.faults.filter((f) => !f.rejects)
  for (const [n, part] of partsOf(prepared).entries()) {
    const planned = await writePart(deps, caller, part, `${batch_id}.${n + 1}`, file_hash)
    if (isRefusal(planned)) return planned
    rows.push(...planned.rows)
    faults.push(...planned.faults.filter((f) => f.rejects))
  }
  return reportOf(roster, { rows, faults }, { applied: true, batch_id, file_hash })
}

/** Parts of a roster; the rows of one person, which stand together, stay together. */
function partsOf(prepared: readonly Prepared[]): Prepared[][] {
  const parts: Prepared[][] = []
  let part: Prepared[] = []
  for (const [i, p] of prepared.entries()) {
    if (part.length >= PART && p.blind !== prepared[i - 1]?.blind) {
      parts.push(part)
      part = []
    }
    part.push(p)
  }
  return [...parts, part]
}

function writePart(deps: RegisterDeps, caller: Caller, part: readonly Prepared[], id: string, file_hash: string) {
  return act(deps, caller, 'register.approve', async (tx, t, at) => {
    await lockRegister(tx, t)
    const planned = await assess(tx, t, part)
    const known = await knownAmong(tx, t, planned.writes)
    const ready = { known, writes: sealWrites(deps.keys, planned.writes) }
    const batch = await append(tx, t, ready, { id, at })
    const detail = { did: 'import', file_hash, counts: countsOf(planned.rows, 0), batch }
    return { result: planned, deed: { subject: `register:${id}`, detail } }
  })
}
