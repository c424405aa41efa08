import type { Deps } from '../access/act.ts'
import { type Caller, may } from '../access/caller.ts'
import type { Instant } from '../kernel/day.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import type { Hospital } from './hospital.ts'
import { allHospitals, terminalList } from './queries.ts'

export interface ListedTerminal {
  readonly id: string
  readonly label: string
  readonly signed: boolean
  readonly created_at: Instant
  readonly revoked_at: Instant | null
}

const forbidden = () => refuse('forbidden', '需要权限 hospitals.read')

export async function listHospitals(deps: Deps, caller: Caller): Promise<readonly Hospital[] | Refusal> {
  return may(caller, 'hospitals.read') ? allHospitals(deps.store) : forbidden()
}

/** Terminals of a hospital, without their keys: those are told once. */
export async function listTerminals(
  deps: Deps,
  caller: Caller,
  hospital: string,
): Promise<readonly ListedTerminal[] | Refusal> {
  if (!may(caller, 'hospitals.read')) return forbidden()
  const rows = await terminalList(deps.store, hospital)
  return rows.map(({ signing_key, ...rest }) => ({ ...rest, signed: signing_key !== null }))
}
