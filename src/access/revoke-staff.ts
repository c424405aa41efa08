import { rowDigest } from '../audit/chain.ts'
import { lockLane } from '../audit/queries.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import { act, type Deps } from './act.ts'
import { actorOf, type Caller } from './caller.ts'
import { insertStaffRevocation, staffNow } from './queries.ts'

/** What the account did stays on record; its token counts no more. */
export function revokeStaff(deps: Deps, caller: Caller, id: string): Promise<{ id: string } | Refusal> {
  return act(deps, caller, 'staff.write', async (tx, t, at) => {
    await lockLane(tx, t, 'office')
    const staff = await staffNow(tx, t, id)
    if (!staff) return refuse('record_not_found', `没有工作人员 ${id}`)
    if (staff.revoked) return refuse('already_done', `工作人员 ${id} 的令牌已经停用`)
    const row = { staff_id: id, at, by: actorOf(caller) }
    await insertStaffRevocation(tx, t, row)
    const detail = { did: 'revoke_staff', rows: [rowDigest('staff_revocation', row)] }
    return { result: { id }, deed: { subject: `staff:${id}`, detail } }
  })
}
