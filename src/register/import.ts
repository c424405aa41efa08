import { hash } from 'node:crypto'
import { act } from '../access/act.ts'
import { type Caller, may } from '../access/caller.ts'
import { dayOf } from '../kernel/day.ts'
import { randomText } from '../kernel/ids.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import { append } from './append.ts'
import { assess, namesOf, prepare, type RegisterDeps } from './assess.ts'
import { lockRegister } from './queries.ts'
import { type ImportReport, reportOf } from './report.ts'
import { readRoster } from './roster.ts'

/**
 * Reads a roster and tells what it changes; with `apply` the operator of the machine makes it so at once, while staff
 * draft and have a second person approve. Rows that cannot be taken are told and left out. A person whom the file
 * does not mention keeps what they hold: only a stated end ends a holding.
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
  const prepared = prepare(deps.keys, roster.statements)
  if (!apply || prepared.length === 0) {
    const compared = await assess(deps.store.read, deps.store.tables, prepared)
    return reportOf(roster, compared, { applied: false, batch_id: null, file_hash })
  }
  const batch_id = `import-${randomText(16)}`
  return act(deps, caller, 'register.approve', async (tx, t, at) => {
    await lockRegister(tx, t)
    const planned = await assess(tx, t, prepared)
    const batch = await append(tx, t, deps.keys, planned.writes, { id: batch_id, at })
    const result = reportOf(roster, planned, { applied: true, batch_id, file_hash })
    const { counts, faults_by_code } = result
    return {
      result,
      deed: { subject: `register:${batch_id}`, detail: { did: 'import', file_hash, counts, faults_by_code, batch } },
    }
  })
}
