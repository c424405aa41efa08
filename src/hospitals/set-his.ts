import { act, type Deps } from '../access/act.ts'
import { actorOf, type Caller } from '../access/caller.ts'
import { rowDigest } from '../audit/chain.ts'
import { lockLane } from '../audit/queries.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import { type HisMode, type NewUpstream, sealCredential } from './his.ts'
import type { ListedUpstream } from './list.ts'
import { hisModeNow, hospitalNow, insertHospitalHis, insertUpstream } from './queries.ts'

export interface HospitalHis {
  readonly code: string
  readonly mode: HisMode
}

/** How a hospital stands in the chain from now on; what was settled before stays as it was settled. */
export function setHis(deps: Deps, caller: Caller, { code, mode }: HospitalHis): Promise<HospitalHis | Refusal> {
  return act(deps, caller, 'hospitals.write', async (tx, t, at) => {
    await lockLane(tx, t, 'office')
    if (!(await hospitalNow(tx, t, code))) return refuse('record_not_found', `没有定点医疗机构 ${code}`)
    if ((await hisModeNow(tx, t, code)) === mode) return refuse('already_done', `医院 ${code} 的接入方式已是 ${mode}`)
    const row = { hospital_code: code, mode, at, by: actorOf(caller) }
    await insertHospitalHis(tx, t, row)
    const detail = { did: 'set_his', mode, rows: [rowDigest('hospital_his', row)] }
    return { result: { code, mode }, deed: { subject: `hospital:${code}`, detail } }
  })
}

/** Where the insurance platform of an area answers from now on. */
export function setUpstream(deps: Deps, caller: Caller, upstream: NewUpstream): Promise<ListedUpstream | Refusal> {
  const { credential, admdvs, url, style, timeout_ms } = upstream
  const sealed_credential = credential ? sealCredential(deps.keys, admdvs, credential) : null
  return act(deps, caller, 'hospitals.write', async (tx, t, at) => {
    const stated = { admdvs, url, style, timeout_ms }
    const row = { ...stated, sealed_credential, at, by: actorOf(caller) }
    await insertUpstream(tx, t, row)
    const detail = { did: 'set_upstream', url, style, timeout_ms, rows: [rowDigest('his_upstream', row)] }
    const result = { ...stated, credential: credential !== undefined, at }
    return { result, deed: { subject: `upstream:${admdvs}`, detail } }
  })
}
