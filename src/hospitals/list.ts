import type { Deps } from '../access/act.ts'
import { type Caller, may } from '../access/caller.ts'
import type { Instant } from '../kernel/day.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import type { HisMode, Upstream } from './his.ts'
import type { Hospital } from './hospital.ts'
import { allHisModes, allHospitals, allUpstreams, terminalList } from './queries.ts'

export interface ListedTerminal {
  readonly id: string
  readonly label: string
  readonly signed: boolean
  /** The name it signs headers of the national interface with; null: it need not. */
  readonly paasid: string | null
  /** Its SM2 public key; null: it need not sign its envelopes. */
  readonly sm2: string | null
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

export interface ListedHis {
  readonly code: string
  readonly mode: HisMode
}

/** How every designated hospital stands in the chain, by code. */
export async function listHis(deps: Deps, caller: Caller): Promise<readonly ListedHis[] | Refusal> {
  if (!may(caller, 'hospitals.read')) return forbidden()
  const [hospitals, modes] = [await allHospitals(deps.store), await allHisModes(deps.store)]
  return hospitals.map(({ code }) => ({ code, mode: modes.get(code) ?? 'second_step' }))
}

export interface ListedUpstream extends Omit<Upstream, 'sealed_credential'> {
  readonly credential: boolean
  readonly at: Instant
}

/** The platforms as they stand, by area, without their credentials. */
export async function listUpstreams(deps: Deps, caller: Caller): Promise<readonly ListedUpstream[] | Refusal> {
  if (!may(caller, 'hospitals.read')) return forbidden()
  const all = [...(await allUpstreams(deps.store)).values()].sort((a, b) => (a.admdvs < b.admdvs ? -1 : 1))
  return all.map(({ sealed_credential, ...rest }) => ({ ...rest, credential: sealed_credential !== null }))
}
