import { act, type Deps } from '../access/act.ts'
import { actorOf, type Caller } from '../access/caller.ts'
import { rowDigest } from '../audit/chain.ts'
import { lockLane } from '../audit/queries.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import type { Hospital } from './hospital.ts'
import { hospitalNow, insertHospital, insertHospitalStatus } from './queries.ts'

export type Designation = Omit<Hospital, 'suspended'>

/** Designates a hospital (定点): from now on its terminals may settle. */
export function designate(deps: Deps, caller: Caller, hospital: Designation): Promise<Hospital | Refusal> {
  return act(deps, caller, 'hospitals.write', async (tx, t, at) => {
    await lockLane(tx, t, 'office')
    const { code, name, level, admdvs } = hospital
    if (await hospitalNow(tx, t, code)) return refuse('already_done', `医院 ${code} 已是定点医疗机构`)
    const row = { code, name, level, admdvs, designated_at: at }
    const status = { hospital_code: code, status: 'designated', reason: '定点', at, by: actorOf(caller) }
    await insertHospital(tx, t, row)
    await insertHospitalStatus(tx, t, status)
    const rows = [rowDigest('hospital', row), rowDigest('hospital_status', status)]
    const result = { code, name, level, admdvs, suspended: false }
    return { result, deed: { subject: `hospital:${code}`, detail: { did: 'designate', level, admdvs, rows } } }
  })
}
