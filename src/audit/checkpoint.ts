import type { Deps } from '../access/act.ts'
import { type Caller, may } from '../access/caller.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import { type Checkpoint, signCheckpoint } from './chain.ts'
import { laneHeads } from './queries.ts'

/** The heads of all lanes now, to be kept outside this machine. */
export async function takeCheckpoint(deps: Deps, caller: Caller): Promise<Checkpoint | Refusal> {
  if (!may(caller, 'audit.read')) return refuse('forbidden', '需要权限 audit.read')
  return signCheckpoint(deps.keys, { at: deps.now(), lanes: await laneHeads(deps.store) })
}
