import { act, type Deps } from '../access/act.ts'
import { actorOf, type Caller } from '../access/caller.ts'
import { rowDigest } from '../audit/chain.ts'
import { lockLane } from '../audit/queries.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import type { Hospital } from './hospital.ts'
import { hospitalNow, insertHospitalStatus } from './queries.ts'

export interface StatusChange {
  readonly code: string
  readonly reason: string
}

/** Suspends a hospital: its terminals are refused until it is resumed; what was settled stays settled. */
export const suspend = (deps: Deps, caller: Caller, change: StatusChange) => setSuspended(deps, caller, change, true)

export const resume = (deps: Deps, caller: Caller, change: StatusChange) => setSuspended(deps, caller, change, false)

function setSuspended(
  deps: Deps,
  caller: Caller,
  change: StatusChange,
  suspended: boolean,
): Promise<Hospital | Refusal> {
  return act(deps, caller, 'hospitals.write', async (tx, t, at) => {
    await lockLane(tx, t, 'office')
    const { code, reason } = change
    const hospital = await hospitalNow(tx, t, code)
    if (!hospital) return refuse('record_not_found', `没有定点医疗机构 ${code}`)
    if (hospital.suspended === suspended)
      return refuse('already_done', `医院 ${code} ${suspended ? '已经暂停' : '并未暂停'}`)
    const status = suspended ? 'suspended' : 'designated'
    const row = { hospital_code: code, status, reason, at, by: actorOf(caller) }
    await insertHospitalStatus(tx, t, row)
    const detail = { did: suspended ? 'suspend' : 'resume', rows: [rowDigest('hospital_status', row)] }
    return { result: { ...hospital, suspended }, deed: { subject: `hospital:${code}`, detail } }
  })
}
