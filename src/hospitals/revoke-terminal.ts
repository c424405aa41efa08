import { act, type Deps } from '../access/act.ts'
import { actorOf, type Caller } from '../access/caller.ts'
import { rowDigest } from '../audit/chain.ts'
import { lockLane } from '../audit/queries.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import { insertTerminalRevocation, terminalNow } from './queries.ts'

/** A revoked key stays revoked; a terminal that is needed again is added again. */
export function revokeTerminal(deps: Deps, caller: Caller, id: string): Promise<{ id: string } | Refusal> {
  return act(deps, caller, 'hospitals.write', async (tx, t, at) => {
    await lockLane(tx, t, 'office')
    const terminal = await terminalNow(tx, t, id)
    if (!terminal) return refuse('record_not_found', `没有终端 ${id}`)
    if (terminal.revoked) return refuse('already_done', `终端 ${id} 已经停用`)
    const row = { terminal_id: id, at, by: actorOf(caller) }
    await insertTerminalRevocation(tx, t, row)
    const detail = { did: 'revoke_terminal', rows: [rowDigest('terminal_revocation', row)] }
    return { result: { id }, deed: { subject: `terminal:${id}`, detail } }
  })
}
